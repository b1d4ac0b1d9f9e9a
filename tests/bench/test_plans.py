"""The lists of one large county (120,000 people, 6,500 cases) among many: each query on its index, and how long it takes.

Beside it lie 44 counties of different sizes, analysed as they will be: what PostgreSQL expects of a county it infers from all.
Plans are asserted, times are printed: at this size each list, count and search stays below 20 ms on one idle core. Beside
them the list of people as it was, joined to its units by their ids alone.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import asyncpg
import pytest

from core.actor import Actor, Holding
from core.casework.lists import below as overseen
from core.casework.lists import cases as casework
from core.casework.lists import tasks as waiting
from core.casework.lists import workbench
from core.casework.lists.cases import CaseFilter
from core.organisation import queries as organisation
from core.organisation.service import UnitDraft, found
from core.paths import beyond
from core.register import queries as register
from core.register.identity import id_search
from core.register.queries import PeopleFilter
from core.secrecy import install
from tenants.accounts.capabilities import ROLES
from tenants.counties import open_county
from tenants.database.session import Session, county_session, current_session
from tests.bench.timed import say
from tests.conftest import Database
from tests.web.conftest import everything

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(600)]

TODAY = date(2026, 11, 21)
GRAND = Path(__file__).with_name("grand.sql")

TAIL = "1234"
"""How the id of one of 10,000 people ends."""

Ask = Callable[[Actor], Awaitable[Any]]
LISTS: dict[str, Ask] = {
    "people": lambda who: register.people(who, PeopleFilter()),
    "people, page 2": lambda who: register.people(who, PeopleFilter(), after=("lisi", UUID(int=1))),
    "people, probationary": lambda who: register.people(who, PeopleFilter(membership="probationary")),
    "people, lost": lambda who: register.people(who, PeopleFilter(lost_contact=True)),
    "people, mobile": lambda who: register.people(who, PeopleFilter(mobile=True)),
    "people, 张": lambda who: register.people(who, PeopleFilter(search="张")),
    "people, z": lambda who: register.people(who, PeopleFilter(search="z")),
    "people, zab": lambda who: register.people(who, PeopleFilter(search="zab")),
    "people, id tail": lambda who: register.people(who, PeopleFilter(search=TAIL)),
    "people, counted": lambda who: register.count_people(who, PeopleFilter()),
    "people, 张, counted": lambda who: register.count_people(
        who, PeopleFilter(search="张"), most=register.MOST_GATHERED
    ),
    "cases": lambda who: casework.cases(who, CaseFilter()),
    "cases, by deadline": lambda who: casework.cases(who, CaseFilter(), sort="due"),
    "cases, of a step": lambda who: casework.cases(who, CaseFilter(step="step-3")),
    "cases, of a stage": lambda who: casework.cases(who, CaseFilter(stage="prospect")),
    "cases, 张": lambda who: casework.cases(who, CaseFilter(search="张")),
    "cases, counted": lambda who: casework.count_cases(who, CaseFilter()),
    "waits for me": lambda who: waiting.tasks(who, TODAY, dict.fromkeys(waiting.GROUPS, 12)),
    "waits for me, counted": waiting.waiting,
    "numbers": lambda who: workbench.numbers(who, TODAY),
    "below": lambda who: overseen.below(who, "admission", TODAY),
    "this week": lambda who: workbench.dates_between(who, TODAY, TODAY + timedelta(days=7)),
    "latest events": workbench.recent_events,
    "units, to be picked": lambda who: organisation.outline(who, limit=201),
    "units, with counts": organisation.tree,
}
FIRST_LINES = {
    "people", "people, page 2", "people, probationary", "people, z", "cases", "cases, by deadline", "cases, of a stage",
}  # fmt: skip
"""Lists of which only the first lines are read: in the order of an index, or those of one committee."""
MOST_READ = 5_000
"""Rows that such a list may read: as many as a committee has, never the county's."""
SEARCHED = {"people, 张", "people, 张, counted", "people, z", "people, id tail"}
"""Searches: who is found is read, not who stands before him."""
EVERYBODY = {("department", "units, with counts")}
"""What counts the whole county has to read it."""
BY_ID_ALONE = """select p.*, u.short_name from person p join unit u on u.id = p.unit_id
    where p.path >= $1 and p.path < $2 order by p.py, p.id limit 51"""
"""The list of people as one would write it first: PostgreSQL expects few rows of this join, and reads all of them."""
HOLDERS = {
    "branch": "branch-secretary",
    "committee": "committee-secretary",
    "department": "department-organizer",
}


class Size(NamedTuple):
    """How large a county is."""

    committees: int
    branches: int
    people: int
    cases: int


LARGE, MIDDLE, SMALL = Size(30, 30, 120_000, 6_500), Size(12, 15, 25_000, 1_400), Size(5, 6, 2_000, 120)


async def build(slug: str, size: Size) -> UUID:
    """A county of this size."""
    made = await open_county(slug, slug, date(2026, 1, 1))
    async with county_session(made) as session:
        await found(everything(), UnitDraft(kind="department", name="组织部"), date(2026, 1, 1))
        for name, value in size._asdict().items():
            await session.execute("select set_config('grand.' || $1, $2, true)", name, str(value))
        install(bytes(32))
        (_, tail), *_ = id_search(TAIL)
        await session.execute("select set_config('grand.tail', $1, true)", tail.hex())
        await session.execute(GRAND.read_text())
    return made


@pytest.fixture(scope="module")
async def county(pool: Database) -> UUID:
    """The large county among the others, vacuumed and analysed."""
    for number in range(44):
        await build(f"county{number}", SMALL if number >= 4 else MIDDLE)
    made = await build("grand", LARGE)
    connection = await asyncpg.connect(pool.superuser_url)
    await connection.execute("vacuum analyze")
    await connection.close()
    return made


async def holder(kind: str) -> Actor:
    """Somebody with an office at the first unit of this kind."""
    unit = await current_session().fetchrow(
        "select id, path from unit where kind = $1 order by path limit 1", kind
    )
    assert unit is not None
    role = ROLES[HOLDERS[kind]]
    return Actor(
        uuid4(), kind, (Holding(role.id, role.level_at(kind), unit["id"], unit["path"], role.capabilities),)
    )


@pytest.mark.parametrize("kind", list(HOLDERS))
async def test_every_list_is_on_its_index(county: UUID, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, tuple[object, ...]]] = []

    def noting(how: str) -> Callable[..., Awaitable[Any]]:
        async def noted(sql: str, *args: object) -> Any:
            asked.append((sql, args))
            return await getattr(current_session(), how)(sql, *args)

        return noted

    for module in (register, casework, workbench, organisation, waiting, overseen):
        for how in ("fetch", "fetch_repeated", "fetchrow", "fetchval"):
            if hasattr(module, how):
                monkeypatch.setattr(module, how, noting(how.removesuffix("_repeated")))
    async with county_session(county) as session:
        who = await holder(kind)
        for name, ask in LISTS.items():
            await ask(who)
            plan, spent, read = await explained(session, asked)
            asked.clear()
            read_whole = re.search(r"Seq Scan on (person|case_event)\b", plan)
            assert not read_whole or (kind, name) in EVERYBODY, (name, plan)
            assert read <= MOST_READ or name not in FIRST_LINES, (name, plan)
            passed_over = map(int, re.findall(r"Rows Removed by Filter: (\d+)", plan))
            assert max(passed_over, default=0) <= MOST_READ or name not in SEARCHED, (name, plan)
            say(f"{kind}: {name}: {spent:.1f} ms")
        path = who.holdings[0].path
        _, spent, read = await explained(session, [(BY_ID_ALONE, (path, beyond(path)))])
        say(f"{kind}: people, joined by the id alone: {spent:.1f} ms ({read:,} rows)")


async def test_a_county_that_the_statistics_hardly_know_reads_a_page_and_no_more(
    county: UUID, pool: Database
) -> None:
    """Of 25,000 people among 240,000 in 45 counties PostgreSQL must not expect to find a few, and sort them all."""
    connection = await asyncpg.connect(pool.superuser_url)
    middle = await connection.fetchval("select id from county where slug = 'county0'")
    await connection.close()
    async with county_session(middle) as session:
        who = await holder("department")
        where = await register.people_conditions(who, PeopleFilter())
        asked = f"select p.id from person p where {where} order by p.py, p.id limit 51"
        plan, _, read = await explained(session, [(asked, tuple(where.args))])
    assert read <= 51, plan


async def explained(
    session: Session, asked: Iterable[tuple[str, tuple[object, ...]]]
) -> tuple[str, float, int]:
    """How the queries are run, the milliseconds that they take (best of three), the most rows that one node hands on."""
    plan, spent = "", 0.0
    for sql, args in asked:
        times = []
        for _ in range(3):
            rows = await session.fetch(f"explain (analyze, costs off, timing off) {sql}", *args)
            text = "\n".join(row[0] for row in rows)
            times.append(sum(map(float, re.findall(r"(?:Planning|Execution) Time: ([\d.]+)", text))))
        plan, spent = plan + text, spent + min(times)
    read = max((float(rows) for rows in re.findall(r"actual rows=([\d.]+)", plan)), default=0)
    return plan, spent, int(read)
