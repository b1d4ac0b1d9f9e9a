"""“一般”: the level that a rule names agrees, in writing and beforehand, that a demand on a step does not bind this case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from msgspec.structs import replace

from core.actor import Actor
from core.casework.acts.days import check_day
from core.casework.acts.entries import NewEntry, refuse_ended, refuse_stale
from core.casework.acts.record import rules_of
from core.casework.acts.refused import refused
from core.casework.acts.resets import refuse_own_resets
from core.casework.acts.write import write
from core.casework.levels import levels_before, platform_level, refuse_unfit
from core.casework.matter import Matter
from core.casework.model import Written
from core.errors import Forbidden
from core.text import one_line
from dangwu import Exemption, agreeing, explain, not_exempt, rank


async def exempt(
    actor: Actor,
    matter: Matter,
    wanted: Exemption,
    *,
    seen_version: int,
    today: date,
    attachments: Sequence[UUID] = (),
) -> Written:
    """Agree to an exception, as of `wanted.day`, the day of the agreement in writing; whoever agrees is `actor`'s level.

    Raises as `record` does: Refused where no rule lets this demand be excepted, after the fact, or where it would change nothing.
    """
    case = matter.case
    refuse_ended(case)
    refuse_stale(case, seen_version, matter.regime)
    check_day(case, matter.regime, wanted.day, today)
    wanted = replace(wanted, reason=one_line("reason", "例外的理由", wanted.reason, most=500))
    named = named_level(matter, wanted, today)
    refuse_agreeing(actor, matter, wanted.step, named)
    level = agrees_at(actor, matter, named) or _levels_that_may(actor, case.path, named)[0]
    refuse_unfit(actor, case, level)
    await refuse_own_resets(actor, case.entries, level)
    entry = NewEntry(
        kind="exception", step=wanted.step, day=wanted.day, entered=today, note=wanted.reason, attachments=attachments,
        evidence={"facet": wanted.facet, "param": wanted.param, "by": max(named, level, key=rank)}, level=level,
    )  # fmt: skip
    return await write(actor, matter, entry, today, "exempted", step=wanted.step)


def named_level(matter: Matter, wanted: Exemption, today: date) -> str:
    """The lowest level of the rules whose agreement to this exception is enough.

    Raises Refused where it cannot be agreed on its day, or is of no use or too late by today.
    """
    for day in dict.fromkeys((wanted.day, today)):
        if findings := not_exempt(matter.on(day), wanted):
            raise refused(matter.regime, rules_of(matter, wanted.step, day), findings)
    return agreeing(matter.on(wanted.day), wanted)


def agrees_at(actor: Actor, matter: Matter, named: str) -> str:
    """The level at which he can agree now to what this level of the rules can, the lowest of his; "" for none."""
    if actor.is_himself(matter.case.person_id):
        return ""
    before = levels_before(actor, matter.case.entries)
    return next((one for one in _levels_that_may(actor, matter.case.path, named) if before <= {one}), "")


def refuse_agreeing(actor: Actor, matter: Matter, step: str, named: str) -> None:
    """Raise Forbidden for somebody who makes no decisions at this level of the rules or above."""
    if not _levels_that_may(actor, matter.case.path, named):
        who = explain.title(matter.regime, named)
        raise Forbidden(
            f"“{explain.title(matter.regime, step)}”的例外须经{who}事先书面同意，由有审查职责的人员办理，"
            f"您在这里的职务不能办理。请写明理由，报请{who}同意。",
            code="level",
        )


def _levels_that_may(actor: Actor, path: str, named: str) -> list[str]:
    """The levels at which he makes decisions there, from the platform's for this one up."""
    lowest = rank(platform_level(named))
    return sorted((one for one in actor.levels(path, "case.review") if rank(one) >= lowest), key=rank)
