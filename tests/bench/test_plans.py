"""The lists of a large county (120,000 people, 6,500 cases): each query on its index, and how long it takes.

Counts and plans are asserted, times are printed: at this size each list, count and search stays below 20 ms on one idle core.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from core.actor import Actor, Holding
from core.casework import queries as casework
from core.casework import workbench
from core.casework.queries import CaseFilter
from core.organisation.service import UnitDraft, found
from core.register import queries as register
from core.register.queries import PeopleFilter
from tenants.capabilities import ROLES
from tenants.counties import open_county
from tenants.session import county_session, current_session
from tests.bench.timed import say
from tests.conftest import Database
from tests.web.conftest import everything

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(600)]

TODAY = date(2026, 11, 21)
PEOPLE, CASES = 120_000, 6_500
UNITS = """insert into unit (parent_id, path, kind, name, short_name, py, py_initials)
    select u.id, u.path || 'u' || lpad(i::text, 4, '0') || '/', '{kind}', u.short_name || i || '{word}', '{word}' || i, '{kind}', 'u'
    from unit u, generate_series(1, 30) i where u.kind = '{above}'"""
SEEDED = f"""
    create temp table branch on commit drop as select id, path, row_number() over (order by path) n from unit where kind = 'branch';
    insert into person (name, py, py_initials, unit_id, path, membership, mobile, lost_contact)
    select (array['张', '王', '李', '赵', '陈'])[1 + i % 5] || chr((20000 + i * 7919 % 3000)::int) || chr((20000 + i * 31 % 3000)::int),
        (array['zhang', 'wang', 'li', 'zhao', 'chen'])[1 + i % 5] || chr((97 + i * 7919 % 26)::int) || 'i' || chr((97 + i * 31 % 26)::int),
        (array['z', 'w', 'l', 'z', 'c'])[1 + i % 5] || chr((97 + i * 7919 % 26)::int) || chr((97 + i * 31 % 26)::int), b.id, b.path,
        (array['full', 'full', 'full', 'full', 'full', 'full', 'probationary', 'none', 'applicant', 'activist'])[1 + i % 10],
        i % 50 = 0, i % 500 = 0
    from generate_series(1, {PEOPLE}::bigint) i join branch b on b.n = 1 + i * 37 % 900;
    insert into case_file (procedure, person_id, person_name, py, py_initials, unit_id, path, started, status, stage, membership,
        open_steps, open_states, open_levels, waits_for, next_due, waiting_until, computed_on)
    select 'admission', id, name, py, py_initials, unit_id, path, date '2026-11-01' - n::int % 700,
        case when n % 8 = 0 then 'completed' else 'running' end, (array['application', 'activist', 'prospect'])[1 + n % 3], 'applicant',
        array['step-' || n % 26], array['open'], array['branch'], array[(array['branch', 'committee', 'department'])[1 + n % 3]],
        case when n % 3 = 0 then date '2026-10-01' + n::int % 400 end, case when n % 4 = 0 then date '2026-10-15' + n::int % 100 end,
        date '2026-11-21'
    from (select p.*, row_number() over (order by id) n from person p where membership in ('none', 'applicant', 'activist')) q
    where n <= {CASES};
    insert into case_event (case_id, kind, data, by_id, by_name)
    select id, 'recorded', '{{}}', id, '某' from case_file, generate_series(1, 8);
"""  # noqa: E501

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
    "people, counted": lambda who: register.count_people(who, PeopleFilter()),
    "cases": lambda who: casework.cases(who, CaseFilter()),
    "cases, by deadline": lambda who: casework.cases(who, CaseFilter(), sort="due"),
    "cases, of a step": lambda who: casework.cases(who, CaseFilter(step="step-3")),
    "cases, of a stage": lambda who: casework.cases(who, CaseFilter(stage="prospect")),
    "cases, 张": lambda who: casework.cases(who, CaseFilter(search="张")),
    "cases, counted": lambda who: casework.count_cases(who, CaseFilter()),
    "waits for me": workbench.waits_for_me,
    "due soon": lambda who: workbench.due_soon(who, TODAY),
    "this week": lambda who: workbench.dates_between(who, TODAY, TODAY + timedelta(days=7)),
    "latest events": workbench.recent_events,
}
HOLDERS = {
    "branch": "branch-secretary",
    "committee": "committee-secretary",
    "department": "department-organizer",
}


@pytest.fixture(scope="module")
async def county(pool: Database) -> AsyncIterator[UUID]:
    """The county, vacuumed and analysed."""
    made = await open_county("grand", "大县", date(2026, 1, 1))
    async with county_session(made) as session:
        await found(everything(), UnitDraft(kind="department", name="组织部"), date(2026, 1, 1))
        for kind, above, word in (("committee", "department", "党委"), ("branch", "committee", "支部")):
            await session.execute(UNITS.format(kind=kind, above=above, word=word))
        await session.execute(SEEDED)
    connection = await asyncpg.connect(pool.superuser_url)
    await connection.execute("vacuum analyze")
    await connection.close()
    yield made


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

    async def noted(sql: str, *args: object) -> list[asyncpg.Record]:
        asked.append((sql, args))
        return await current_session().fetch(sql, *args)

    for module in (register, casework, workbench):
        monkeypatch.setattr(module, "fetch", noted)
    async with county_session(county) as session:
        who = await holder(kind)
        for name, ask in LISTS.items():
            await ask(who)
            plan, spent = "", 0.0
            for sql, args in asked:
                rows = await session.fetch(f"explain (analyze, costs off, timing off) {sql}", *args)
                plan += "\n".join(row[0] for row in rows)
                spent += sum(map(float, re.findall(r"(?:Planning|Execution) Time: ([\d.]+)", plan)))
            asked.clear()
            assert not re.search(r"Seq Scan on (person|case_file|case_event)\b", plan), (name, plan)
            say(f"{kind}: {name}", f"{spent:.1f} ms")
