"""Jobs as people see them: in which state each is, whose it is, what can be done about it, how long it is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from redis import Redis

from core.actor import SYSTEM
from core.errors import Conflict, NotFound
from tenants.counties import open_county
from tenants.database.session import close_database, county_session, current_session, open_database
from tenants.ground.environment import QUEUE_DB, redis_url
from tenants.ground.redis import close_redis
from tenants.queue.jobs import GROUPS, STATES, State, again, cancel, counted, job, jobs
from tenants.queue.outbox import enqueue, forget_old_messages
from tenants.queue.run import forget_old_runs, lost_tasks
from tenants.queue.starts import MOST_DEATHS
from tests.conftest import Database
from tests.tenants.conftest import TODAY
from tests.tenants.worker.slow_task import leave_mark

pytestmark = pytest.mark.anyio
ANN, BEN = (UUID(int=1), "安"), (UUID(int=2), "本")


@pytest.fixture(scope="module")
async def pool(database: Database) -> AsyncIterator[None]:
    await open_database(min_size=1, max_size=2)
    Redis.from_url(redis_url(QUEUE_DB)).flushall()
    yield
    await close_redis()
    await close_database()


@pytest.fixture
async def county(pool: None) -> UUID:
    slug = f"c{uuid4().hex[:12]}"
    return await open_county(slug, slug, TODAY)


async def asked(whom: tuple[UUID, str] = ANN, part_of: UUID | None = None, **became: object) -> UUID:
    """A message in the county of the session, and what became of it so far."""
    session = current_session()
    session.job = part_of
    run_id = await enqueue(leave_mark, mark="x", asker=whom, goes_on=part_of is not None)
    await session.execute("update outbox set sent_at = now() where run_id = $1", run_id)
    if became:
        names, values = ", ".join(became), ", ".join(f"${number}" for number in range(3, 3 + len(became)))
        await session.execute(
            f"insert into task_run (message_id, task, {names}) values ($1, $2, {values})",
            run_id, "leave_mark", *became.values(),
        )  # fmt: skip
    return run_id


async def now(after: int = 0) -> object:
    return await current_session().fetchval("select now() + make_interval(secs => $1)", after)


async def test_each_state_by_what_became_of_it(county: UUID) -> None:
    async with county_session(county):
        at, runner = await now(), uuid4()
        made: dict[State, UUID] = {
            "waiting": await asked(),
            "running": await asked(attempts=1, runner=runner),
            "trying": await asked(attempts=2, failure="ValueError"),
            "done": await asked(attempts=1, finished_at=at, result="共 3 人"),
            "lost": await asked(attempts=6, given_up_at=at, failure="ValueError"),
            "stopping": await asked(attempts=1, runner=runner),
            "cancelled": await asked(attempts=1, given_up_at=at),
        }
        for state in ("stopping", "cancelled"):
            await current_session().execute(
                "update outbox set cancelled_at = now(), cancelled_by = '丙' where run_id = $1", made[state]
            )
        assert {state: (await job(one)).state for state, one in made.items()} == {one: one for one in STATES}
        for group, (_, states) in GROUPS.items():
            assert {one.state for one in await jobs(group=group)} == states, group
        done = await job(made["done"])
        assert (done.title, done.asked_by, done.result, done.ended_at) == ("记号", "安", "共 3 人", at)
        assert {one: (await job(made[one])).again for one in STATES} == {one: one == "lost" for one in STATES}
        for state, one in made.items():
            found = await job(one)
            if state in GROUPS["open"][1]:
                await cancel(SYSTEM, found)
                assert (await job(one)).state == "stopping"
            else:
                with pytest.raises(Conflict, match=f"这项任务{STATES[state]}，不用再取消"):
                    await cancel(SYSTEM, found)
        assert (await job(made["stopping"])).cancelled_by == "丙", "who was first stays written down"


async def test_whose_it_is_and_page_by_page(county: UUID) -> None:
    async with county_session(county):
        mine = [await asked(ANN) for _ in range(5)][::-1]
        his = await asked(BEN)
        assert [one.id for one in await jobs(whose=ANN[0])] == mine
        assert [one.id for one in await jobs(whose=ANN[0], limit=2)] == mine[:2]
        assert [one.id for one in await jobs(whose=ANN[0], before=mine[1], limit=2)] == mine[2:4]
        assert [one.id for one in await jobs(before=his)] == mine
        assert (await job(his, BEN[0])).asked_by == "本"
        for whose, one in ((ANN[0], his), (BEN[0], mine[0]), (None, uuid4())):
            with pytest.raises(NotFound, match="没有找到这项后台任务"):
                await job(one, whose)
    other = await open_county(f"c{uuid4().hex[:12]}", uuid4().hex, TODAY)
    async with county_session(other):
        assert await jobs() == []
        with pytest.raises(NotFound):
            await job(his)


async def test_a_job_of_many_parts_is_one_and_tells_of_the_part_that_matters(county: UUID) -> None:
    async with county_session(county):
        at = await now()
        root = await asked(attempts=1, finished_at=at, done=40, total=100)
        await asked(part_of=root, attempts=1, finished_at=at, done=30, total=100, result="前半")
        last = await asked(part_of=root, attempts=3, failure="TimeoutError", done=5, total=100)
        [found] = await jobs()
        assert (found.id, found.parts, found.done, found.total) == (root, 3, 75, 100)
        assert (found.state, found.attempts, found.failure) == ("trying", 3, "TimeoutError")
        with pytest.raises(NotFound):
            await job(last)
        await current_session().execute(
            "update task_run set given_up_at = now(), deaths = 2 where message_id = $1", last
        )
        found = await job(root)
        assert (found.state, found.again, found.deaths) == ("lost", True, 2)
        await again(found)
        rows = await current_session().fetch(
            "select o.run_id, o.sent_at, r.attempts, r.deaths, r.failure from outbox o"
            " join task_run r on r.message_id = o.run_id where r.finished_at is null"
        )
        assert [tuple(row.values()) for row in rows] == [(last, None, 0, 0, None)], (
            "the part that failed alone"
        )
        assert (await job(root)).state == "waiting"
        with pytest.raises(Conflict, match="不能在这里重试。请由提出的人重新办理一次"):
            await again(await job(root))


async def test_what_was_lost_is_told_by_kind_until_it_works_again(county: UUID) -> None:
    async with county_session(county):
        first, later = await now(-60), await now(60)
        await asked(given_up_at=first, deaths=MOST_DEATHS)
        await asked(given_up_at=await now(), deaths=1)
        stopped = await asked(given_up_at=later)
        await current_session().execute("update outbox set cancelled_at = now() where run_id = $1", stopped)
        [lost] = await lost_tasks()
        assert (lost.title, lost.times, lost.killed) == ("记号", 2, True)
        await asked(finished_at=await now(-30))
        [lost] = await lost_tasks()
        assert (lost.times, lost.killed) == (1, False), "what failed before it worked again is over"
        await asked(finished_at=later)
        assert await lost_tasks() == []


async def test_how_many_there_are_and_how_long_the_oldest_waits(county: UUID) -> None:
    async with county_session(county) as session:
        assert (await counted()).by_state == {}
        assert (await counted()).oldest == 0.0
        at = await now()
        waits = await asked()
        await asked(attempts=2, failure="X")
        for old in (await asked(finished_at=at), await asked(given_up_at=at)):
            await session.execute("update outbox set sent_at = now() where run_id = $1", old)
        found = await counted()
        assert found.by_state == {"open": 2, "done": 1, "lost": 1}
        assert found.oldest >= 0
        assert (await job(waits)).state == "waiting"


async def test_traces_are_kept_for_thirty_days(county: UUID) -> None:
    async with county_session(county) as session:
        kept, gone = await now(-29 * 86_400), await now(-31 * 86_400)
        stay = [
            await asked(finished_at=kept), await asked(given_up_at=kept), await asked(), await asked(attempts=6, failure="X"),
        ]  # fmt: skip
        await asked(finished_at=gone)
        await asked(given_up_at=gone)
        await forget_old_runs(session)
        left = await session.fetch("select message_id from task_run order by message_id")
        assert [row[0] for row in left] == sorted([stay[0], stay[1], stay[3]])
        await session.execute("update outbox set sent_at = $2 where run_id = $1", stay[0], kept)
        for one in stay[1:3]:
            await session.execute("update outbox set sent_at = $2 where run_id = $1", one, gone)
        await session.execute("update outbox set sent_at = null where run_id = $1", stay[3])
        before = await session.fetchval("select count(*) from outbox")
        await forget_old_messages(session)
        assert await session.fetchval("select count(*) from outbox") == before - 2
        assert {one.id for one in await jobs()} >= {stay[0], stay[3]}
