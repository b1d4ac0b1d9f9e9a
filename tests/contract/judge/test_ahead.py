"""What a step says that cannot be taken yet is worked out once for everybody, and is what looking at it would say."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import pytest

from dangwu import BLOCKED, Judged, judged
from dangwu.judge.run import Run
from dangwu.plugins.plugins import Plugins
from tests.contract.judge.test_settled import seen
from tests.contract.lived import composed, lived, numbers, telling

HISTORIES, MANY = (2, 21, 45, 51, 61, 67), 20_000
"""Which in the suite: those in which a step ahead counts from one that is done, done by the floor alone, or from a date of the
person; and how many in the trial."""


def compare(plugins: Plugins, histories: Iterable[int], monkeypatch: pytest.MonkeyPatch) -> int:
    """Judge these histories act by act with what was worked out once, and by looking; how many steps were not looked at."""
    known = 0
    for number in histories:
        regime = composed(Random(f"ahead {number}"), plugins)
        for made in lived(Random(number), regime, 8):
            with monkeypatch.context() as looking:
                looking.setattr(Run, "untimed", lambda *asked: False)
                looked = judged(regime, made.case, made.day)
            assert seen(looked) == seen(made), (
                f"history {number}, {len(made.case.entries)} entries, {made.day}"
            )
            known += unlooked(made)
    return known


def unlooked(found: Judged) -> int:
    """How many steps with something that counts time or looks at the person were not looked at."""
    ahead = (one for one in found.run.found if one.state == BLOCKED and one.rules is not None)
    return sum(
        one.findings is one.rules.ahead and bool(one.rules.daily or one.rules.last)
        for one in ahead
        if one.rules is not None
    )


def test_a_step_ahead_says_what_looking_at_it_would(
    plugins: Plugins, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert compare(plugins, HISTORIES, monkeypatch) > 8 * len(HISTORIES)


@pytest.mark.trial
@pytest.mark.timeout(7200)
def test_nor_over_many_histories(plugins: Plugins, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries the same over 20,000 random histories, each under a random subset of the real plugins."""
    known = compare(plugins, telling(numbers(MANY)), monkeypatch)
    print(f"\n    还轮不到的环节：有 {known:,} 处没有逐一去看，结论都一样")
