"""A database from before, with what people have written in it, is brought up to date: all of it is still there, and is found."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from piccolo.apps.migrations.commands.forwards import run_forwards

from core.ledger.close import public
from core.ledger.verify import Trust, verify
from deploy.embedded.addresses import Addresses
from deploy.inside import inside
from migrations.migrate import migrate, missing
from tenants.database.session import county_session, owner_session
from tenants.worker.ledger import close_all

OLD, LATER = "0036", "0107"
"""The releases that somebody upgrades from: the last migrations before whose turn it is, and before numbers are held."""
KEY = Ed25519PrivateKey.generate()
UNIT, PERSON, CASE, ENTRY, ACCOUNT, LETTER, LINE, COUNTY = range(1, 9)


def _id(kind: int, number: int) -> str:
    return f"{kind:08d}-0000-0000-0000-{number:012d}"


BAIXI, DONGHE = _id(COUNTY, 1), _id(COUNTY, 2)
_BRANCH, _COMMITTEE = _id(ACCOUNT, 1), _id(ACCOUNT, 2)


class Old:
    """A database, and a connection to it that sees all of it."""

    def __init__(self, url: str, owner: str) -> None:
        self.url, self.owner = url, owner

    def asked(self, sql: str, *given: object) -> list[tuple[Any, ...]]:
        """Rows, as who owns the server reads them."""

        async def fetched() -> list[tuple[Any, ...]]:
            root = await asyncpg.connect(self.url)
            try:
                return [tuple(row.values()) for row in await root.fetch(sql, *given)]
            finally:
                await root.close()

        return asyncio.run(fetched())

    def written(self, *statements: str) -> None:
        """Put in what an older release has written: in the session of the first county."""

        async def executed() -> None:
            root = await asyncpg.connect(self.url)
            try:
                async with root.transaction():
                    await root.execute("select enter_county($1::text::uuid)", BAIXI) if entered else None
                    for one in statements:
                        await root.execute(one)
            finally:
                await root.close()

        entered = bool(self.asked("select from county"))
        asyncio.run(executed())


async def _up_to(migration: str) -> None:
    async with owner_session():
        with contextlib.redirect_stdout(io.StringIO()):
            assert (await run_forwards("dangwu", migration)).success


@pytest.fixture(scope="module")
def old(servers: Addresses) -> Iterator[Old]:
    """An empty database of these servers, as roles.sql leaves one."""

    async def admin(*statements: str, url: str = servers.superuser_url) -> None:
        root = await asyncpg.connect(url)
        for one in statements:
            await root.execute(one)
        await root.close()

    def named(url: str) -> str:
        return urlunsplit(urlsplit(url)._replace(path="/old"))

    made = Old(named(servers.superuser_url), named(servers.owner_database_url))
    asyncio.run(admin("create database old owner dangwu_owner template template0"))
    schema = "revoke all on schema public from public; grant usage on schema public to dangwu_app"
    asyncio.run(admin(schema, url=made.url))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (
            ("OWNER_DATABASE_URL", made.owner), ("DATABASE_URL", named(servers.database_url)),
            ("REDIS_URL", servers.redis_url), ("SECRET", servers.secret),
        ):  # fmt: skip
            patch.setenv(f"DANGWU_{name}", value)
        yield made
    asyncio.run(admin("drop database old with (force)"))


COUNTIES = f"""insert into county (id, slug, name, opened) values
    ('{BAIXI}', 'baixi', '白溪县', '2026-01-01'), ('{DONGHE}', 'donghe', '东河县', '2026-01-01')"""

UNITS = f"""insert into unit (tenant_id, id, parent_id, kind, name, short_name, path, py, py_initials) values
    ('{BAIXI}', '{_id(UNIT, 1)}', null, 'department', '组织部', '组织部', '/d/', 'zuzhibu', 'zzb'),
    ('{BAIXI}', '{_id(UNIT, 2)}', '{_id(UNIT, 1)}', 'committee', '城关镇党委', '城关镇', '/d/c/', 'chengguanzhen', 'cgz'),
    ('{BAIXI}', '{_id(UNIT, 3)}', '{_id(UNIT, 2)}', 'branch', '东街支部', '东街', '/d/c/b/', 'dongjiezhibu', 'djzb')"""

PEOPLE = "insert into person (tenant_id, id, name, py, py_initials, membership, unit_id, path) values " + ", ".join(
    f"('{BAIXI}', '{_id(PERSON, number)}', '{name}', '{py}', '{initials}', 'activist', '{_id(UNIT, 3)}', '/d/c/b/')"
    for number, name, py, initials in (
        (1, "李宁", "lining", "ln"), (2, "林安", "linan", "la"), (3, "单雄信", "shanxiongxin", "sxx"),
        (4, "王五", "wangwu", "ww"),
    )
)  # fmt: skip

CASES = f"""insert into case_file (tenant_id, id, procedure, person_id, person_name, py, py_initials, started, status, stage,
        membership, open_steps, open_states, open_levels, waits_for, computed_on, unit_id, path, asked)
    select '{BAIXI}', c.id, 'admission', p.id, p.name, p.py, p.py_initials, '2026-02-01', c.status, 'activist', 'activist',
           '{{talk}}', '{{open}}', c.open_levels, c.waits_for, '2026-11-01', p.unit_id, p.path, c.asked
    from (values
        ('{_id(CASE, 1)}'::uuid, '{_id(PERSON, 1)}'::uuid, 'running',
         '{{branch,committee}}'::text[], '{{branch}}'::text[], '{{department}}'::text[]),
        ('{_id(CASE, 2)}', '{_id(PERSON, 2)}', 'running', '{{branch}}', '{{}}', '{{}}'),
        ('{_id(CASE, 3)}', '{_id(PERSON, 3)}', 'completed', '{{}}', '{{}}', '{{}}')
    ) c(id, person, status, open_levels, waits_for, asked) join person p on p.id = c.person"""


def _entry(
    number: int, case: int, seq: int, kind: str, step: str | None, level: str, by: str, **more: str
) -> str:
    """An entry as it was written then."""
    columns, values = ", ".join(["", *more]), ", ".join(["", *more.values()])
    return f"""insert into case_entry
        (tenant_id, id, case_id, seq, kind, step, day, entered, level, by_unit_id, by_id, by_name{columns})
        values ('{BAIXI}', '{_id(ENTRY, number)}', '{_id(CASE, case)}', {seq}, '{kind}', {f"'{step}'" if step else "null"},
                '2026-03-01', '2026-03-01', '{level}', '{_id(UNIT, 2 if level == "committee" else 3)}', '{by}', '某'{values})"""


ENTRIES = (
    _entry(1, 1, 1, "record", "talk", "branch", _BRANCH),
    _entry(2, 1, 2, "record", "review", "committee", _COMMITTEE),
    _entry(3, 1, 3, "facts", None, "department", _id(ACCOUNT, 3)),
    _entry(4, 1, 4, "correction-request", "talk", "branch", _BRANCH, about=f"'{_id(ENTRY, 1)}'", asks="'committee'"),
    _entry(5, 1, 5, "correction-refused", "talk", "committee", _COMMITTEE, about=f"'{_id(ENTRY, 4)}'"),
    _entry(6, 1, 6, "strike-request", "review", "committee", _COMMITTEE, about=f"'{_id(ENTRY, 2)}'", asks="'department'"),
    _entry(7, 2, 1, "record", "talk", "branch", _BRANCH),
    _entry(8, 2, 2, "return", "talk", "committee", _COMMITTEE),
    _entry(9, 3, 1, "return", "talk", "committee", _COMMITTEE),
    _entry(10, 3, 2, "record", "talk", "branch", _BRANCH),
)  # fmt: skip

LOGS = (
    f"""insert into reading_log (tenant_id, id, person_id, what, purpose, by_id, by_name, at) values
        ('{BAIXI}', '{_id(LINE, 1)}', '{_id(PERSON, 1)}', 'file', '核对家庭情况', '{_BRANCH}', '某', '2026-05-01 08:00+08'),
        ('{BAIXI}', '{_id(LINE, 2)}', '{_id(PERSON, 2)}', 'elsewhere', '统计', '{_BRANCH}', '某', '2026-05-02 08:00+08')""",
    f"""insert into audit_entry (tenant_id, id, at, by_id, by_name, verb, subject_kind, subject_id, unit_id, detail) values
        ('{BAIXI}', '{_id(LINE, 3)}', '2026-05-03 08:00+08', '{_BRANCH}', '某', 'role.granted', 'account', '{_COMMITTEE}',
         '{_id(UNIT, 2)}', '{{"role": "inspector", "acts_for": "{_COMMITTEE}"}}'),
        ('{BAIXI}', '{_id(LINE, 4)}', '2026-05-04 08:00+08', '{_BRANCH}', '某', 'account.signed-in', 'account', '{_BRANCH}',
         null, '{{}}'),
        ('{BAIXI}', '{_id(LINE, 5)}', '2026-05-05 08:00+08', null, '系统', 'no.longer', 'county', null, null, '{{}}')""",
)  # fmt: skip


def test_whose_turn_a_case_is_follows_from_what_was_written_before(old: Old) -> None:
    asyncio.run(_up_to(OLD))
    old.written(COUNTIES)
    old.written(UNITS, PEOPLE, CASES, *ENTRIES, *LOGS)
    asyncio.run(_up_to(LATER))
    rows = old.asked(
        "select acted, sent_back::text, asked, asked_by::text[], asked_in::text[], open_turns, turns, changes_on = computed_on"
        " from case_file order by id"
    )
    [first, second, ended] = [
        (sorted(acted), sent_back, asked, by, into, open_turns, sorted(turns), due)
        for acted, sent_back, asked, by, into, open_turns, turns, due in rows
    ]
    assert first == (
        [f"branch:{_BRANCH}", f"committee:{_COMMITTEE}"],  # facts are no act of the procedure
        None,
        ["department"], [_COMMITTEE], [_id(ENTRY, 6)],  # the one that was answered waits no more
        ["branch.record branch.review branch.return", "committee.record committee.review committee.return"],
        ["branch.record", "branch.return", "branch.review"],
        True,
    )  # fmt: skip
    assert second[1] == _id(ENTRY, 8), "sent back, and nothing was recorded since"
    assert (second[2:5], second[6]) == (([], [], []), [])
    assert ended[1] is None, "sent back, and recorded again"
    assert (ended[5:]) == ([], [], None), "nobody's turn, and no sweep is due"


LETTERS = (
    _entry(11, 2, 11, "record", "introduction-letter", "committee", _COMMITTEE, evidence="""'{"serial": {"number": "7"}}'"""),
    _entry(12, 2, 12, "correction", "introduction-letter", "committee", _COMMITTEE,
           about=f"'{_id(ENTRY, 11)}'", evidence="""'{"serial": {"number": "8"}}'"""),
    _entry(14, 1, 14, "record", "introduction-letter", "committee", _COMMITTEE, evidence="""'{"serial": {"number": ""}}'"""),
    _entry(13, 1, 15, "correction", "introduction-letter", "committee", _COMMITTEE,
           about=f"'{_id(ENTRY, 14)}'", evidence="""'{"serial": {"number": "7"}}'"""),
    _entry(15, 1, 16, "record", "release", "committee", _COMMITTEE, evidence="""'{"serial": {"number": "9"}}'"""),
    *(
        f"""insert into letter
            (tenant_id, id, case_id, person_id, number, issuer, goes_to, issued_on, valid_until, state, ended_on)
        values ('{BAIXI}', '{_id(LETTER, number)}', '{_id(CASE, 1)}', '{_id(PERSON, 4)}', '{number}', '城关镇党委', '外县',
                '2026-10-01', '2026-12-31', {state})"""
        for number, state in ((1, "'issued', null"), (2, "'void', '2026-10-09'"))
    ),
)  # fmt: skip


def test_numbers_letters_and_names_are_as_todays_release_looks_for_them(old: Old) -> None:
    old.written(*LETTERS)
    before = old.asked("select count(*) from migration")
    done = asyncio.run(migrate())
    assert [(len(done) + before[0][0],)] == old.asked("select count(*) from migration")
    assert (done[0], done[-1]) == ("0110", max(done))
    assert asyncio.run(missing()) == []
    assert asyncio.run(migrate()) == [], "it is up to date"

    held = old.asked("select unit_id::text, number, record_id::text from letter_number_held order by number")
    assert held == [(_id(UNIT, 2), "7", _id(ENTRY, 11)), (_id(UNIT, 2), "8", _id(ENTRY, 11))]
    # An issued letter goes with its case to whose case it is; what is over stays as it was.
    assert old.asked("select number, person_id::text from letter order by number") == [
        ("1", _id(PERSON, 1)),
        ("2", _id(PERSON, 4)),
    ]
    assert old.asked("select py, py_joined, name from person order by py, id") == [
        ("li ning", "lining", "李宁"),
        ("lin an", "linan", "林安"),
        ("shan xiong xin", "shanxiongxin", "单雄信"),
        ("wang wu", "wangwu", "王五"),
    ]
    assert old.asked("select py from case_file order by id") == [
        ("li ning",),
        ("lin an",),
        ("shan xiong xin",),
    ]
    assert old.asked("select py, py_joined from unit where kind = 'branch'") == [
        ("dong jie zhi bu", "dongjiezhibu")
    ]
    assert old.asked("select confers, status = 'running', changes_on = computed_on from case_file order by id") == [
        ("membership", True, True), ("membership", True, True), ("membership", False, None),
    ]  # fmt: skip


def test_the_logs_of_before_are_in_the_ledger_and_are_sealed_with_it(old: Old) -> None:
    rows = old.asked(
        "select id::text, verb, title, passing, subject_id::text, unit_id::text, acts_for::text, said, cluster"
        " from ledger_entry order by id"
    )
    assert [row[:7] for row in rows] == [
        (_id(LINE, 1), "read.file", "查看档案", True, _id(PERSON, 1), None, None),
        (_id(LINE, 2), "read.elsewhere", "elsewhere", True, _id(PERSON, 2), None, None),
        (_id(LINE, 3), "role.granted", "授予职务权限", False, _COMMITTEE, _id(UNIT, 2), _COMMITTEE),
        (_id(LINE, 4), "account.signed-in", "登录", True, _BRANCH, None, None),
        (_id(LINE, 5), "no.longer", "no.longer", False, None, None, None),
    ]
    assert json.loads(rows[0][7]) == {"purpose": "核对家庭情况"}
    assert {row[8] for row in rows} == {0}, "nobody vouches for their days"
    assert old.asked("select to_regclass('reading_log'), to_regclass('audit_entry')") == [(None, None)]

    async def sealed() -> tuple[int, int, int]:
        async with inside():
            closed = await close_all(KEY)
            async with county_session(UUID(BAIXI)):
                report = await verify(Trust(public(KEY)))
            return closed, report.found, report.unsealed

    assert asyncio.run(sealed()) == (5, 0, 0)
    old.written(f"update ledger_entry set said = '{{\"purpose\": \"好奇\"}}' where id = '{_id(LINE, 1)}'")
    assert asyncio.run(sealed())[:2] == (0, 1), "and who rewrites one of them is found out"


def test_no_row_was_lost_and_every_table_is_kept_apart_again(old: Old) -> None:
    """What lifts row-level security for a while puts it back: also for who owns the tables."""
    assert (
        old.asked(
            "select relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'"
            " where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and not (relrowsecurity and relforcerowsecurity)"
        )
        == []
    )
    for table, count in (("person", 4), ("case_file", 3), ("case_entry", 15), ("unit", 3), ("letter", 2)):
        assert old.asked(f"select count(*) from {table}") == [(count,)], table
