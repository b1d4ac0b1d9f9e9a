"""One demand on one who owes, with the rules that make it and the days on which one of them holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import msgspec

from dangwu.policy.duty import Demand, Duty, Evidence
from dangwu.regime.adoption import merged
from dangwu.values.period import Period

Spans = tuple[tuple[date, date], ...]
"""(first day, day after the last) of times, in order, none of which meet."""


class Claim(msgspec.Struct, frozen=True):
    """One demand with all the rules that make it, and on whom: units with the tags of `when`."""

    key: str
    """Orders claims, the same in every process."""
    duty: Duty
    when: frozenset[str]
    rules: tuple[str, ...]
    spans: Spans

    @property
    def demand(self) -> Demand:
        """What is demanded."""
        assert self.duty.demand is not None
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


def claim(
    duty: Duty, when: frozenset[str], rules: Iterable[str], times: Iterable[tuple[date, date]]
) -> Claim:
    """A claim of these rules, at these times."""
    key = msgspec.json.encode((duty, sorted(when)), order="deterministic").decode()
    return Claim(key, duty, when, tuple(sorted({*rules})), tuple(merged(times)))


def united(claims: Iterable[Claim]) -> Iterator[Claim]:
    """Those that say the same as one, in an order that does not depend on that of the rules."""
    said: dict[str, list[Claim]] = {}
    for one in claims:
        said.setdefault(one.key, []).append(one)
    for _, same in sorted(said.items()):
        if len(same) == 1:
            yield same[0]
            continue
        rules = (rule for each in same for rule in each.rules)
        yield claim(same[0].duty, same[0].when, rules, (time for each in same for time in each.spans))


__all__ = ["Claim", "Spans", "claim", "united"]
