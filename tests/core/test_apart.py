"""Work apart: its answer, its refusal, and what becomes of one that takes too much; our own process goes on."""

from __future__ import annotations

import asyncio

import pytest

from core.apart import Exhausted, Limits, apart
from core.errors import Invalid

pytestmark = pytest.mark.anyio
LIMITS = Limits(memory=512 << 20, seconds=1, wall=60, answer=1_000_000)
GREEDY = "tests.core.greedy"


async def test_the_answer_comes_back() -> None:
    assert await apart(GREEDY, b"ab" * 200_000, LIMITS) == b"ab" * 400_000


async def test_a_refusal_comes_back_as_it_was_said() -> None:
    with pytest.raises(Invalid, match="这样不行") as refused:
        await apart(GREEDY, b"refuse", LIMITS)
    assert refused.value.code == "so"


@pytest.mark.parametrize("given", [b"memory", b"time", b"killed", b"x" * 600_000])
async def test_what_takes_too_much_is_exhausted(given: bytes) -> None:
    """Memory, processor time, ended from outside, too long an answer."""
    with pytest.raises(Exhausted):
        await apart(GREEDY, given, LIMITS)
    assert await apart(GREEDY, b"next", LIMITS) == b"nextnext"


async def test_what_only_waits_is_ended_too() -> None:
    with pytest.raises(Exhausted, match="1 s"):
        await apart(GREEDY, b"sleep", Limits(memory=512 << 20, seconds=1, wall=1, answer=1))


async def test_a_mistake_of_ours_is_no_refusal_and_tells_no_data() -> None:
    with pytest.raises(RuntimeError, match="failed with KeyError") as failed:
        await apart(GREEDY, b"mistake", LIMITS)
    assert "secret" not in str(failed.value)


async def test_it_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANGWU_SECRET", "s")
    assert await apart(GREEDY, b"secrets", LIMITS) == b""


async def test_one_that_is_no_longer_wanted_ends() -> None:
    """And gives its place back."""
    for _ in range(3):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await apart(GREEDY, b"sleep", LIMITS)
    assert await apart(GREEDY, b"a", LIMITS) == b"aa"
