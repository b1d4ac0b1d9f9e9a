"""The one function that works out where cases stand and writes it down; everything that changes a case calls it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from core.casework.model import LoadedCase
from core.casework.standing.back import sent_back, who_acted
from core.casework.standing.columns import standing_columns
from core.database import execute
from core.register.carry import FollowedMembership, follow_membership
from dangwu import Judged, Regime, Standing, judged, relied


class Computed(msgspec.Struct, frozen=True):
    """A case with its standing and the columns that say so."""

    case: LoadedCase
    standing: Standing
    columns: dict[str, Any]
    follows: FollowedMembership | None
    """What he thereby is in the register; None where the procedure confers nothing."""


def compute(case: LoadedCase, regime: Regime, today: date) -> Computed:
    """Where a case stands on `today`."""
    return laid_out(case, judged(regime, case.case, today))


def laid_out(case: LoadedCase, found: Judged) -> Computed:
    """The columns of a case that has been judged, and what it makes of the person."""
    standing = found.standing
    follows = FollowedMembership(case.person_id, standing.membership, standing.membership_since)
    met = relied(found)
    columns = {
        **standing_columns(standing, found.day),
        "met": msgspec.json.encode(met).decode() if met else "",
    }
    return Computed(case, standing, columns, follows if found.plan.procedure.confers_membership else None)


async def write_standings(computed: Sequence[Computed], *, version: bool = False) -> None:
    """Write the standing columns of many cases in one statement, and the membership that follows from them.

    With `version` the version moves to that of the case's newest entry, and what the entries say is written too.
    """
    if not computed:
        return
    await execute(
        """update case_file c set
               status = n.status, ended = n.ended, stage = n.stage, membership = n.membership, open_steps = n.open_steps,
               open_states = n.open_states, open_levels = n.open_levels, waits_for = n.waits_for, reasons = n.reasons,
               open_reasons = n.open_reasons,
               open_turns = n.open_turns, turns = n.turns, acted = coalesce(n.acted, c.acted),
               sent_back = case when n.version > 0 then n.sent_back else c.sent_back end,
               next_due = n.next_due, waiting_until = n.waiting_until, changes_on = n.changes_on,
               computed_on = n.computed_on, met = n.met,
               version = greatest(c.version, n.version),
               updated_at = case when n.version > c.version then now() else c.updated_at end
           from jsonb_to_recordset($1::jsonb) as n(id uuid, version int, status text, ended text, stage text, membership text,
               open_steps text[], open_states text[], open_levels text[], waits_for text[], reasons text[],
               open_reasons text[],
               open_turns text[], turns text[], acted text[], sent_back uuid,
               next_due date, waiting_until date, changes_on date, computed_on date, met text)
           where c.id = n.id""",
        msgspec.json.encode([_row(one, version) for one in computed]).decode(),
    )
    await follow_membership([one.follows for one in computed if one.follows is not None])


def _row(one: Computed, version: bool) -> dict[str, Any]:
    row: dict[str, Any] = {"id": one.case.id, "version": 0, **one.columns}
    if version and (entries := one.case.entries):
        back = sent_back(entries, one.standing)
        row |= {
            "version": entries[-1].seq,
            "acted": who_acted(entries),
            "sent_back": back.id if back else None,
        }
    return row
