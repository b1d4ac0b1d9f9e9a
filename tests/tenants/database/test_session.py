"""A session is one transaction of one county, whatever goes wrong inside it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context
from uuid import UUID, uuid4

import asyncpg
import pytest
from piccolo.table import Table

from tenants.database.engine import SERVER_SETTINGS, engine
from tenants.database.errors import NestedSession, NoSession, NotCommitted
from tenants.database.session import (
    county_session,
    current_session,
    global_session,
    owner_session,
)
from tenants.database.source import wake_all
from tenants.ground.figures import FIGURES
from tests.conftest import Database
from tests.tenants.database.accounts import Account
from tests.waiting import PATIENCE_SECONDS, until_at_work, until_so

pytestmark = pytest.mark.anyio

ADD = "insert into account (login, name, password_hash) values ($1, $1, '')"


async def logins(county: UUID) -> set[str]:
    async with asyncio.timeout(PATIENCE_SECONDS), county_session(county) as session:
        return {row["login"] for row in await session.fetch("select login from account")}


class Empty(Exception):
    """An exception that is false in `if exception:`."""

    def __len__(self) -> int:
        return 0


async def test_a_session_sees_its_own_county_only(counties: tuple[UUID, UUID]) -> None:
    async with county_session(counties[0]) as session:
        await session.execute(ADD, "only-first")
    assert "only-first" in await logins(counties[0])
    assert "only-first" not in await logins(counties[1])


async def test_piccolo_queries_run_in_the_session_around_them(counties: tuple[UUID, UUID]) -> None:
    async with county_session(counties[0]):
        await Account(login="by-piccolo", name="x", password_hash="").save()
        assert await Account.count().where(Account.login == "by-piccolo") == 1
    async with county_session(counties[1]):
        assert await Account.count().where(Account.login == "by-piccolo") == 0


async def run_select() -> object:
    return await Account.select()


async def run_ddl() -> object:
    return await Account.alter().drop_table()


async def run_batch() -> object:
    return await Account.select().batch()


async def run_raw() -> object:
    return await Account.raw("select 1")


async def run_atomic() -> object:
    return await engine().atomic().run()  # type: ignore[no-untyped-call]


async def run_transaction() -> object:
    return engine().transaction()


async def run_core() -> object:
    from core.database import fetch

    return await fetch("select 1")


@pytest.mark.parametrize("query", [run_select, run_ddl, run_batch, run_raw, run_atomic, run_transaction])
async def test_no_query_runs_outside_a_session(
    query: Callable[[], Awaitable[object]], counties: tuple[UUID, UUID]
) -> None:
    with pytest.raises(NoSession, match="county_session"):
        await query()


async def test_core_refuses_raw_sql_outside_a_session(counties: tuple[UUID, UUID]) -> None:
    async with county_session(counties[0]):
        pass
    with pytest.raises(RuntimeError):
        await run_core()


async def test_tenant_tables_refuse_where_no_county_is_set(counties: tuple[UUID, UUID]) -> None:
    await logins(counties[0])
    with pytest.raises(asyncpg.PostgresError):
        async with global_session() as session:
            await session.fetch("select * from account")
    async with global_session() as session:
        assert await session.fetchval("select count(*) from county") == 2


async def test_an_exception_rolls_back_and_goes_on_to_the_caller(counties: tuple[UUID, UUID]) -> None:
    with pytest.raises(KeyError):
        async with county_session(counties[0]) as session:
            await session.execute(ADD, "undone")
            raise KeyError("x")
    assert "undone" not in await logins(counties[0])


async def test_an_exception_of_length_nought_rolls_back(counties: tuple[UUID, UUID]) -> None:
    with pytest.raises(Empty):
        async with county_session(counties[0]) as session:
            await session.execute(ADD, "undone-empty")
            raise Empty
    assert "undone-empty" not in await logins(counties[0])


@pytest.mark.parametrize("inner", [county_session, owner_session])
async def test_a_session_inside_a_session_raises(
    inner: Callable[[UUID], object], counties: tuple[UUID, UUID]
) -> None:
    async with county_session(counties[0]) as session:
        with pytest.raises(NestedSession):
            async with inner(counties[1]):  # type: ignore[attr-defined]
                pytest.fail("opened")
        assert current_session() is session
        assert await session.fetchval("select session_county()") == counties[0]


async def test_a_statement_that_failed_and_was_swallowed_does_not_pass_for_saved(
    counties: tuple[UUID, UUID],
) -> None:
    with pytest.raises(NotCommitted):
        async with county_session(counties[0]) as session:
            await session.execute(ADD, "swallowed")
            with pytest.raises(asyncpg.PostgresError):
                await session.execute("select 1 / 0")
    assert "swallowed" not in await logins(counties[0])


async def test_a_failing_commit_raises_and_gives_the_connection_back(counties: tuple[UUID, UUID]) -> None:
    async with owner_session() as owner:
        await owner.execute(
            "create table late (id int primary key, other int references late deferrable initially deferred);"
            "grant insert on late to dangwu_app"
        )
    told: list[int] = []

    async def tell() -> None:
        told.append(1)

    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with county_session(counties[0]) as session:
            session.after_commit(tell)
            await session.execute("insert into late values (1, 2)")
    assert not told
    assert await logins(counties[0]) is not None
    assert engine().pool.get_idle_size() == 1  # type: ignore[union-attr]
    async with owner_session() as owner:
        await owner.execute("drop table late")


async def test_cancelling_in_the_middle_of_a_query_rolls_back(
    counties: tuple[UUID, UUID], database: Database
) -> None:
    async def slow() -> None:
        async with county_session(counties[0]) as session:
            await session.execute(ADD, "cancelled")
            await session.execute("select pg_sleep(600)")

    task = asyncio.create_task(slow())
    await until_at_work(database.superuser_url, "pg_sleep")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert "cancelled" not in await logins(counties[0])


async def test_cancelling_while_waiting_for_a_connection_leaks_none(counties: tuple[UUID, UUID]) -> None:
    async def asked() -> bool:
        return bool(engine().pool._queue._getters)  # type: ignore[union-attr]

    async with county_session(counties[0]):
        waiting = asyncio.create_task(logins(counties[1]), context=Context())
        await until_so(asked)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert await logins(counties[1]) is not None


async def test_cancelling_during_the_rollback_gives_the_connection_back(counties: tuple[UUID, UUID]) -> None:
    async def twice() -> None:
        async with county_session(counties[0]) as session:
            await session.execute(ADD, "cancelled-twice")
            task = asyncio.current_task()
            assert task is not None
            asyncio.get_running_loop().call_soon(task.cancel)
            raise KeyError

    with pytest.raises(asyncio.CancelledError):
        await asyncio.create_task(twice())
    assert "cancelled-twice" not in await logins(counties[0])


async def test_cancelling_while_the_transaction_opens_leaks_no_connection(
    counties: tuple[UUID, UUID], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as slow:
        slow.setattr(
            "tenants.database.session.Session._opening", lambda session: "BEGIN; SELECT pg_sleep(600)"
        )
        opening = asyncio.create_task(logins(counties[0]))
        await until_at_work(database.superuser_url, "pg_sleep")
        opening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await opening
    assert engine().pool.get_idle_size() <= 1  # type: ignore[union-attr]
    assert await logins(counties[1]) is not None


async def test_cancelling_during_the_commit_leaks_no_connection_and_leaves_none_half_way(
    counties: tuple[UUID, UUID], database: Database
) -> None:
    async with owner_session() as owner:
        await owner.execute(
            "create table slow (id int); grant insert on slow to dangwu_app;"
            "create function dawdle() returns trigger language plpgsql set lock_timeout = 0"
            " as 'begin perform pg_advisory_xact_lock(1); return null; end';"
            "create constraint trigger dawdles after insert on slow deferrable initially deferred"
            " for each row execute function dawdle()"
        )

    async def commits_slowly() -> None:
        async with county_session(counties[0]) as session:
            await session.execute(ADD, "half-committed")
            await session.execute("insert into slow values (1)")

    async with owner_session() as holding:
        await holding.execute("select pg_advisory_xact_lock(1)")
        committing = asyncio.create_task(commits_slowly(), context=Context())
        await until_at_work(database.superuser_url, "COMMIT")
        committing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await committing
        pool = engine().pool
        assert pool is not None
        assert pool.get_idle_size() == pool.get_size()
        assert "half-committed" not in await asyncio.create_task(logins(counties[0]), context=Context())
    async with (
        owner_session() as owner
    ):  # the server goes on by itself: the lock waits until it has done all of it or nothing
        await owner.execute("lock table slow")
        written = await owner.fetchval("select count(*) from slow")
        await owner.execute("drop table slow; drop function dawdle")
    assert ("half-committed" in await logins(counties[0])) == bool(written)


async def test_a_connection_whose_transaction_did_not_end_is_nobodys_any_more(
    counties: tuple[UUID, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given back as it is, the next county's COMMIT would save what this one's ROLLBACK was to undo."""
    real = asyncpg.Connection.execute

    async def never_sent(connection: asyncpg.Connection, query: str, *args: object, **more: object) -> str:
        if query == "ROLLBACK":
            raise asyncio.CancelledError
        status: str = await real(connection, query, *args, **more)
        return status

    async def undone_half_way() -> None:
        async with county_session(counties[0]) as session:
            await session.execute(ADD, "never-undone")
            raise KeyError

    with monkeypatch.context() as patch:
        patch.setattr(asyncpg.Connection, "execute", never_sent)
        with pytest.raises(asyncio.CancelledError):
            await undone_half_way()
    assert "never-undone" not in await logins(counties[1])
    assert "never-undone" not in await logins(counties[0])


async def test_connections_are_set_as_the_measurements_ask(counties: tuple[UUID, UUID]) -> None:
    """Generic plans made a search eighteen times slower from its sixth run on; without a limit, locks are waited for for ever."""
    assert {"plan_cache_mode", "lock_timeout", "jit"} <= set(SERVER_SETTINGS)
    async with county_session(counties[0]) as session:
        for _ in range(7):
            await session.fetch("select id from account where login = $1", "x")
        plans = await session.fetchrow(
            "select sum(generic_plans) as generic, sum(custom_plans) as custom from pg_prepared_statements"
            " where statement like 'select id from account%'"
        )
        assert plans is not None
        assert (plans["generic"], plans["custom"] >= 7) == (0, True)
        for name, value in SERVER_SETTINGS.items():
            assert await session.fetchval("select current_setting($1)", name) == value


async def test_an_error_while_opening_gives_the_connection_back(counties: tuple[UUID, UUID]) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        async with county_session("'; drop table account; --"):  # type: ignore[arg-type]
            pytest.fail("opened")
    with pytest.raises(NoSession):
        current_session()
    assert await logins(counties[0]) is not None


async def test_a_broken_connection_is_replaced(counties: tuple[UUID, UUID]) -> None:
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        async with county_session(counties[0]) as session:
            await session.execute("select pg_terminate_backend(pg_backend_pid())")
    assert await logins(counties[0]) is not None


async def test_queries_side_by_side_in_one_session_are_refused_and_undone(
    counties: tuple[UUID, UUID],
) -> None:
    with pytest.raises(asyncpg.InterfaceError, match="another operation"):
        async with county_session(counties[0]) as session:
            await session.execute(ADD, "gathered")
            await asyncio.gather(*(session.fetch("select pg_sleep(0.2)") for _ in range(3)))
    assert "gathered" not in await logins(counties[0])


async def test_a_task_that_outlives_its_session_cannot_query(counties: tuple[UUID, UUID]) -> None:
    over = asyncio.Event()

    async def late() -> None:
        await over.wait()
        await Account.select()

    async with county_session(counties[0]):
        task = asyncio.create_task(late())
    over.set()
    with pytest.raises(NoSession):
        await task


async def test_a_savepoint_undoes_its_part_alone(counties: tuple[UUID, UUID]) -> None:
    async with county_session(counties[0]) as session:
        await session.execute(ADD, "kept")
        with pytest.raises(asyncpg.UniqueViolationError):
            async with session.savepoint():
                await session.execute(ADD, "part")
                await session.execute(ADD, "kept")
        async with engine().transaction():
            await session.execute(ADD, "also-kept")
    assert {"kept", "also-kept"} <= await logins(counties[0])
    assert "part" not in await logins(counties[0])


async def test_what_waits_for_the_commit_runs_after_it_and_only_then(counties: tuple[UUID, UUID]) -> None:
    seen: list[bool] = []

    async def look() -> None:
        seen.append("told" in await logins(counties[0]))

    async with county_session(counties[0]) as session:
        session.after_commit(look)
        await session.execute(ADD, "told")
        assert seen == []
    assert seen == [True]
    with pytest.raises(KeyError):
        async with county_session(counties[0]) as session:
            session.after_commit(look)
            raise KeyError
    assert seen == [True]


async def test_a_failing_follow_up_does_not_undo_what_is_saved(counties: tuple[UUID, UUID]) -> None:
    async def fails() -> None:
        raise OSError("redis is away")

    async with county_session(counties[0]) as session:
        session.after_commit(fails)
        await session.execute(ADD, "saved-anyway")
    assert "saved-anyway" in await logins(counties[0])


async def test_begin_and_commit_by_hand_as_the_web_does(counties: tuple[UUID, UUID]) -> None:
    session = await county_session(counties[0]).begin()
    await session.execute(ADD, "by-hand")
    await session.commit()
    with pytest.raises(NoSession):
        await session.fetch("select 1")
    session = await county_session(counties[0]).begin()
    await session.execute(ADD, "by-hand-undone")
    await session.rollback()
    assert {"by-hand"} == await logins(counties[0]) & {"by-hand", "by-hand-undone"}


async def test_rows_cannot_be_written_into_another_county(counties: tuple[UUID, UUID]) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with county_session(counties[0]) as session:
            await session.execute(
                "insert into account (tenant_id, login, name, password_hash) values ($1, 'x', 'x', '')",
                counties[1],
            )


async def test_an_unknown_county_has_nothing_and_can_hold_nothing(counties: tuple[UUID, UUID]) -> None:
    assert await logins(uuid4()) == set()
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with county_session(uuid4()) as session:
            await session.execute(ADD, "nowhere")


def test_importing_the_engine_connects_to_nothing() -> None:
    from migrations.piccolo_conf import DB

    assert issubclass(Account, Table)
    assert DB.config == {}


async def reader(county: UUID) -> tuple[int, set[str]]:
    """Which connection it had, and the logins that it saw."""
    async with county_session(county, only_reads=True) as session:
        seen = {row["login"] for row in await session.fetch("select login from account")}
        return await session.fetchval("select pg_backend_pid()"), seen


async def test_a_session_that_only_reads_leaves_its_end_to_the_next_one(counties: tuple[UUID, UUID]) -> None:
    async with county_session(counties[0]) as session:
        await session.execute(ADD, "read-in-the-first")
    first, seen = await reader(counties[0])
    assert "read-in-the-first" in seen
    second, others = await reader(counties[1])
    assert second == first
    assert "read-in-the-first" not in others
    async with county_session(counties[1]) as session:
        assert await session.fetchval("select pg_backend_pid()") == first
        await session.execute(ADD, "written-on-it")
    assert "written-on-it" in await logins(counties[1])


async def test_a_session_that_only_reads_writes_nothing(counties: tuple[UUID, UUID]) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with county_session(counties[0], only_reads=True) as session:
            await session.execute(ADD, "never-written")
    assert "never-written" not in await logins(counties[0])


async def test_a_connection_rests_only_a_moment(
    counties: tuple[UUID, UUID], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as it rests, no table that was read can be changed; it is in nobody's use then, and is counted back once."""
    held = FIGURES.get_sample_value("dangwu_pool_held")
    watching = await asyncpg.connect(database.superuser_url)

    async def ended() -> bool:
        sql = "select state = 'idle' from pg_stat_activity where pid = $1"
        return bool(await watching.fetchval(sql, pid))

    with monkeypatch.context() as patched:
        patched.setattr("tenants.database.resting.SECONDS", PATIENCE_SECONDS)
        pid, _ = await reader(counties[0])
    assert FIGURES.get_sample_value("dangwu_pool_held") == held
    assert not await ended()
    await wake_all()
    await until_so(ended)
    pid, _ = await reader(counties[0])
    await until_so(ended)
    await watching.close()
    await wake_all()
    assert engine().pool.get_idle_size() >= 1  # type: ignore[union-attr]
    assert FIGURES.get_sample_value("dangwu_pool_held") == held
