"""Many at once, for the page and the API: each by his name, all of them kept or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from core.transfers.batch import Goer, Waiting, ask_to_leave, number_letter, numbers
from tenants.many import Outcome, all_or_none
from tenants.policies.regimes import regime_of_path
from web.kit.here import Here


async def leave_all(here: Here, goers: Sequence[tuple[str, Goer]], day: date, *, keep: bool) -> list[Outcome]:
    """Begin the case of each."""
    acts = [
        (name, partial(ask_to_leave, here.actor, one, day, here.today, regime_of_path)) for name, one in goers
    ]
    return await all_or_none(acts, keep=keep)


async def number_all(
    here: Here, chosen: Sequence[Waiting], first: str, day: date, *, keep: bool
) -> list[Outcome]:
    """Issue the letter of each, numbered from `first` on. Raises Invalid (field `first`)."""
    acts = [
        (
            f"{one.name}：第 {number} 号，{one.goes_to}",
            partial(number_letter, here.actor, one.case_id, number, day, here.today, regime_of_path),
        )
        for one, number in zip(chosen, numbers(first, len(chosen)), strict=True)
    ]
    return await all_or_none(acts, keep=keep)


def may_stay(outcomes: Sequence[Outcome]) -> bool:
    """Whether there is something, and nothing is refused."""
    return bool(outcomes) and not any(one.refused for one in outcomes)
