"""A real worker process on the real queue: it does what is sent, and what a killed one leaves behind is done by the next."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest

from tenants.counties import open_county
from tenants.database.session import county_session
from tenants.ground.redis import redis_client
from tenants.queue.broker import broker
from tenants.queue.outbox import enqueue
from tenants.queue.run import lost_tasks
from tenants.worker.tasks import sweep_county
from tests.tenants.conftest import TODAY
from tests.tenants.queue.everywhere import relay
from tests.tenants.worker.slow_task import deadly, leave_mark, slow
from tests.waiting import PATIENCE_SECONDS, until_so

pytestmark = pytest.mark.anyio

Start = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def start(one_connection: None) -> Iterator[Start]:
    """Starts workers on an empty queue; kills what is left of them."""
    broker.flush_all()
    started: list[subprocess.Popen[bytes]] = []

    def begin() -> subprocess.Popen[bytes]:
        words = [
            "tenants.worker.tasks",
            "tests.tenants.worker.slow_task",
            "--processes",
            "1",
            "--threads",
            "2",
        ]
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "dramatiq", *words], start_new_session=True, stderr=subprocess.DEVNULL
            )
        )
        return started[-1]

    yield begin
    for process in started:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="module")
async def county(one_connection: None) -> UUID:
    return await open_county("worker", "工作县", TODAY)


async def finished(county: UUID, run_id: UUID) -> bool:
    async with county_session(county) as session:
        return (
            await session.fetchval("select finished_at from task_run where message_id = $1", run_id)
            is not None
        )


async def attempts(county: UUID, run_id: UUID, least: int = 1) -> int:
    """How many there were, once there are so many; 0 before."""
    async with county_session(county) as session:
        found = await session.fetchval(
            "select max(attempts) from task_run where message_id = $1 and attempts >= $2", run_id, least
        )
        return int(found or 0)


async def test_a_worker_does_what_is_sent_and_ends_on_request(county: UUID, start: Start) -> None:
    worker = start()
    async with county_session(county):
        mark = await enqueue(leave_mark, mark="done-by-worker")
        sweep = await enqueue(sweep_county, today=TODAY.isoformat())
    await relay()
    await until_so(lambda: finished(county, mark))
    await until_so(lambda: finished(county, sweep))
    async with county_session(county) as session:
        assert await session.fetchval("select count(*) from account where login = 'done-by-worker'") == 1
    worker.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(worker.wait, PATIENCE_SECONDS) == 0


async def test_what_nobody_called_for_is_not_done_whatever_the_queue_says(county: UUID, start: Start) -> None:
    """Whoever can write into Redis names a county, a run and arguments of his own: none of that is believed."""
    other = await open_county("elsewhere", "别处县", TODAY)
    async with county_session(county):
        asked = await enqueue(leave_mark, mark="asked-for")

    def forged(actor: object, run: UUID, where: UUID = county, **arguments: str) -> None:
        broker.enqueue(actor.message(county_id=str(where), run_id=str(run), **arguments))  # type: ignore[attr-defined]

    forged(leave_mark, uuid4(), mark="forged")
    forged(leave_mark, asked, other, mark="crossed")
    forged(slow, asked, mark="another-task", held="no")
    forged(leave_mark, asked, mark="other-arguments")
    start()
    await until_so(lambda: finished(county, asked))
    await until_so(_idle)
    for place, found in ((county, {"asked-for"}), (other, set())):
        async with county_session(place) as session:
            rows = await session.fetch("select login from account where login = any($1)", FORGED)
            assert {row["login"] for row in rows} == found


FORGED = ["asked-for", "forged", "crossed", "another-task", "other-arguments"]


async def _idle() -> bool:
    """Whether the queue holds nothing, and nothing that somebody works on."""
    return int(broker.do_qsize("default")) == 0


async def test_what_a_killed_worker_had_begun_is_undone_and_done_again(county: UUID, start: Start) -> None:
    first = start()
    async with county_session(county):
        run_id = await enqueue(slow, mark="killed", held="held")
    await redis_client().set("held", "1")
    await relay()
    await until_so(lambda: attempts(county, run_id))
    kill(first)
    assert not await finished(county, run_id)
    await redis_client().delete("held")
    start()
    await until_so(lambda: finished(county, run_id))
    assert await attempts(county, run_id) == 2
    async with county_session(county) as session:
        assert await session.fetchval("select count(*) from account where login = 'killed'") == 1


async def test_what_kills_its_worker_twice_is_set_aside_and_nothing_beside_it(
    county: UUID, start: Start
) -> None:
    """The first death also takes what runs beside it; both are then run one at a time."""
    async with county_session(county):
        poison = await enqueue(deadly)
        innocent = await enqueue(slow, mark="innocent", held="no")
    await redis_client().set("no", "1")
    await relay()
    for times in (1, 2):
        worker = start()
        await until_so(lambda times=times: attempts(county, poison, times))  # type: ignore[misc]
        await asyncio.to_thread(worker.wait, PATIENCE_SECONDS)
        await redis_client().delete("no")
    start()
    await until_so(lambda: finished(county, innocent))

    async def given_up() -> bool:
        async with county_session(county):
            return [(one.title, one.killed) for one in await lost_tasks()] == [("致命", True)]

    await until_so(given_up)
    async with county_session(county) as session:
        assert await session.fetchval("select attempts from task_run where message_id = $1", poison) == 3
