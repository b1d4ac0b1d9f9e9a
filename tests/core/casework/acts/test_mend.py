"""What is put right where later records rest on it: asked for, answered by the level above; what follows for who asked and where
it was decided."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import pytest

from core.activities.model import ActivityDraft
from core.activities.queries import activity
from core.activities.service import hold
from core.actor import Actor
from core.casework.access import access_case, take_up
from core.casework.acts.answer import answer
from core.casework.acts.correct import correct
from core.casework.acts.record import record
from core.casework.acts.strike import strike
from core.casework.lists.acted import acted
from core.casework.lists.held import held_at, standing_at
from core.casework.lists.tasks import waiting
from core.casework.lists.workbench import recent_events
from core.changes.amend import ends
from core.database import execute, fetchval
from core.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from core.notices.sources.cases import from_cases
from dangwu import Regime, least
from tenants.database.session import county_session
from tests.core.casework.cases import begun, version_of
from tests.core.conftest import TODAY, Clerks, applicant, with_roles

DECIDED, FILED, ONE_DAY = date(2026, 6, 10), date(2026, 6, 20), timedelta(days=1)


class Filed(NamedTuple):
    """A case whose decision was taken at a meeting, and filed by the committee on top of it."""

    case: UUID
    meeting: UUID
    decision: UUID


async def record_of(case: UUID, step: str, kind: str = "record") -> UUID:
    """The newest entry of a step."""
    found: UUID = await fetchval(
        "select id from case_entry where case_id = $1 and step = $2 and kind = $3 order by seq desc limit 1",
        case, step, kind,
    )  # fmt: skip
    return found


async def filed(clerks: Clerks, name: str) -> Filed:
    """Call it inside a session."""
    world = clerks.world
    case = await begun(clerks, name, date(2026, 6, 1))
    await clerks.do(case, "applicant-talk", date(2026, 6, 5), today=TODAY)

    async def regime_at(path: str) -> Regime:
        return clerks.regime

    draft = ActivityDraft(
        kind="branch-committee-meeting", unit_id=world.east.id, day=DECIDED, eligible=5, present=5, agenda=name
    )  # fmt: skip
    meeting, _ = await hold(world.secretary, draft, regime_at, TODAY)
    matter = await take_up(world.secretary, case, clerks.regime_for)
    [whole] = least(clerks.regime, matter.case.case, "activist-decision", DECIDED)
    written = await record(
        world.secretary, matter, "activist-decision", DECIDED, whole, seen_version=matter.case.version, today=TODAY,
        activity=meeting,
    )  # fmt: skip
    await clerks.do(case, "activist-filing", FILED, today=TODAY)
    return Filed(case, meeting, written.entry_id)


async def asked(clerks: Clerks, one: Filed, kind: str, actor: Actor | None = None) -> UUID:
    """The branch asks to have its decision struck out, or dated a day earlier; the request."""
    world = clerks.world
    who = actor or world.secretary
    matter = await take_up(who, one.case, clerks.regime_for)
    known: dict[str, Any] = {"seen_version": matter.case.version, "today": TODAY}
    if kind == "strike":
        await strike(who, matter, one.decision, "记到了同名的人", **known)
    else:
        [entry] = [entry for entry in matter.case.entries if entry.id == one.decision]
        await correct(
            who, matter, one.decision, DECIDED - ONE_DAY, entry.evidence, "会议是前一天开的", **known
        )
    return await record_of(one.case, "activist-decision", f"{kind}-request")


async def answered(
    clerks: Clerks, one: Filed, request: UUID, granted: bool, note: str = "", actor: Actor | None = None
) -> None:
    """By the committee."""
    who = actor or clerks.world.committee
    matter = await take_up(clerks.world.organizer, one.case, clerks.regime_for)
    await answer(who, matter, request, granted, note, seen_version=matter.case.version, today=TODAY)


async def told(actor: Actor, case: UUID) -> list[str]:
    """Of which answers somebody is told in a case."""
    return [
        one.what
        for one in await from_cases(actor, date.today(), 0)
        if one.kind == "answered" and one.subject == case
    ]


async def decided_on(clerks: Clerks, case: UUID) -> date | None:
    """On which day the decision counts as taken."""
    matter = await take_up(clerks.world.organizer, case, clerks.regime_for, lock=False)
    return matter.on(TODAY).standing.steps["activist-decision"].began


@pytest.mark.parametrize(
    ("kind", "granted", "stands", "day"),
    [
        ("strike", True, (0, True, True), None),
        ("strike", False, (1, False, False), DECIDED),
        ("correction", True, (1, False, True), DECIDED - ONE_DAY),
        ("correction", False, (1, False, False), DECIDED),
    ],
)
async def test_an_answer_reaches_the_meeting_and_who_asked(
    clerks: Clerks, kind: str, granted: bool, stands: tuple[int, bool, bool], day: date | None
) -> None:
    """A meeting whose one record was struck out by the committee's leave can be withdrawn; whoever asked is told, be it of a
    correction or of a strike."""
    world = clerks.world
    async with county_session(world.county):
        one = await filed(clerks, f"请求人{kind}{granted}")
        request = await asked(clerks, one, kind)
        assert (await standing_at(one.meeting), await decided_on(clerks, one.case)) == (1, DECIDED), (
            "nothing yet"
        )
        assert await told(world.secretary, one.case) == []
        await answered(clerks, one, request, granted, "" if granted else "会议记录上有")
        [line] = await held_at(world.organizer, one.meeting)
        assert (await standing_at(one.meeting), line.struck, line.corrected) == stands
        assert await decided_on(clerks, one.case) == day
        said = "correction-granted" if granted else "correction-refused"
        assert await told(world.secretary, one.case) == [f"{said}:activist-decision"]
        assert await told(world.committee, one.case) == []
        held = await activity(world.secretary, one.meeting)

        async def regimes_for(paths: Iterable[str]) -> dict[str, Regime]:
            return dict.fromkeys(paths, clerks.regime)

        if stands[0]:
            with pytest.raises(Conflict, match="记在 1 份档案里，会议不能撤销"):
                await ends(held, regimes_for, TODAY)
        else:
            assert (await ends(held, regimes_for, TODAY)).apart == ()


async def test_only_the_level_that_was_asked_answers_and_once(clerks: Clerks) -> None:
    """Nobody answers himself, the branch not for the committee; a no says why; nothing is asked or answered twice."""
    world = clerks.world
    async with county_session(world.county):
        one = await filed(clerks, "被请求人")
        before = await waiting(world.committee)
        request = await asked(clerks, one, "strike")
        assert await waiting(world.committee) == before + 1
        both = with_roles("兼职", ("committee-secretary", world.town), ("branch-secretary", world.east))
        for refused, said, attempt in (
            (Conflict, "已经有一份更正请求在等上级答复", asked(clerks, one, "strike")),
            (Conflict, "已经有一份更正请求在等上级答复", asked(clerks, one, "correction")),
            (Forbidden, "由基层党委有审查职责的人员答复", answered(clerks, one, request, True, actor=world.organizer)),
            (Forbidden, "须由基层党委的其他人员答复", answered(clerks, one, request, True, actor=world.secretary)),
            (Invalid, "没有填写不同意的原因", answered(clerks, one, request, False)),
            (NotFound, "没有这份更正请求", answered(clerks, one, one.decision, True)),
        ):  # fmt: skip
            with pytest.raises(refused, match=said):
                await attempt
        assert await version_of(one.case) == 5, "nothing was written"
        await answered(clerks, one, request, True, actor=both)
        with pytest.raises(Conflict, match="已经有了答复"):
            await answered(clerks, one, request, True)
        with pytest.raises(Conflict, match="已经作为误记撤销"):
            await asked(clerks, one, "strike")
        kinds = {event.kind for event in await recent_events(world.secretary) if event.case_id == one.case}
        assert {"correction-asked", "correction-granted"} <= kinds


async def test_a_request_is_answered_by_what_it_means_now(clerks: Clerks) -> None:
    """Whoever answers has seen the newest entry, and agrees to no more than his level can."""
    world = clerks.world
    async with county_session(world.county):
        one = await filed(clerks, "久候人")
        request = await asked(clerks, one, "correction")
        matter = await take_up(world.committee, one.case, clerks.regime_for)
        with pytest.raises(Stale) as stale:
            await answer(
                world.committee, matter, request, True, "", seen_version=matter.case.version - 1, today=TODAY
            )
        assert stale.value.changes == (
            f"李书记（党支部）请求更正“推荐和确定入党积极分子”，{DECIDED - ONE_DAY}。",
        )
        case = await access_case(world.organizer, one.case)
        assert [entry.asks for entry in case.entries if entry.id == request] == ["committee"]


async def test_what_somebody_had_a_part_in_is_what_holds_of_it(clerks: Clerks) -> None:
    """As a record says now: not what was struck out or put right, nor what is only asked for; and only to who sees the case."""
    world = clerks.world
    async with county_session(world.county):
        helper = await applicant(world, "帮忙的人", date(1980, 5, 6))
        one = await filed(clerks, "被帮的人")

        async def names(entry: UUID) -> None:
            await execute(
                "insert into case_named (person_id, case_id, entry_id, facet) values ($1, $2, $3, 'vote')",
                helper, one.case, entry,
            )  # fmt: skip

        async def parts(actor: Actor = world.committee) -> list[tuple[str, date]]:
            return [(found.step, found.day) for found in await acted(actor, helper)]

        assert await parts() == []
        await names(one.decision)
        decided = [("activist-decision", DECIDED)]
        assert await parts() == await parts(world.secretary) == decided
        assert await parts(with_roles("他处", ("branch-secretary", world.far))) == []
        request = await asked(clerks, one, "correction")
        await names(request)
        assert await parts() == decided, "it is only asked for"
        await answered(clerks, one, request, False, "会议记录写的就是这一天")
        assert await parts() == decided
        request = await asked(clerks, one, "correction")
        await names(request)
        await answered(clerks, one, request, True)
        assert await parts() == [("activist-decision", DECIDED - ONE_DAY)]
        request = await asked(clerks, one, "strike")
        assert await parts() == [("activist-decision", DECIDED - ONE_DAY)]
        await answered(clerks, one, request, True)
        assert await parts() == []
