"""Histories as people make them: step after step on the days on which they are possible, nothing entered that is refused."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import strategies as st
from msgspec.structs import replace

from dangwu import Case, Record, Regime, Return, Subject, can_return, judged, least, read_record, tried
from tests.floor import STEPS

BORN = date(1996, 5, 4)
FIRST = date(2026, 6, 1)
GIVEN = (None, "activist-decision", "cultivation", "prospect-consent", "admission-form")
"""Up to where a file was taken over from paper."""


@st.composite
def histories(draw: st.DrawFn, regime: Regime, most: int = 14) -> tuple[Case, date]:
    """A case that has come some way, and the day it has reached."""
    through = draw(st.sampled_from(GIVEN))
    taken = STEPS[: STEPS.index(through) + 1] if through else ()
    case = Case(Subject(BORN), given={step: FIRST - timedelta(days=500) for step in taken})
    day = FIRST
    for _ in range(draw(st.integers(1, most))):
        day += timedelta(days=draw(st.sampled_from((0, 0, 1, 5, 9, 40))))
        case = _a_step_on(draw, regime, case, day)
    return case, day


def _a_step_on(draw: st.DrawFn, regime: Regime, case: Case, day: date) -> Case:
    """The case with what is done in one of its open steps, or sent back; as it was where nothing can be."""
    standing = judged(regime, case, day).standing
    possible = [one for one in standing.open if standing.steps[one].state != "waiting"]
    if not possible:
        return case
    step = draw(st.sampled_from(possible))
    if draw(st.integers(0, 12)) == 0 and not can_return(regime, case, back := Return(step, day)):
        return case.with_entry(back)
    for evidence in least(regime, case, step, day):
        record = replace(read_record(step, day, evidence), id=str(len(case.entries)))
        if not tried(judged(regime, case, day), record).refusals:
            case = case.with_entry(record)
    return case


def records_of(case: Case) -> list[Record]:
    """The records of a case, oldest entry first."""
    return [one for one in case.entries if isinstance(one, Record)]
