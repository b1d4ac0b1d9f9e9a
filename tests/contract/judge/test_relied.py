"""What a plugin's own code had found met stays met when that code is gone, or another: nothing of a case's past is told anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pytest
from msgspec.structs import replace

from dangwu import (
    DONE,
    Adoption,
    Case,
    Judged,
    Policy,
    Regime,
    compose,
    evaluate,
    judged,
    read_record,
    relied,
)
from dangwu.regime.checks import lost
from tests.contract.generated import SOURCE
from tests.contract.judge.test_motion_pending import APPROVAL, CARRIED, MOTIONS, pending, voted
from tests.contract.lived import lived
from tests.floor import FLOOR

PLUGIN = "quiet"
POLICY = Policy(id=PLUGIN, title=PLUGIN, sources={"s": SOURCE}, rules=())
EXTENDED, LATER = CARRIED + timedelta(days=10), CARRIED + timedelta(days=40)


def nothing(step: str, case: Case, today: date) -> tuple[()]:
    return ()


THERE: Regime = compose(FLOOR, [Adoption(POLICY)], checks=[(PLUGIN, nothing)])
GONE: Regime = compose(FLOOR, [Adoption(POLICY)], checks=[(PLUGIN, lost(PLUGIN))])
OTHER: Regime = compose(FLOOR, [Adoption(POLICY, held=date.max)], checks=[(PLUGIN, nothing)])
"""The code is gone, or another than was adopted."""


def left_undone(was: Judged, regime: Regime) -> Iterator[str]:
    """The steps that were done, and are not so any more, or on another day."""
    now = evaluate(regime, replace(was.case, met=relied(was)), was.day)
    for step in (one for one in was.standing.steps.values() if one.state == DONE):
        found = now.steps[step.id]
        if (found.state, found.began, found.concluded) != (DONE, step.began, step.concluded):
            yield step.id
    if (now.membership, now.extended_months) != (was.standing.membership, was.standing.extended_months):
        yield now.membership


@pytest.mark.laws
@pytest.mark.parametrize("number", [7, 43, 44, 45, *range(79, 110)])
def test_what_was_done_stays_done(number: int) -> None:
    """Over histories in which things go wrong: sent back, corrected, excused, some of it on paper."""
    *_, last = lived(Random(number), THERE, 25)
    assert not [*left_undone(last, GONE), *left_undone(last, OTHER)]


@pytest.mark.parametrize("regime", [GONE, OTHER])
def test_an_extension_stays_and_what_follows_it_is_not_taken_for_what_was_before(regime: Regime) -> None:
    approved = read_record(APPROVAL, EXTENDED, {"consent": {"committee": "granted"}})
    was = judged(THERE, pending(MOTIONS[0]).with_entry(approved), LATER)
    assert was.standing.extended_months == 6
    assert not list(left_undone(was, regime))
    # The next meeting on him is as many records of its round as the first was: the code that is there has not looked at it.
    kept = replace(was.case, met=relied(was)).with_entry(voted(LATER, {"motion": "convert"}))
    meeting = evaluate(regime, kept, LATER).steps["conversion-meeting"]
    assert {"check.absent", "check.changed"} & {one.code for one in meeting.findings}
    assert evaluate(regime, kept, LATER).extended_months == 6
