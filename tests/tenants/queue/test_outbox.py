"""What is called for in a transaction is sent if and only if it is committed."""

from __future__ import annotations

import asyncio
import os
import traceback
from collections.abc import AsyncIterator
from contextlib import ExitStack
from contextvars import Context
from datetime import date, datetime
from uuid import UUID, uuid4

import asyncpg
import msgspec
import pytest
from dramatiq import Message
from redis import Redis

from core.actor import SYSTEM
from tenants.counties import counties, open_county
from tenants.database.session import close_database, county_session, open_database
from tenants.ground.clock import SHANGHAI
from tenants.ground.environment import QUEUE_DB, redis_url
from tenants.ground.files import county_files
from tenants.ground.redis import close_redis
from tenants.policies import plugins, standings
from tenants.queue import jobs, progress
from tenants.queue import relay as relaying
from tenants.queue.broker import SINGLY, broker, waiting
from tenants.queue.outbox import enqueue, relay_county
from tenants.queue.places import AWAITED, EACH_COUNTY, call_back, lay_aside, place
from tenants.queue.relay import run_relay
from tenants.queue.run import MOST_ATTEMPTS, TaskFailed, lost_tasks
from tenants.queue.starts import leave, started
from tenants.worker import tasks
from tenants.worker.tasks import clear_files, enqueue_sweeps, sweep_county
from tests.conftest import Database
from tests.tenants.conftest import TODAY, plant
from tests.tenants.policies.many_cases import plant_cases
from tests.tenants.queue.everywhere import relay
from tests.tenants.worker.slow_task import STEPS, failing, leave_mark, stepping
from tests.waiting import until_so

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def pool(database: object) -> AsyncIterator[None]:
    await open_database(min_size=1, max_size=4)
    yield
    await close_redis()
    await close_database()


@pytest.fixture
async def county(pool: None) -> UUID:
    Redis.from_url(redis_url(QUEUE_DB)).flushall()
    slug = f"c{uuid4().hex[:12]}"
    return await open_county(slug, slug, TODAY)


def queued() -> int:
    return int(broker.do_qsize("default"))


async def unsent(county: UUID) -> int:
    async with county_session(county) as session:
        return int(await session.fetchval("select count(*) from outbox where sent_at is null"))


async def call(county: UUID, mark: str, run_id: UUID | None = None) -> UUID:
    async with county_session(county):
        return await enqueue(leave_mark, run_id=run_id, mark=mark)


async def marks(county: UUID) -> list[str]:
    async with county_session(county) as session:
        return [row["login"] for row in await session.fetch("select login from account order by login")]


async def run(actor: object, county: UUID, run_id: UUID, **arguments: object) -> None:
    """Run a task here as the worker would; what was not called for is called for, and sent."""
    async with county_session(county) as session:
        if not await session.fetchval("select exists (select from outbox where run_id = $1)", run_id):
            await enqueue(actor, run_id=run_id, **arguments)  # type: ignore[arg-type]
            await session.execute("update outbox set sent_at = now() where run_id = $1", run_id)
    await actor.fn.__wrapped__(county_id=str(county), run_id=str(run_id), **arguments)  # type: ignore[attr-defined]


async def test_a_rolled_back_producer_leaves_nothing(county: UUID) -> None:
    with pytest.raises(KeyError):
        async with county_session(county):
            await enqueue(leave_mark, mark="never")
            raise KeyError
    assert await relay() == 0
    assert queued() == 0


async def test_a_committed_message_is_sent_once(county: UUID) -> None:
    await call(county, "once")
    assert queued() == 0
    assert await relay_county(county) == 1
    assert await relay_county(county) == 0
    assert queued() == 1


async def test_messages_of_all_counties_are_found(county: UUID) -> None:
    other = await open_county("other", "其他县", TODAY)
    await call(county, "here")
    await call(other, "there")
    assert await relay() == 2


async def test_two_relays_share_the_work(county: UUID) -> None:
    async with county_session(county):
        for number in range(40):
            await enqueue(leave_mark, mark=f"m{number}")
    relays = [asyncio.create_task(relay_county(county, batch=7), context=Context()) for _ in range(2)]
    assert sum(await asyncio.gather(*relays)) == 40
    assert queued() == 40


async def test_of_one_county_so_much_runs_at_once_and_the_rest_is_called_back(county: UUID) -> None:
    """As soon as a place is left, and never before: whatever waits costs nothing, however much it is."""
    other, waits, goes, leaves = await open_county("beside", "旁边县", TODAY), uuid4(), uuid4(), uuid4()
    with ExitStack() as busy:
        for _ in range(EACH_COUNTY):
            assert busy.enter_context(place(county))
        await run(leave_mark, county, waits, mark="waits")
        await run(leave_mark, other, goes, mark="goes")
        assert (await marks(county), await marks(other)) == ([], ["goes"])
        with place(county, AWAITED) as free:
            assert free, "somebody sits and waits for it"
        await call_back(county)
        assert await waiting() == {"now": 0, "later": 0, "aside": 1}
    await run(leave_mark, county, leaves, mark="leaves")
    assert await waiting() == {"now": 1, "later": 0, "aside": 0}
    await run(leave_mark, county, waits)
    assert await marks(county) == ["leaves", "waits"]


async def test_the_urgent_are_called_back_first_and_a_failure_calls_too(county: UUID) -> None:
    for task in ("make_export", "leave_mark"):
        await lay_aside(task, county, uuid4())
    with pytest.raises(TaskFailed):
        await run(failing, county, uuid4(), secret="x")
    said = [Message.decode(one).actor_name for one in broker.do_fetch("default", 9)]
    assert said == ["leave_mark", "make_export"]


async def test_what_only_reckons_is_left_to_the_process_that_is_idle(county: UUID) -> None:
    """As soon as one has a part of a preview, the next one is for another process, however many it may have of other tasks."""
    for _ in range(3):
        broker.enqueue(broker.get_actor("preview_part").message(county_id=str(county), run_id=str(uuid4())))
    assert (await waiting())["now"] == 3
    busy, idle = (broker.consume(SINGLY, prefetch=8, timeout=1) for _ in range(2))
    first = next(busy)
    assert first is not None
    assert next(busy) is None
    assert next(idle) is not None
    busy.ack(first)
    assert next(busy) is not None


async def ended(running: asyncio.Task[None], county: UUID) -> None:
    """Stop a relay once it has also noted what it sent: what it has not noted would be sent again."""

    async def noted() -> bool:
        return await unsent(county) == 0

    await until_so(noted)
    running.cancel()


async def until_queued() -> None:
    """Wait for the first message in the queue."""

    async def arrived() -> bool:
        return queued() > 0

    await until_so(arrived)


@pytest.fixture
async def asked(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """Which counties a relay asks, in order; its rounds follow one another at once."""
    counties: list[UUID] = []

    async def noted(county: UUID) -> int:
        counties.append(county)
        return await relay_county(county)

    monkeypatch.setattr(relaying, "relay_county", noted)
    monkeypatch.setattr(relaying, "ROUND_SECONDS", 0.01)
    return counties


async def test_the_relay_is_called_at_the_commit_and_asks_nobody_else(
    database: Database, county: UUID, asked: list[UUID]
) -> None:
    """It looks everywhere once, when it starts; idle it asks the database one thing, whether it is still heard."""
    everywhere = {one.id for one in await counties()}
    await call(county, "before")
    running = asyncio.create_task(run_relay(), context=Context())
    await until_queued()
    await until_at_rest(database.superuser_url)
    assert sorted(asked) == sorted(everywhere)
    broker.flush_all()
    await call(county, "woken")
    await until_queued()
    await ended(running, county)
    assert asked[len(everywhere) :] == [county]


async def until_at_rest(superuser_url: str) -> None:
    """Until the relay has found nothing more to do, and asks whether it is heard."""
    connection = await asyncpg.connect(superuser_url)
    resting = "select exists (select from pg_stat_activity where query = 'select 1' and datname = current_database())"
    try:
        await until_so(lambda: connection.fetchval(resting))
    finally:
        await connection.close()


async def test_a_relay_that_is_no_longer_heard_ends_to_begin_anew(
    database: Database, county: UUID, asked: list[UUID]
) -> None:
    """PostgreSQL went away: what was committed meanwhile called nobody."""
    running = asyncio.create_task(run_relay(), context=Context())
    await until_at_rest(database.superuser_url)
    root = await asyncpg.connect(database.superuser_url)
    await root.execute("select pg_terminate_backend(pid) from pg_stat_activity where query = 'select 1'")
    await root.close()
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await running


async def test_while_redis_is_away_the_call_waits(
    county: UUID, asked: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setenv("DANGWU_REDIS_URL", "unix:///nowhere.sock")
        broker.client.connection_pool.reset()
        await call(county, "kept")
        running = asyncio.create_task(run_relay(), context=Context())

        async def tried() -> bool:
            return asked.count(county) > 1

        await until_so(tried)
        assert await unsent(county) == 1
    broker.client.connection_pool.reset()
    await until_queued()
    await ended(running, county)


async def test_what_redis_lost_is_sent_from_the_table(county: UUID) -> None:
    await relay()
    await call(county, "kept")
    assert await unsent(county) == 1
    assert await relay() == 1


async def test_a_message_delivered_twice_runs_once(county: UUID) -> None:
    run_id = await call(county, "single")
    for _ in range(2):
        await run(leave_mark, county, run_id, mark="single")
    assert await marks(county) == ["single"]


async def test_deliveries_that_overlap_run_once(county: UUID) -> None:
    run_id = await call(county, "overlapping")
    await asyncio.gather(
        *(
            asyncio.create_task(run(leave_mark, county, run_id, mark="overlapping"), context=Context())
            for _ in range(3)
        )
    )
    assert await marks(county) == ["overlapping"]


async def test_a_failing_task_is_undone_counted_and_given_up(county: UUID) -> None:
    run_id, secret = uuid4(), "1101" + "01199001011234"
    for _ in range(MOST_ATTEMPTS):
        with pytest.raises(TaskFailed, match=r"^failing: ValueError at .*slow_task") as failed:
            await run(failing, county, run_id, secret=secret)
        assert secret not in "".join(traceback.format_exception(failed.value)), "this goes into the log"
    await run(failing, county, run_id, secret=secret)
    async with county_session(county) as session:
        row = await session.fetchrow("select * from task_run where message_id = $1", run_id)
        assert row is not None
        assert (row["task"], row["failure"], row["finished_at"]) == ("failing", "ValueError", None)
        assert row["attempts"] == MOST_ATTEMPTS + 1
        assert [(one.title, one.at, one.times) for one in await lost_tasks()] == [
            ("总是失败", row["given_up_at"], 1)
        ]
        await session.execute(
            "insert into task_run (message_id, task, finished_at) values ($1, 'failing', now() + interval '1 s')",
            uuid4(),
        )
        assert await lost_tasks() == [], "it works again"


async def test_what_was_given_up_can_be_tried_again_and_a_running_job_stopped(
    county: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its progress is seen while its transaction is open; what it has written is undone."""
    monkeypatch.setattr(progress, "EVERY_SECONDS", 0.0)
    await call(county, "first")
    async with county_session(county):
        run_id = await enqueue(stepping, steps=3, asker=(UUID(int=1), "王五"))
    await relay()
    async with county_session(county) as session:
        await session.execute(
            "insert into task_run (message_id, task, attempts, given_up_at, failure) values ($1, 'stepping', 6, now(), 'X')",
            run_id,
        )
        assert [one.title for one in await jobs.jobs(whose=UUID(int=1), group="lost")] == ["一步一步"]
        await jobs.again(await jobs.job(run_id))
    assert await unsent(county) == 1
    seen: list[tuple[str, int | None, int | None]] = []

    async def look(step: int) -> None:
        async with county_session(county):
            found = await jobs.job(run_id)
            seen.append((found.state, found.done, found.total))
            if step == 2:
                await jobs.cancel(SYSTEM, found)

    STEPS.append(look)
    await run(stepping, county, run_id, steps=3)
    STEPS.clear()
    async with county_session(county):
        found = await jobs.job(run_id)
        assert (found.state, found.cancelled_by, found.again) == ("cancelled", "系统", False)
        assert await lost_tasks() == []
    assert seen == [("running", 1, 3), ("running", 2, 3)]
    assert await marks(county) == []


async def test_a_message_whose_process_died_twice_is_given_up(county: UUID) -> None:
    """Once is no reason; begun by another process and not ended, it is counted."""
    run_id = uuid4()
    for deaths in (1, 2):
        async with county_session(county) as session:
            await session.execute(
                "insert into task_run (message_id, task, attempts, runner, deaths) values ($1, 'leave_mark', 1, $2, $3)"
                " on conflict (tenant_id, message_id) do update set runner = $2, finished_at = null",
                run_id, uuid4(), deaths - 1,
            )  # fmt: skip
        await run(leave_mark, county, run_id, mark=f"after-{deaths}")
    assert await marks(county) == ["after-1"]
    async with county_session(county):
        assert [(one.title, one.killed) for one in await lost_tasks()] == [("记号", True)]


async def test_what_a_process_leaves_unfinished_in_good_order_is_not_held_against_it(county: UUID) -> None:
    run_id = uuid4()
    async with started(county, run_id, "leave_mark"):
        await leave()
    async with county_session(county) as session:
        assert await session.fetchval("select runner from task_run where message_id = $1", run_id) is None


@pytest.mark.parametrize("name", ["recompute_below", "sweep_county"])
async def test_many_cases_are_worked_out_in_parts(
    county: UUID, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each part is a transaction of its own and calls for the next; every case has its turn once."""
    tree = await plant(county)
    async with county_session(county) as session:
        await plant_cases(tree.branch, "/d/c/b/", 5, date(2026, 9, 1), TODAY)
        await session.execute("update case_file set reasons = '{old.code}', computed_on = $1, changes_on = $2",
                              date(2026, 9, 1), TODAY)  # fmt: skip
        await session.execute("update county set standings_by = $1", plugins.fingerprint())
    monkeypatch.setattr(standings, "PART", 2)
    given = {"path": "/"} if name == "recompute_below" else {}
    await run(getattr(tasks, name), county, uuid4(), today=TODAY.isoformat(), **given)
    left = []
    while True:
        async with county_session(county) as session:
            left.append(await session.fetchval("select count(*) from case_file where '{old.code}' = reasons"))
            waiting = (
                "select id, message from outbox where sent_at is null and message ->> 'actor_name' <> 'notify'"
                " order by id limit 1"
            )
            row = await session.fetchrow(waiting)
            if row is None:
                break
            await session.execute("update outbox set sent_at = now() where id = $1", row["id"])
        message = msgspec.json.decode(row["message"])
        await broker.get_actor(message["actor_name"]).fn.__wrapped__(**message["kwargs"])  # type: ignore[attr-defined]
    assert left == [3, 1, 0]
    async with county_session(county) as session:
        swept = await session.fetchval("select swept_on from county where id = $1", county)
        assert swept == (TODAY if name == "sweep_county" else None)


async def test_the_sweep_of_a_day_is_called_for_once(county: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    everywhere = len(await counties())
    assert [await enqueue_sweeps(TODAY) for _ in range(2)] == [everywhere, 0]
    assert await enqueue_sweeps(date(2026, 11, 22)) == everywhere
    monkeypatch.setattr("tenants.policies.plugins.fingerprint", lambda: "one more plugin")
    assert await enqueue_sweeps(TODAY) == everywhere


async def test_the_sweep_of_a_day_clears_the_countys_files_and_no_others(county: UUID) -> None:
    here, there = county_files(county), county_files(uuid4())
    old = datetime(2026, 11, 19, tzinfo=SHANGHAI).timestamp()
    for store in (here, there):
        store.folder.mkdir(parents=True)
        (store.folder / "incoming-died").write_bytes(b"half")
        os.utime(store.folder / "incoming-died", (old, old))
    await run(clear_files, county, uuid4(), today=TODAY.isoformat())
    assert not list(here.folder.iterdir())
    assert len(list(there.folder.iterdir())) == 1
    async with county_session(county) as session:
        await session.execute("delete from outbox")
    await enqueue_sweeps(date(2026, 11, 23))
    async with county_session(county) as session:
        called = await session.fetch("select message ->> 'actor_name' as task from outbox order by id")
    assert [row["task"] for row in called] == ["sweep_county", "clear_files", "verify_ledger"]


async def test_other_plugins_than_the_last_time_have_everything_worked_out_anew(
    county: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = await plant(county)
    async with county_session(county) as session:
        await plant_cases(tree.branch, "/d/c/b/", 2, date(2026, 9, 1), TODAY)
    for installed, fresh in (("these", 2), ("these", 0), ("others", 2)):
        monkeypatch.setattr("tenants.policies.plugins.fingerprint", lambda installed=installed: installed)
        async with county_session(county) as session:
            await session.execute("update case_file set reasons = '{old.code}'")
        await run(sweep_county, county, uuid4(), today=TODAY.isoformat())
        async with county_session(county) as session:
            count = await session.fetchval("select count(*) from case_file where reasons <> '{old.code}'")
        assert count == fresh


NAMES = ("other", "OTHER", "absent", "null")


@pytest.mark.parametrize("named", NAMES)
async def test_no_message_names_another_county(
    database: Database, county: UUID, named: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever a session of one county writes, nothing runs for another: the table refuses it, and the relay does not send it."""
    other = await open_county(f"o{uuid4().hex[:12]}", uuid4().hex, TODAY)
    names = {"other": str(other), "OTHER": str(county).upper(), "null": None}
    kwargs = {"run_id": str(uuid4()), "mark": "crossed"} | (
        {"county_id": names[named]} if named in names else {}
    )
    text = msgspec.json.encode(leave_mark.message(**kwargs).asdict()).decode()
    written = "insert into outbox (message) values ($1)"
    async with county_session(county) as session:
        with pytest.raises(asyncpg.CheckViolationError):
            async with session.savepoint():
                await session.execute(written, text)
    root = await asyncpg.connect(database.superuser_url)
    await root.execute("alter table outbox drop constraint outbox_names_its_county")
    try:
        async with county_session(county) as session:
            await session.execute(written, text)
        await relay_county(county)
        assert queued() == 0
        assert "names another one" in caplog.text
    finally:
        await root.execute("delete from outbox")
        await root.execute(
            "alter table outbox add constraint outbox_names_its_county check"
            " ((message #>> '{kwargs,county_id}') is not distinct from tenant_id::text)"
        )
        await root.close()


async def test_a_message_belongs_to_a_county(pool: None) -> None:
    from tenants.database.session import global_session

    async with global_session():
        with pytest.raises(RuntimeError, match="county_session"):
            await enqueue(leave_mark, mark="nowhere")
