"""What holds of every correction, over histories as people make them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from dangwu import Case, Correction, Record, Regime, compose, corrected, evaluate, judged, tried
from dangwu.facets.motion import motion_in
from tests.contract.histories import histories, records_of
from tests.examples import examples
from tests.floor import FLOOR

REGIME: Regime = compose(FLOOR)
pytestmark = pytest.mark.laws
laws = examples(20)
DELAYS = st.sampled_from((0, 1, 30, 200))


@laws
@given(histories(REGIME), DELAYS, st.data())
def test_a_record_corrected_to_itself_changes_nothing(
    history: tuple[Case, date], later: int, data: st.DataObject
) -> None:
    case, day = history
    assume(records_of(case))
    one = data.draw(st.sampled_from(records_of(case)))
    same = Correction(one.id, replace(one, entered=day))
    wrong = Correction(one.id, replace(one, day=one.day - timedelta(days=400)))
    today = day + timedelta(days=later)
    untouched = evaluate(REGIME, case, today)
    assert evaluate(REGIME, case.with_entry(same), today) == untouched
    assert evaluate(REGIME, case.with_entry(wrong).with_entry(same), today) == untouched
    assert [one.code for one in corrected(judged(REGIME, case, day), same).refusals] == ["step.same"]


@laws
@given(histories(REGIME), DELAYS, st.integers(-90, 0), st.data())
def test_the_newest_record_corrected_is_as_if_it_had_been_right_at_first(
    history: tuple[Case, date], later: int, moved: int, data: st.DataObject
) -> None:
    """Where it would have been accepted so."""
    case, day = history
    assume(case.entries and isinstance(case.entries[-1], Record))
    wrong, before = case.entries[-1], replace(case, entries=case.entries[:-1])
    assert isinstance(wrong, Record)
    right = replace(wrong, day=wrong.day + timedelta(days=moved))
    assume(not tried(judged(REGIME, before, right.day), right).refusals)
    today = day + timedelta(days=later)
    put_right = case.with_entry(Correction(wrong.id, replace(right, entered=day)))
    assert evaluate(REGIME, put_right, today) == evaluate(REGIME, before.with_entry(right), today)


@laws
@given(histories(REGIME), st.integers(-400, 60), st.data())
def test_nothing_stands_on_what_was_not_done_yet(
    history: tuple[Case, date], moved: int, data: st.DataObject
) -> None:
    """Whatever is corrected: of two steps that follow each other and are done, the later was done no earlier."""
    case, day = history
    assume(records_of(case))
    one = data.draw(st.sampled_from(records_of(case)))
    new = replace(one, day=min(one.day + timedelta(days=moved), day), entered=day)
    found = corrected(judged(REGIME, case, day), Correction(one.id, new))
    assume(found.after is not None)
    assert found.after is not None
    run = found.after.run
    place = run.plan.by_id[one.step]
    for step in run.plan.steps:
        standing = run.found[step.index]
        if (
            place.index in run.counted.held(step.index).order.before[step.index]
            and standing.state == "done"
            and standing.began
        ):
            assert run.found[place.index].state in ("done", "waived"), step.id
            assert run.ready[place.index] <= standing.began or motion_in(run.counted.records[step.index]), (
                step.id
            )
    fallen = {step for step, one in found.after.standing.steps.items() if one.fallen}
    assert fallen <= {*found.undone, *before_fallen(case, day)}


def before_fallen(case: Case, day: date) -> set[str]:
    """What had no ground to stand on before."""
    standing = evaluate(REGIME, case, day)
    return {step for step, one in standing.steps.items() if one.fallen or one.state == "failed"}
