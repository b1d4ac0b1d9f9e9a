"""Facts about the person that rules ask for, and remarks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from core.actor import Actor
from core.casework.acts.days import check_dates, check_day
from core.casework.acts.entries import NewEntry, refuse_ended, refuse_stale
from core.casework.acts.write import write
from core.casework.levels import usual_level
from core.casework.matter import Matter
from core.casework.model import LoadedCase, Written
from core.errors import Conflict, Invalid
from core.register.service import replace_tags
from core.text import LONGEST_REMARK, one_line, refuse_malformed, remark
from dangwu import Regime, explain


async def change_facts(
    actor: Actor,
    matter: Matter,
    day: date,
    *,
    seen_version: int,
    today: date,
    tags: frozenset[str] | None = None,
    dates: Mapping[str, date] | None = None,
    note: str = "",
) -> Written:
    """From `day` on the person has exactly these tags, and these dates besides those known (None: unchanged).

    The register follows. Raises Stale, Forbidden, Invalid.
    """
    case = matter.case
    actor.require("case.record", case.path)
    refuse_ended(case)
    refuse_stale(case, seen_version, matter.regime)
    check_day(case, matter.regime, day, today)
    if tags is None and dates is None:
        raise Invalid("没有填写要变更的情况。请勾选特征，或填写日期。")
    refuse_malformed("dates", dates or ())
    check_dates(case.born, matter.regime, dates or {})
    refuse_malformed("tags", tags or ())
    evidence = {"tags": sorted(tags) if tags is not None else None, "dates": dates}
    level = usual_level(actor, case, "case.record")
    entry = NewEntry(kind="facts", day=day, entered=today, evidence=evidence, note=remark(note), level=level)
    written = await write(actor, matter, entry, today, "facts")
    if tags is not None:
        await replace_tags(actor, case.person_id, tags, day)
    return written


def dates_asked(regime: Regime, procedure: str, known: Iterable[str] = ()) -> dict[str, str]:
    """The dates of a person that some rule looks at (graduation …), and those `known` of him already: id → title."""
    asked = {
        name
        for bound in regime.bound
        if bound.rule.procedure == procedure
        for facet in bound.facets.values()
        for name in facet.facts_asked()
    }
    return {name: explain.title(regime, name) for name in sorted(asked.union(known))}


async def add_note(
    actor: Actor, matter: Matter, text: str, *, today: date, attachments: Sequence[UUID] = ()
) -> Written:
    """A remark, with attachments if any; it changes no standing, so nobody has to have seen the newest entry, and a case that has
    ended takes it too. Raises Forbidden, Invalid."""
    case = matter.case
    actor.require("case.record", case.path)
    note = one_line("note", "备注", text, most=LONGEST_REMARK)
    _refuse_twice(actor, case, note, attachments)
    level = usual_level(actor, case, "case.record")
    entry = NewEntry(kind="note", day=today, entered=today, note=note, attachments=attachments, level=level)
    return await write(actor, matter, entry, today, "noted")


def _refuse_twice(actor: Actor, case: LoadedCase, note: str, attachments: Sequence[UUID]) -> None:
    # The same form sent twice: nothing was written in between.
    latest = case.entries[-1] if case.entries else None
    if latest and (latest.kind, latest.by_id, latest.note) == ("note", actor.id, note) and not attachments:
        raise Conflict("这条备注刚刚已经记下，没有再记一次。", code="twice")
