"""A fair share of the connections: who asks for many waits for himself; nobody's place is lost, however he leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import pytest

from tenants.database import shares
from tenants.database.errors import DatabaseBusy, ShareSpent
from tenants.database.shares import Shares

pytestmark = pytest.mark.anyio
COUNTY, OTHER, ANN, BEN, CAI = (UUID(int=number) for number in range(5))


class Room:
    """Shares of two to a person and three to a county, and who is inside."""

    def __init__(self) -> None:
        self.shares = Shares(2, 3)
        self.inside: list[UUID] = []
        self.left: Callable[[], object] = lambda: None
        """What happens in the very moment in which somebody has left."""
        self._leave: dict[asyncio.Task[None], asyncio.Event] = {}

    async def enter(self, who: UUID, county: UUID = COUNTY) -> asyncio.Task[None]:
        """Somebody asks; he stays until he is told to go."""
        leave = asyncio.Event()

        async def stay() -> None:
            async with self.shares.turn(county, who):
                self.inside.append(who)
                try:
                    await leave.wait()
                finally:
                    self.inside.remove(who)
            self.left()

        task = asyncio.create_task(stay())
        self._leave[task] = leave
        await settled()
        return task

    async def go(self, task: asyncio.Task[None]) -> None:
        self._leave[task].set()
        await task
        await settled()

    async def empty(self) -> None:
        """Everybody goes; then nothing is remembered of anybody."""
        for task in self._leave:
            if not task.done():
                await self.go(task)
        assert (self.inside, self.shares._lines) == ([], {})


async def settled() -> None:
    """Whoever can go on has gone on."""
    for _ in range(6):
        await asyncio.sleep(0)


@asynccontextmanager
async def room() -> AsyncIterator[Room]:
    made = Room()
    yield made
    await made.empty()


async def test_each_has_his_own_and_whoever_waited_longest_is_next() -> None:
    async with room() as one:
        first, second = [await one.enter(ANN) for _ in range(2)]
        third, fourth = await one.enter(ANN), await one.enter(ANN)
        await one.enter(BEN)
        assert one.inside == [ANN, ANN, BEN]
        await one.enter(CAI)
        await one.enter(CAI, OTHER)
        assert one.inside == [ANN, ANN, BEN, CAI], "the county is full, another one is not"
        await one.go(first)
        assert one.inside == [ANN, BEN, CAI, CAI], (
            "he waits longer in the county than the next of the first person"
        )
        await one.go(second)
        assert one.inside.count(ANN) == 1
        for task in (third, fourth):
            await one.go(task)


@pytest.mark.parametrize("when", ["while he waits", "just as it is his turn"])
async def test_whoever_gives_up_leaves_his_place_to_the_next(when: str) -> None:
    async with room() as one:
        first, _ = [await one.enter(ANN) for _ in range(2)]
        waits, next_ = await one.enter(ANN), await one.enter(ANN)
        if when == "while he waits":
            waits.cancel()
            await settled()
            await one.go(first)
        else:
            one.left = waits.cancel  # it has been handed to him, and he has not heard of it yet
            await one.go(first)
            one.left = lambda: None
        assert waits.cancelled()
        assert one.inside == [ANN, ANN]
        await one.go(next_)


@pytest.mark.parametrize(("who", "error"), [(ANN, ShareSpent), (BEN, DatabaseBusy)])
async def test_nobody_waits_for_ever(
    who: UUID, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    """He is told whether it is his own requests that are in his way, or those of his county."""
    async with room() as one:
        [await one.enter(other) for other in (ANN, ANN, CAI)]
        monkeypatch.setattr(shares, "PATIENCE_SECONDS", 0.0)
        with pytest.raises(error):
            async with asyncio.timeout(5), one.shares.turn(COUNTY, who):
                pytest.fail("he came in")
        assert one.inside == [ANN, ANN, CAI]
        again = await one.enter(CAI, OTHER)
        assert one.inside[-1] == CAI
        await one.go(again)


async def test_what_fails_inside_leaves_its_place() -> None:
    async with room() as one:
        for _ in range(5):
            with pytest.raises(KeyError):
                async with one.shares.turn(COUNTY, ANN):
                    raise KeyError
        assert [await one.enter(ANN) for _ in range(2)]
        assert one.inside == [ANN, ANN]
