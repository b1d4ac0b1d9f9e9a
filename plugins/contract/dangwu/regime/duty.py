"""The duties that a regime knows: what its rules demand of one family from one who owes, side by side. What absorbs what is
seen occurrence by occurrence (dangwu/duties/), as it depends on how long each holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from dangwu.policy.duty import Demand, Duty, Evidence, Owes
from dangwu.regime.adoption import Bound, merged
from dangwu.values.period import Period


class Claim(msgspec.Struct, frozen=True):
    """One demand with all the rules that make it; `spans` are (first day, day after the last) on which one of them holds."""

    key: str
    """Orders claims, the same in every process."""
    duty: Duty
    when: frozenset[str]
    rules: tuple[str, ...]
    spans: tuple[tuple[date, date], ...]

    @property
    def demand(self) -> Demand:
        """What is demanded."""
        return self.duty.demand

    @property
    def evidence(self) -> Evidence:
        """What shows that it was done."""
        return self.duty.evidence

    @property
    def escalate(self) -> Mapping[str, Period]:
        """Who hears of it, and when."""
        return self.duty.escalate

    def covers(self, first: date, last: date) -> bool:
        """Whether it holds on every day from `first` to `last`."""
        return any(since <= first and last < until for since, until in self.spans)


class Duties(msgspec.Struct, frozen=True):
    """What is owed in one family by one who owes: the union of the claims."""

    family: str
    owes: Owes
    claims: tuple[Claim, ...]

    def of(self, tags: frozenset[str]) -> tuple[Claim, ...]:
        """The claims on a unit with these tags."""
        return tuple(one for one in self.claims if one.when <= tags)


def duties(bound: Iterable[Bound]) -> tuple[Duties, ...]:
    """By family and who owes, in an order that does not depend on that of the rules."""
    said: dict[str, list[tuple[Bound, Duty]]] = {}
    for one in bound:
        if one.stated is not None:
            said.setdefault(_key(one.stated, one.rule.when), []).append((one, one.stated))
    claims: dict[tuple[str, Owes], list[Claim]] = {}
    for key, listed in sorted(said.items()):
        one, duty = listed[0]
        rules = tuple(sorted({each.rule.id for each, _ in listed}))
        spans = tuple(merged((each.since, each.until) for each, _ in listed))
        claim = Claim(key, duty, one.rule.when, rules, spans)
        claims.setdefault((duty.duty, duty.owes), []).append(claim)
    found = (Duties(family, owes, tuple(listed)) for (family, owes), listed in claims.items())
    return tuple(sorted(found, key=lambda each: (each.family, each.owes.level, each.owes.post)))


def _key(duty: Duty, when: frozenset[str]) -> str:
    """Tells one demand from another and orders them, the same in every process."""
    return msgspec.json.encode((duty, sorted(when)), order="deterministic").decode()


__all__ = ["Claim", "Duties", "duties"]
