"""Tasks beside others are ended, also those that pass over being asked once."""

from __future__ import annotations

import asyncio

import pytest

from core import ending
from core.ending import end

pytestmark = pytest.mark.anyio


async def test_tasks_are_ended_whether_they_listen_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "AGAIN_SECONDS", 0.01)
    asked: list[str] = []

    async def deaf(times: int) -> None:
        for _ in range(times):
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                asked.append("passed over")
        await asyncio.Event().wait()

    async def over() -> None:
        return

    async def failing() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise OSError

    tasks = [asyncio.create_task(work) for work in (deaf(0), deaf(1), deaf(3), over(), failing())]
    await asyncio.sleep(0)
    await end(tasks)
    assert len(asked) == 4
    assert [task.cancelled() for task in tasks] == [True, True, True, False, False]
    assert isinstance(tasks[4].exception(), OSError)
    await end([])
