"""Plugins' own checks, with the days on which they hold; and what stands for one that is not there, or not agreed to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from dangwu.case.case import Case, Record
from dangwu.facets.absent import met_key
from dangwu.facets.finding import MISSING, Finding
from dangwu.facets.held import CHANGED
from dangwu.regime.adoption import Adoption, spans

Check = Callable[..., Iterable[Finding]]
"""A plugin's `dangwu_check`: asked by name for `step`, `case` and `today`."""
TimedCheck = tuple[str, date, date, Check]
"""A plugin, the first day of its check, the first day without it, and the check."""


def timed(adoptions: Sequence[Adoption], checks: Iterable[tuple[str, Check]]) -> Iterator[TimedCheck]:
    """The checks of what is adopted; where other code was adopted than is there, held until that is agreed to."""
    for plugin, check in checks:
        mine = [one for one in adoptions if one.policy.id == plugin]
        for agreed in dict.fromkeys(one.held for one in mine):
            asked = check if agreed is None else _held(plugin, check, agreed)
            for since, until in spans(one for one in mine if one.held == agreed):
                yield plugin, since, until, asked


def lost(plugin: str) -> Check:
    """Stands for a plugin's check that is not there: `check.absent` on every step that it had not passed."""

    def check(step: str, case: Case, today: date) -> Iterable[Finding]:
        return [] if _passed(plugin, step, case, today) else [Finding("check.absent", MISSING)]

    return check


def _held(plugin: str, check: Check, agreed: date) -> Check:
    """A check that may be asked from a day on, about what it had not passed."""

    def held(step: str, case: Case, today: date) -> Iterable[Finding]:
        if _passed(plugin, step, case, today):
            return ()
        if today < agreed:
            return [Finding(f"check.{CHANGED}", MISSING)]
        return check(step=step, case=case, today=today)

    return held


def _passed(plugin: str, step: str, case: Case, today: date) -> bool:
    met = case.met.get(check_key(step, plugin))
    return met is not None and met == acts(case, step, today)


def check_key(step: str, plugin: str) -> str:
    """What `Case.met` calls a plugin's check at a step."""
    return met_key(step, f"check.{plugin}")


def acts(case: Case, step: str, today: date) -> int:
    """How many records of a step there are on a day."""
    return sum(type(entry) is Record and entry.step == step and entry.day <= today for entry in case.entries)


__all__ = ["Check", "TimedCheck", "acts", "check_key", "lost", "timed"]
