"""记录会议: the roll and each person's discussion and vote on one form; one press records the meeting and an act in each case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.response import Redirect

from core.activities.asked import Vocabulary, asked
from core.activities.check import Counted, kinds_of
from core.activities.files import add
from core.activities.model import KINDS, STATES
from core.activities.queries import activity
from core.activities.roll import Entitled, roll_of
from core.activities.service import hold
from core.casework.acts.meeting import MOST, at_hand, figures, steps_of
from core.casework.acts.record import record
from core.casework.acts.refused import Reason
from core.errors import Forbidden, NotFound
from core.files.kinds import TAKEN
from core.organisation.access import NO_SUCH_UNIT, access_unit
from core.organisation.model import UnitView, level_of
from core.organisation.queries import children
from tenants.database.session import current_session
from tenants.policies.regimes import regime_of_path
from web.cases.file.opened import open_file
from web.cases.meeting.sheet import AGAIN, Person, common, person, taken
from web.cases.record.people import choose, offer
from web.kit.activity import again, draft_of
from web.kit.asked.blocks import row_fields
from web.kit.asked.evidence import evidence_of
from web.kit.draft import Draft, discard_once_kept, keep, kept
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.query import Text, unit_asked
from web.kit.requests import Request
from web.kit.uploads import brought


class Outcome(msgspec.Struct, frozen=True):
    """Why one of them could not be recorded: with rules, or a sentence."""

    person: Person
    sentence: str
    reasons: tuple[Reason, ...] = ()


class Meeting(msgspec.Struct, frozen=True):
    """The meeting that the form is about: its unit, kind and day, 应到, and who can be decided on."""

    unit: UnitView
    kind: str
    day: date
    roll: list[Entitled]
    people: list[Person]

    @property
    def entitled(self) -> list[Entitled]:
        """Who has a vote."""
        return [one for one in self.roll if not one.why_not]

    @property
    def others(self) -> list[Entitled]:
        """Members without a vote."""
        return [one for one in self.roll if one.why_not]


class MeetingPages(Controller):
    """/cases/meeting."""

    path = "/cases/meeting"

    @get("/")
    async def ask(
        self, here: FromHere, unit: Text = "", kind: Text = "", day: Text = "", like: Text = ""
    ) -> Page:
        """The form for a unit, a kind of meeting and a day: his own, the first, today where nothing is said; `like` an earlier
        one, whose particulars are filled in."""
        earlier = unit_asked(like)
        form = again(await activity(here.actor, earlier)) if earlier else Form.blank(kind=kind)
        form.put("unit", unit)
        form.put("day", day or str(here.today))
        chosen, named = await _which(here, form)
        draft = None if earlier else await kept(here, form_at(chosen, named))
        if draft:
            form = draft.form()
            form.put("unit", str(chosen.id))
            form.put("kind", named)
            form.put("day", day or form.value("day"))
        return await _form_page(here, await _meeting(here, form), form, draft=draft)

    @post("/")
    async def save(self, here: FromHere, request: Request) -> Page | Redirect:
        """Record it all, or nothing and say why."""
        form = await Form.of(request)
        meeting = await _meeting(here, form, lock=True)
        if form.value("kind") not in ("", meeting.kind):
            raise NotFound(f"{meeting.unit.short_name}不召开这种会议。请重新选择。")
        files = await brought(here, request, form)
        if form.value("more"):
            return await _form_page(here, meeting, form)
        outcomes: list[Outcome] = []
        before = await current_session().mark()
        async with attempt(form):
            draft = draft_of(form, meeting.unit.id, meeting.kind, meeting.day, meeting.entitled)
            form.check()
            activity_id, counted = await hold(here.actor, draft, regime_of_path, here.today)
            if files:
                await add(here.actor, activity_id, *files)
            there = taken(meeting.people, form)
            for block in (common(there), *(one.own for one in there)):
                await choose(here, meeting.unit.id, block, form, meeting.day)
            outcomes = [
                bad for one in there if (bad := await _act(here, meeting, one, form, activity_id, counted))
            ]
            form.check("有人的记录没有填对，会议和各人的记录都还没有写入。请按下面的提示改正。")
            if not outcomes:
                names = "、".join(one.file.name for one in there)
                said = f"已记录{KINDS[meeting.kind].title}" + (
                    f"，并记入 {len(there)} 人的档案：{names}。" if there else "。"
                )
                discard_once_kept(request, here, form_at(meeting.unit, meeting.kind))
                return see_other(f"/activities/{activity_id}", here.say(said))
        if outcomes:
            await before.undo()
            current_session().refused = True
            form.status = 422
        await keep(request, here, form_at(meeting.unit, meeting.kind), form)
        return await _form_page(here, meeting, form, outcomes)


def form_at(unit: UnitView, kind: str) -> str:
    """The address of the form of a kind of meeting of a unit."""
    return f"/cases/meeting?unit={unit.id}&kind={kind}"


async def _which(here: Here, form: Form) -> tuple[UnitView, str]:
    """The unit and the kind of meeting that the form names, or the first where it names none."""
    units = await _units(here)
    chosen = form.value("unit")
    unit = next((one for one in units if str(one.id) == chosen), None if chosen else units[0])
    if unit is None:
        raise NotFound(NO_SUCH_UNIT)
    kinds = kinds_of(unit)
    return unit, form.value("kind") if form.value("kind") in kinds else next(iter(kinds))


async def _meeting(here: Here, form: Form, *, lock: bool = False) -> Meeting:
    unit, kind = await _which(here, form)
    day = form.day("day") or here.today
    roll = await roll_of(unit, day, kind)
    people = []
    found = (await at_hand(unit.path, level_of(unit.kind)))[:MOST] if KINDS[kind].decides else ()
    for case_id in sorted(found):  # two who record at once lock them in the same order
        file = await open_file(here, case_id, lock=lock)
        people += [
            person(here, file, step, form) for step in steps_of(here.actor, file.matter, kind, here.today)
        ]
    return Meeting(unit, kind, day, roll, sorted(people, key=lambda one: one.file.detail.line.py))


async def _units(here: Here) -> list[UnitView]:
    """The units at which he records meetings, the lowest last held first, then the groups of his branches. Raises Forbidden where
    there is none."""
    held = [one for one in here.actor.holdings if "activity.record" in one.capabilities]
    units = [await access_unit(here.actor, one.unit_id) for one in held]
    for branch in [one for one in units if one.kind == "branch"]:
        units += [one for one in await children(here.actor, branch.id) if one.kind == "group"]
    fitting = [one for one in units if kinds_of(one)]
    if not fitting:
        raise Forbidden("您没有记录会议的职务。党员大会由党支部记录，党委会由党委记录，请交由他们办理。")
    return fitting


async def asked_at(unit: UnitView) -> Vocabulary:
    """What the policies in force there want to have written down."""
    return asked(await regime_of_path(unit.path), unit.kind)


async def _act(
    here: Here, meeting: Meeting, one: Person, form: Form, activity_id: UUID, counted: Counted
) -> Outcome | None:
    """Record what was decided on one of them; None when it is written. What is wrong with his fields stands on the form."""
    mine = one.form(form)
    async with attempt(mine):
        for field, said in figures(one.sheet.rules, counted).items():
            mine.put(field, said)
        evidence = evidence_of(one.sheet.step, meeting.day, here.today, one.whole, mine)
        await record(
            here.actor, one.file.matter, one.sheet.step, meeting.day, evidence,
            seen_version=form.counted(f"{one.prefix}version") or 0, today=here.today, activity=activity_id,
            again=mine.flag(AGAIN),
        )  # fmt: skip
        return None
    for field, sentence in mine.errors.items():
        form.refuse(one.named(field), sentence)
    if mine.stale:  # what changed is said below: what is sent next is meant against this version
        form.put(f"{one.prefix}version", str(one.file.version))
    changes = "".join(mine.changes)
    return Outcome(one, f"{mine.sentence}{changes}", mine.reasons)


async def _form_page(
    here: Here, meeting: Meeting, form: Form, outcomes: Sequence[Outcome] = (), draft: Draft | None = None
) -> Page:
    shared = common(meeting.people)
    for block in (shared, *(one.own for one in meeting.people)):
        await offer(here, meeting.unit.id, block, form, meeting.day)
    return page(
        "cases/meeting.html",
        status=form.status,
        form=form,
        meeting=meeting,
        units=await _units(here),
        kinds=kinds_of(meeting.unit),
        states=STATES,
        counted=KINDS[meeting.kind].counted,
        asked=await asked_at(meeting.unit),
        shared=shared,
        outcomes=outcomes,
        draft=draft,
        draft_at=form_at(meeting.unit, meeting.kind),
        accepted=TAKEN,
        refused={one.person.file.id for one in outcomes},
        row_fields=row_fields,
        pick_unit=meeting.unit.id,
    )
