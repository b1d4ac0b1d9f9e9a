"""An occurrence of a duty in words."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from dangwu import DUTY_STATES, Citation, Occurrence, Regime, explain, owing, titles


class Line(msgspec.Struct, frozen=True):
    """One occurrence in words: `demand` how often, and of what post; `acts` the ids of what it was done with, `shown` what that
    must have to count; `told` the levels that have to urge it by now."""

    title: str
    demand: str
    one: Occurrence
    state: str
    acts: tuple[str, ...]
    cited: tuple[Citation, ...]
    shown: tuple[str, ...]
    told: tuple[str, ...]


def lines_of(regime: Regime, found: Sequence[Occurrence]) -> list[Line]:
    """By the policies of the unit that owes them."""
    known = titles.Titles.of(regime)
    return [
        Line(
            titles.family(one.family), _demand(one, known), one, DUTY_STATES[one.state], one.done,
            explain.cited(regime, one.rules, one.due), tuple(owing.shown_by(one.claim.duty, known)),
            tuple(map(titles.level, one.escalated)),
        )
        for one in found
    ]  # fmt: skip


def _demand(one: Occurrence, known: titles.Titles) -> str:
    post = owing.ower(one.claim.duty, known) if one.claim.duty.owes.post else ""
    return f"{post}{owing.demand(one.claim.demand, known)}"
