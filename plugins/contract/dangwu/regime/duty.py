"""The duties that a regime knows: what its rules demand of one family from one who owes, side by side. What absorbs what is
seen occurrence by occurrence (dangwu/duties/), as it depends on how long each holds."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import msgspec

from dangwu.policy.duty import Owes
from dangwu.regime.adoption import Bound
from dangwu.regime.claim import Claim, claim, united
from dangwu.regime.showing import shown


class Duties(msgspec.Struct, frozen=True, dict=True):
    """What is owed in one family by one who owes: the union of the claims; `showing` say how each is to be shown."""

    family: str
    owes: Owes
    claims: tuple[Claim, ...]
    showing: tuple[Claim, ...] = ()

    @cached_property
    def _known(self) -> dict[frozenset[str], tuple[Claim, ...]]:
        return {}

    def of(self, tags: frozenset[str]) -> tuple[Claim, ...]:
        """The claims on a unit with these tags."""
        if tags not in self._known:
            mine = tuple(one for one in self.claims if one.when <= tags)
            rules = tuple(one for one in self.showing if one.when <= tags)
            more = (found for one in mine for found in shown(one, rules)) if rules else ()
            self._known[tags] = tuple(united((*mine, *more)))
        return self._known[tags]


def duties(bound: Iterable[Bound]) -> tuple[Duties, ...]:
    """By family and who owes, in an order that does not depend on that of the rules."""
    said = united(
        claim(one.stated, one.rule.when, (one.rule.id,), ((one.since, one.until),))
        for one in bound
        if one.stated is not None
    )
    listed: dict[tuple[str, Owes], list[Claim]] = {}
    for one in said:
        listed.setdefault((one.duty.duty, one.duty.owes), []).append(one)
    found = (
        Duties(
            family,
            owes,
            *(tuple(one for one in claims if (one.duty.demand is None) is shows) for shows in (False, True)),
        )
        for (family, owes), claims in listed.items()
    )
    return tuple(sorted(found, key=lambda each: (each.family, each.owes.level, each.owes.post)))


__all__ = ["Duties", "duties"]
