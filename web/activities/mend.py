"""更正 and 撤销 of an activity: what it changes is shown first, then it is done."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.activities.amend import LONGEST_REASON, Amendment, Said, amended, correct, to_change, withdraw
from core.activities.asked import asked
from core.activities.check import kinds_of
from core.activities.model import STATES, Activity
from core.activities.roll import roll_of
from core.casework.lists.held import standing_at
from core.changes.amend import Takes, ends, takes
from core.errors import Conflict
from core.organisation.access import access_unit
from dangwu import Titles
from tenants.database.session import current_session
from tenants.policies.regimes import regime_of_path, regimes_of_paths
from web.activities.follow import Followed, followed
from web.activities.words import Difference, Owed, differences, owed
from web.kit.activity import draft_of, form_of
from web.kit.draft import Draft, begun, discard_once_kept, keep
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.procedures import step_title
from web.kit.requests import Request
from web.kit.shown import was_shown
from web.kit.units import way_down


class Shown(msgspec.Struct, frozen=True):
    """What a change will change; `apart` are records in cases that stay as they are: whose, of which step, and the case; `follow`
    those that are put right with it."""

    changes: list[Difference]
    lost: list[Owed]
    won: list[Owed]
    apart: list[tuple[str, str, UUID]]
    others: int
    follow: list[Followed]

    @classmethod
    def of(cls, changes: list[Difference], found: Takes, follow: Sequence[Followed] = ()) -> Shown:
        """For its page."""
        known = Titles.of(found.duties.regime)
        apart = [(one.person_name, step_title(one.step), one.case_id) for one in found.apart if not follow]
        return cls(
            changes,
            owed(found.duties.lost, known),
            owed(found.duties.won, known),
            apart,
            found.others,
            [*follow],
        )

    @property
    def stops(self) -> bool:
        """Whether one of the records cannot be put right so."""
        return any(one.refused for one in self.follow)


class MendPages(Controller):
    """/activities/{id}/correct and /withdraw."""

    path = "/activities/{activity_id:uuid}"

    @get("/correct")
    async def correct_form(self, here: FromHere, activity_id: FromPath[UUID]) -> Page:
        """The record as it stands, to be changed."""
        found, was = await to_change(here.actor, activity_id)
        form = form_of(was.content, was.roll)
        form.put("kind", found.kind)
        form, draft = await begun(here, _at(found, "correct"), form)
        return await _correct_page(here, found, was, form, draft=draft)

    @post("/correct")
    async def correct(self, here: FromHere, request: Request, activity_id: FromPath[UUID]) -> Page | Redirect:
        """Show what it changes; once that has been shown, do it."""
        form = await Form.of(request)
        found, was = await to_change(here.actor, activity_id)
        shown: Shown | None = None
        async with attempt(form):
            reason = form.text("reason", "更正的原因", longest=LONGEST_REASON)
            change = await _amended(here, found, form)
            effect = await takes(here.actor, change, regimes_of_paths, here.today)
            form.check()
            before = await current_session().mark()
            with_acts = effect.apart if form.flag("acts") else ()
            follow = await followed(here, change, with_acts, reason)
            known = Titles.of(effect.duties.regime)
            shown = Shown.of(differences(change.was, change.now, known), effect, follow)
            if was_shown(form, change.now, found.version, effect.apart, follow) and not shown.stops:
                await correct(here.actor, change, reason, form.version())
                discard_once_kept(request, here, _at(found, "correct"))
                said = f"各人档案里的 {len(follow)} 条记录一并处理。" if follow else ""
                return see_other(f"/activities/{found.id}", here.say(f"已更正。{said}原来的记录保留。"))
            await before.undo()
        await keep(request, here, _at(found, "correct"), form)
        return await _correct_page(here, found, was, form, shown)

    @get("/withdraw")
    async def withdraw_form(self, here: FromHere, activity_id: FromPath[UUID]) -> Page:
        """What it would take away, and why not to, if it cannot be withdrawn."""
        found, _ = await to_change(here.actor, activity_id)
        return await _withdraw_page(here, found, *await begun(here, _at(found, "withdraw"), Form.blank()))

    @post("/withdraw")
    async def withdraw(
        self, here: FromHere, request: Request, activity_id: FromPath[UUID]
    ) -> Page | Redirect:
        """Do it: the page has shown what it takes away."""
        form = await Form.of(request)
        found, was = await to_change(here.actor, activity_id)
        async with attempt(form):
            reason = form.text("reason", "撤销的原因", longest=LONGEST_REASON)
            form.check()
            await ends(found, regimes_of_paths, here.today)
            await withdraw(here.actor, found, was, reason, form.version())
            discard_once_kept(request, here, _at(found, "withdraw"))
            return see_other(
                f"/activities/{found.id}", here.say("已撤销。记录和原因保留在这里，不再计入职责和学时。")
            )
        return await _withdraw_page(here, found, form)


def _at(found: Activity, act: str) -> str:
    return f"/activities/{found.id}/{act}"


async def _amended(here: Here, found: Activity, form: Form) -> Amendment:
    """What was typed, as a change."""
    unit = await access_unit(here.actor, found.unit_id, "activity.record")
    kinds = kinds_of(unit)
    kind = form.choice("kind", "活动", list(kinds)) or found.kind
    day = form.day("day") or found.day
    roll = await roll_of(unit, day, kind)
    draft = draft_of(form, unit.id, kind, day, [one for one in roll if not one.why_not])
    form.check()
    return await amended(here.actor, found.id, draft, regime_of_path, here.today)


async def _correct_page(
    here: Here, found: Activity, was: Said, form: Form, shown: Shown | None = None, draft: Draft | None = None
) -> Page:
    unit = await access_unit(here.actor, found.unit_id, "activity.record")
    kinds, day = kinds_of(unit), form.day("day") or found.day
    kind = form.value("kind") if form.value("kind") in kinds else found.kind
    held = kinds.get(kind)
    roll = await roll_of(unit, day, kind)
    form.against(found.version)
    return page(
        "activities/correct.html",
        status=form.status,
        form=form,
        one=found,
        units=await way_down(found.path),
        kinds=kinds,
        kind=kind,
        day_of=day,
        counted=held.counted if held else True,
        roll=[one for one in roll if not one.why_not],
        others=[one for one in roll if one.why_not],
        states=STATES,
        acts=await standing_at(found.id),
        asked=asked(await regime_of_path(found.path), unit.kind, was.content),
        shown=shown,
        version=form.seen_version(found.version),
        draft=draft,
        draft_at=_at(found, "correct"),
    )


async def _withdraw_page(here: Here, found: Activity, form: Form, draft: Draft | None = None) -> Page:
    shown: Shown | None = None
    try:
        shown = Shown.of([], await ends(found, regimes_of_paths, here.today))
    except Conflict as cannot:
        form.take(cannot)
    form.against(found.version)
    return page(
        "activities/withdraw.html",
        status=form.status,
        form=form,
        one=found,
        units=await way_down(found.path),
        shown=shown,
        version=form.seen_version(found.version),
        draft=draft,
        draft_at=_at(found, "withdraw"),
    )
