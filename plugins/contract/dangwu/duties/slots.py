"""Which windows of the claims on a unit are really owed: those that hold all the time, and that no stricter demand absorbs.

A weaker demand is absorbed where a stricter one holds from the opening through the due day; so what one plugin adds frees
nothing of what another asks. A window is owed where the demand, or stricter ones in turn, hold through all of it: whoever begins
in mid-period owes no full one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from dangwu.duties.act import stricter
from dangwu.duties.windows import Window, implies, sure, windows
from dangwu.regime.adoption import merged
from dangwu.regime.claim import Claim


class Slot(msgspec.Struct, frozen=True):
    """A window of a claim; `absorbed` by the rules of a stricter one: then it is not owed besides."""

    claim: Claim
    window: Window
    absorbed: tuple[str, ...] = ()


def slots(claims: Sequence[Claim], first: date, last: date) -> Iterator[Slot]:
    """The windows of fixed days of these claims (of one family and ower) that touch the days from `first` to `last`."""
    for claim in claims:
        if claim.demand.every is None and not claim.demand.after:
            for window in windows(claim.demand, first, last):
                if held(claim, claims, window):
                    yield Slot(claim, window, absorbed(claim, claims, window))


def held(claim: Claim, claims: Sequence[Claim], window: Window) -> bool:
    """Whether the claim, or stricter ones in turn, hold through the window."""
    if claim.covers(*window):
        return True
    times = merged(time for one in claims if _over(one, claim) for time in one.spans)
    return any(since <= window.opens and window.due < until for since, until in times)


def absorbed(claim: Claim, claims: Sequence[Claim], window: Window) -> tuple[str, ...]:
    """The rules of a stricter claim that holds through the window and makes sure of all that is needed; () if there is none."""
    for other in claims:
        if other.key != claim.key and other.covers(*window) and _absorbs(other, claim, window):
            return other.rules
    return ()


def _absorbs(other: Claim, claim: Claim, window: Window) -> bool:
    if not stricter(other.duty, claim.duty) or bool(other.demand.hours) != bool(claim.demand.hours):
        return False
    if claim.demand.every is not None or claim.demand.after:
        return implies(other.demand, claim.demand) and not (_over(claim, other) and claim.key < other.key)
    if sure(other.demand, window) < claim.demand.need:
        return False
    return not (_same(other, claim, window) and claim.key < other.key)


def _same(other: Claim, claim: Claim, window: Window) -> bool:
    """Whether it would be absorbed in return: of two that say the same one must stand."""
    if other.demand.every is not None:
        return _over(claim, other)
    same = window in windows(other.demand, *window) and claim.demand.need >= other.demand.need
    return same and stricter(claim.duty, other.duty)


def _over(one: Claim, two: Claim) -> bool:
    """Whether whoever meets the first meets the second."""
    return one.key == two.key or (stricter(one.duty, two.duty) and implies(one.demand, two.demand))


__all__ = ["Slot", "absorbed", "held", "slots"]
