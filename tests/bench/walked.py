"""A case walked through all its steps with the least evidence, as an administrator's rehearsal would."""

from __future__ import annotations

from datetime import date, timedelta

from dangwu import Adoption, Case, Plugins, Regime, Subject, evaluate, least, read_record, refusals

FOUR = ("changchun-lvyuan", "jinhua-2014", "liaoyuan-1443", "nankang-record-review")


def regime_of_four(plugins: Plugins) -> Regime:
    """Four local practices at once."""
    return plugins.compose([Adoption(plugins.policies[name]) for name in FOUR])


def walk(regime: Regime, start: date, most: int = 100) -> tuple[Case, date]:
    """The case after `most` steps have been done, or when it is completed, and the day that is then."""
    case, day = Case(Subject(date(1990, 1, 1))), start
    for _ in range(1000):
        standing = evaluate(regime, case, day)
        done = sum(step.state == "done" for step in standing.steps.values())
        if standing.status != "running" or done >= most:
            return case, day
        moved = False
        for step in standing.open:
            if standing.steps[step].state == "open":
                case, took = _take(regime, case, step, day)
                moved = moved or took
        day += timedelta(days=0 if moved else 7)
    raise AssertionError("the case never came to its end")


def _take(regime: Regime, case: Case, step: str, day: date) -> tuple[Case, bool]:
    took = False
    for evidence in least(regime, case, step, day):
        record = read_record(step, day, evidence)
        if refusals(regime, case, record):
            return case, took
        case, took = case.with_entry(record), True
    return case, took
