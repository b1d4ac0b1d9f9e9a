"""Who is behind: of each demand the last window that has closed. What many units share is looked up once for all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec

from dangwu.duties.act import Act, counts
from dangwu.duties.occurrences import Laid, Occurrence, Ower, laid, made, of_claims
from dangwu.duties.slots import slots
from dangwu.duties.windows import Window
from dangwu.regime.claim import Claim
from dangwu.regime.regime import Regime
from dangwu.values.days import add_months

BACK = 13
"""Months back that are looked at: of a year the last whole one."""


class Loose(msgspec.Struct, frozen=True):
    """Such demands of one family, beside all its claims on the unit and the windows of these."""

    these: tuple[Claim, ...]
    claims: tuple[Claim, ...]
    fixed: Laid
    kinds: frozenset[str]
    """The activities that may count for them."""


class Closed(msgspec.Struct, frozen=True):
    """The last windows that have closed; and the demands that have none (`every`, `after`, days of the year), by family."""

    last: tuple[tuple[Claim, Window], ...]
    loose: tuple[Loose, ...]


def closed(regime: Regime, level: str, tags: frozenset[str], today: date) -> Closed:
    """The same for all units of a level with these tags under one regime."""
    last: dict[str, tuple[Claim, Window]] = {}
    loose = []
    for duty in (one for one in regime.duties if one.owes.level == level):
        claims = duty.of(tags)
        for slot in slots(claims, add_months(today, -BACK), today):
            if slot.window.due < today and not slot.absorbed:
                last[slot.claim.key] = (slot.claim, slot.window)
        if these := tuple(one for one in claims if not one.demand.per):
            kinds = frozenset(kind for one in these for kind in one.duty.activities)
            loose.append(Loose(these, claims, laid(claims, add_months(today, -BACK), today), kinds))
    return Closed(tuple(one for one in last.values() if one[0].demand.per), tuple(loose))


def overdue(known: Closed, ower: Ower, acts: Sequence[Act], today: date) -> list[Occurrence]:
    """What one who owes has not done of it, the oldest first; `acts` in the order of their days."""
    found = [*_windows(known, ower, acts, today), *_others(known, ower, acts, today)]
    return sorted(found, key=lambda one: (one.due, one.family, one.claim.key))


def _windows(known: Closed, ower: Ower, acts: Sequence[Act], today: date) -> Iterator[Occurrence]:
    by_kind = _by_kind(acts)
    for claim, window in known.last:
        if window.opens < ower.first:
            continue
        served = {one.id: one for kind in claim.duty.activities for one in by_kind.get(kind, ())}
        within = [
            one
            for one in served.values()
            if window.opens <= one.day <= window.due and counts(claim.duty, one)
        ]
        done = sum(one.hours for one in within) if claim.demand.hours else len(within)
        if done < claim.demand.need:
            yield made(claim, window, within, today)


def _others(known: Closed, ower: Ower, acts: Sequence[Act], today: date) -> Iterator[Occurrence]:
    first = add_months(today, -BACK)
    for family in known.loose:
        served = [one for one in acts if not family.kinds.isdisjoint(one.kinds)]
        last: dict[str, Occurrence] = {}
        for one in of_claims(family.these, family.claims, family.fixed, ower, served, first, today, today):
            if one.due < today:
                last[one.claim.key] = one
        yield from (one for one in last.values() if one.state == "missed")


def _by_kind(acts: Sequence[Act]) -> Mapping[str, list[Act]]:
    found: dict[str, list[Act]] = {}
    for act in acts:
        for kind in act.kinds:
            found.setdefault(kind, []).append(act)
    return found


__all__ = ["Closed", "closed", "overdue"]
