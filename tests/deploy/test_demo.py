"""The demo counties, filled into a real database: what is in them, and that it could all have been typed."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from datetime import date, timedelta
from uuid import UUID

import asyncpg
import msgspec
import pytest

from core.casework.access import take_up
from core.casework.acts.record import step_rules
from core.casework.acts.send_back import overruled
from core.casework.levels import acting_level, refuse_unfit
from core.casework.lists.tasks import waiting
from core.casework.lists.workbench import dates_between, numbers, recent_events
from core.casework.load import load_one, load_whole
from core.casework.matter import Matter
from core.casework.model import LoadedCase
from core.casework.standing.sweep import recompute, running_below
from core.casework.stored import contract_entry
from core.database import fetch, fetchval
from core.documents.offer import filled, offers
from core.documents.sealed import sealed
from core.documents.sources import sources
from core.documents.templates import saved, set_in
from core.duties.queries import behind
from core.organisation.queries import tree
from core.ratings.matter import matter_of
from core.register.twins.find import twins
from core.transfers.batch import waiting_for_letters
from core.transfers.queries import letters
from dangwu import (
    DONE,
    WAIVED,
    Record,
    Regime,
    Return,
    can_return,
    compose,
    evaluate,
    is_workday,
    judged,
    progress,
    refusals,
)
from deploy.demo import seed
from deploy.demo.county_north import COUNTY as NORTH
from deploy.demo.county_south import COUNTY as SOUTH
from deploy.demo.logins import LOGINS, PASSWORD
from deploy.demo.plan import County
from deploy.demo.stories import OWN, stories
from deploy.embedded.addresses import Addresses
from deploy.inside import inside
from tenants.accounts.access import actor_for
from tenants.accounts.capabilities import ROLES
from tenants.accounts.known import SignedIn
from tenants.accounts.sign_in import sign_in
from tenants.counties import counties, county_by_slug
from tenants.database.session import county_session
from tenants.papers import brought
from tenants.policies.regimes import regime_as_known, regime_of_path, regimes_of_paths
from tenants.policies.service import in_force
from tests.conftest import Database, Demo
from tests.conftest import _copy as copy_of
from tests.plugins.policies import policy, ruled
from tests.plugins.test_walks import adopted
from tests.web.cases.papers.test_pages import text_of

pytestmark = pytest.mark.anyio
BOTH = pytest.mark.parametrize("county", [NORTH, SOUTH], ids=lambda county: county.slug)
MOST_SECONDS = 15.0

REASONS = {
    "notice.running", "notice.objection", "notice.place", "vote.failed", "vote.quorum", "inquiry.unanswered",
    "inquiry.concern", "inquiry.vetoed", "documents.missing", "training.short", "review.returned", "review.failed",
    "timing.overdue", "timing.void", "timing.early", "timing.blackout", "timing.span", "serial.exhausted", "signoff.missing",
    "recording.late", "consent.refused", "appointment.count", "consultation.missing", "assessment.count", "poll.share",
}  # fmt: skip

BUSINESS = {
    "unit": "select name, short_name, kind, code, founded, flags from unit order by code",
    "person": """select p.name, sex, born, ethnicity, education, membership, joined, converted, job, landline, address,
                 standing, lost_contact, lost_since, mobile, destination, u.code from person p join unit u on u.id = p.unit_id
                 order by u.code, p.name, born""",
    "person_tag": """select p.name, born, tag, since from person_tag t join person p on p.id = t.person_id
                     order by p.name, born, tag""",
    "account": "select login, name from account order by login",
    "activation": 'select plugin, since, "without", also, fill from activation order by plugin',
    "case_file": """select person_name, started, tags, dates, version, status, stage, membership, open_steps, open_states,
                    waits_for, reasons, next_due, waiting_until from case_file order by person_name, started, version""",
    "case_entry": """select c.person_name, e.seq, e.kind, e.step, e.day, e.entered, e.evidence, e.note, e.level, e.by_name,
                     case when c.procedure = 'admission' then e.at end at
                     from case_entry e join case_file c on c.id = e.case_id
                     order by c.person_name, c.started, e.seq, e.day""",
}


@pytest.fixture(scope="module")
def database(servers: Addresses, demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A copy of the demo counties for this module."""
    with copy_of(servers, demo.name, tmp_path_factory.mktemp("files")) as made:
        yield made


@pytest.fixture(scope="module")
async def seeded(database: Database, demo: Demo) -> AsyncIterator[Demo]:
    """The demo counties, with sessions working inside the test."""
    async with inside():
        yield demo


async def the(county: County) -> UUID:
    """The id of a county."""
    return (await county_by_slug(county.slug)).id


async def who(county: County, role: str, today: date) -> SignedIn:
    """Whoever is shown for a role; call it in the county's session."""
    account = await fetchval("select id from account where login = $1", LOGINS[role])
    return await actor_for(account, today)


async def test_it_is_quick(seeded: Demo) -> None:
    """By the processor's time: on a busy machine the clock says nothing."""
    print(f"seeding took {seeded.seconds:.1f} s")
    assert seeded.seconds < 4 * MOST_SECONDS


async def test_the_sign_ins_are_said_and_work(seeded: Demo, today: date) -> None:
    for county in (NORTH, SOUTH):
        async with county_session(await the(county)):
            for role, login in LOGINS.items():
                signed_in = await sign_in(login, PASSWORD, today=today)
                assert [held.role for held in signed_in.actor.holdings] == [role]
                assert not signed_in.must_change_password
                line = next(
                    one
                    for one in seeded.said.splitlines()
                    if one.startswith(county.name) and f" {login} " in one
                )
                assert ROLES[role].title in line
                assert signed_in.actor.name in line
    assert PASSWORD in seeded.said


@BOTH
async def test_the_tree_and_the_register_are_full(seeded: Demo, county: County, today: date) -> None:
    async with county_session(await the(county)):
        kinds = dict(await fetch("select kind, count(*) from unit group by kind"))
        assert kinds["department"] == 1
        assert kinds["committee"] >= 12
        assert kinds["branch"] >= 80
        assert kinds["general-branch"] >= 2
        assert kinds["group"] >= 9
        assert await fetchval("select max(length(name)) from unit") >= 40
        nodes = await tree((await who(county, "department-admin", today)).actor)
        assert nodes[0].all_people >= 2000
        assert nodes[0].all_cases >= 130
        seen = dict(await fetch("select membership, count(*) from person group by membership"))
        assert set(seen) == {"none", "applicant", "activist", "prospect", "probationary", "full"}
        empty = await fetch(
            """select key, count(*) filter (where value = 'null') empty, count(*) from person p, jsonb_each(to_jsonb(p))
               group by key having count(*) filter (where value <> 'null') = 0"""
        )
        # Who was once removed is written down by hand when somebody finds it in an old file, no two files have been made one,
        # and nobody has left so long ago that how to reach him is deleted.
        assert sorted(row["key"] for row in empty) == ["merged_into", "minimised", "removed"]
        tags = {row["tag"] for row in await fetch("select distinct tag from person_tag")}
        assert {"rural", "mobile"} <= tags
        names = [row["name"] for row in await fetch("select name from person")]
        assert any("㛃" in name for name in names)
        assert "欧阳若兰" in names


@BOTH
async def test_the_cases_are_spread(seeded: Demo, county: County, today: date) -> None:
    async with county_session(await the(county)):
        rows = await fetch(
            "select status, stage, started, membership from case_file where procedure = 'admission'"
        )
        assert len(rows) >= 150
        path = await fetchval("select path from unit where short_name = $1", county.branch)
        assert len(rows) == len(list(stories(await regime_of_path(path), OWN[county.slug], today)))
        assert {row["stage"] for row in rows} == {
            "application",
            "activist",
            "prospect",
            "admission",
            "conversion",
        }
        assert {row["status"] for row in rows} == {"running", "closed", "completed"}
        assert all(date(2024, 1, 1) <= row["started"] < today for row in rows)
        memberships = await fetch(
            """select c.membership was, p.membership now from case_file c join person p on p.id = c.person_id
               where c.procedure = 'admission'"""
        )
        assert all(row["was"] == row["now"] for row in memberships)


@BOTH
async def test_no_branch_and_no_committee_has_it_all(seeded: Demo, county: County, today: date) -> None:
    """A village does not admit thirty at once, and a committee's cases stand at more than one stage."""
    async with county_session(await the(county)):
        rows = await fetch(
            """select u.path, c.path branch, c.stage from case_file c join unit u on u.kind = 'committee'
               and starts_with(c.path, u.path) where c.status = 'running'"""
        )
    branches = Counter(row["branch"] for row in rows)
    assert max(branches.values()) <= 20
    assert sum(branches.values()) >= 130
    committees = {row["path"] for row in rows}
    stages = {path: {row["stage"] for row in rows if row["path"] == path} for path in committees}
    assert len(committees) >= 12
    assert sum(len(found) >= 3 for found in stages.values()) >= 0.8 * len(committees)


async def test_every_step_is_open_and_every_reason_occurs(seeded: Demo, today: date) -> None:
    wanted, found, reasons = set(), set(), set()
    for county in (NORTH, SOUTH):
        async with county_session(await the(county)):
            path = await fetchval("select path from unit where short_name = $1", county.branch)
            regime = await regime_of_path(path)
            everybody = frozenset(tag for rule in regime.rules.values() for tag in rule.when)
            wanted |= set(regime.on(today, everybody).steps)
            for row in await fetch("select open_steps, reasons from case_file"):
                found |= set(row["open_steps"])
                reasons |= set(row["reasons"])
    assert wanted - found == set()
    assert REASONS - reasons == set()


@BOTH
async def test_cases_went_back_were_extended_and_lived_under_two_policies(
    seeded: Demo, county: County, today: date
) -> None:
    async with county_session(await the(county)):
        assert await fetchval("select count(*) from case_entry where kind = 'return'") > 0
        assert await fetchval("select count(*) from case_entry where kind = 'facts'") > 0
        extended = await fetchval(
            "select count(*) from case_entry where step = 'conversion-meeting' and evidence -> 'vote' ->> 'motion' = 'extend'"
        )
        assert extended > 0
        newest = max(one.since for one in county.adopted if not one.at)
        lived = "select count(*) from case_file where status = 'running' and started < $1"
        assert await fetchval(lived, newest) > 0
        posted = await fetch("select day from case_entry where step = 'prospect-notice' and kind = 'record'")
        assert any(_holiday_follows(row["day"]) for row in posted)


def _holiday_follows(day: date) -> bool:
    return sum(not is_workday(day + timedelta(days=number)) for number in range(1, 9)) >= 6


@BOTH
async def test_everything_could_have_been_typed(seeded: Demo, county: County, today: date) -> None:
    """Each entry is replayed: allowed on its day, by that person's level, who acted at no other level in the case."""
    async with county_session(await the(county)):
        rows = await fetch(
            """select c.id from case_file c join unit u on u.id = c.unit_id
               where c.procedure = 'admission' and (u.short_name = $1 or left(md5(c.person_name), 1) = any($2))""",
            county.branch,
            ["0", "1", "2", "3"],
        )
        found = [await load_one(row["id"]) for row in rows]
        cases = [case for case in found if case is not None]
        assert sum(len(case.entries) for case in cases) >= 500
        for case in cases:
            await _replay(case, today)


async def _replay(case: LoadedCase, today: date) -> None:
    regime = await regime_of_path(case.path)
    so_far = msgspec.structs.replace(case, entries=(), case=msgspec.structs.replace(case.case, entries=()))
    for view in case.entries:
        actor = (await actor_for(view.by_id, today)).actor
        assert view.day <= view.entered < today
        entry = contract_entry(view, {})
        if isinstance(entry, Record):
            rules = step_rules(Matter(so_far, regime), entry.step, entry.day)
            assert acting_level(actor, case.path, rules, view.evidence) == view.level
            assert refusals(regime, so_far.case, entry) == (), (case.person_name, entry)
        elif isinstance(entry, Return):
            assert can_return(regime, so_far.case, entry) == ()
            then = judged(regime, so_far.case, view.entered)
            assert overruled(then, so_far.entries, entry.step, view.level) == []
        refuse_unfit(actor, so_far, view.level)
        assert entry is not None
        so_far = msgspec.structs.replace(
            so_far, entries=(*so_far.entries, view), case=so_far.case.with_entry(entry)
        )


@BOTH
async def test_a_year_is_lived(seeded: Demo, county: County, today: date) -> None:
    """Rounds closed and running, of people and of units in every state; letters to be numbered, out, refused; files that may be
    one person's."""
    async with county_session(await the(county)):
        rounds = await fetch("select scheme, units, closed from rating_round")
        assert {(row["units"], row["closed"] is not None) for row in rounds} >= {
            (False, True),
            (False, False),
            (True, False),
        }
        [scheme] = county.rated
        states = await fetch(
            """select distinct s.state from rating_subject s join rating_round r on r.id = s.round_id where r.scheme = $1""",
            scheme,
        )
        assert {row["state"] for row in states} == {"owed", "proposed", "appealed", "closed"}
        leader = (await who(county, "committee-secretary", today)).actor
        assert len(await waiting_for_letters(leader)) == 3
        assert {line.letter.state for line in (await letters(leader, "", today)).lines} == {
            "issued",
            "refused",
        }
        department = (await who(county, "department-organizer", today)).actor
        assert len((await twins(department)).pairs) >= 2


@pytest.mark.trial
@BOTH
async def test_one_more_practice_frees_nothing(seeded: Demo, county: County, today: date) -> None:
    """Each practice that the county has not, beside those it has: no step of a case is done or waived by it, no unit behind with
    a duty is not, nobody has come further in a round; the steps that it inserts itself are its own. A probation that was extended
    goes through its steps again; where a practice holds that back they stay as they were: such files are left out."""
    over, came = (
        {DONE, WAIVED},
        {"proposed": 1, "decided": 2, "announced": 3, "appealed": 3, "exempt": 4, "closed": 4},
    )
    async with county_session(await the(county)):
        inspector = (await who(county, "inspector", today)).actor
        cases = await load_whole(
            """not exists (select from case_entry e where e.case_id = c.id and e.evidence -> 'vote' ->> 'motion' = 'extend')"""
        )
        rows = await fetch(
            "select s.id, r.path, r.scheme, r.opened from rating_subject s join rating_round r on r.id = s.round_id"
        )
        matters = [
            await matter_of(
                inspector, row["id"], regime_for=regime_of_path, known_for=regime_as_known, today=today
            )
            for row in rows
        ]
        board = {(one.unit.id, late.family) for one in (await behind(inspector, regimes_of_paths, today)).behind
                 for late in one.missed}  # fmt: skip
        for plugin in sorted({*ruled()} - {one.plugin for one in county.adopted}):
            added: dict[Regime, Regime] = {}

            def beside(regime: Regime, plugin: str = plugin, added: dict[Regime, Regime] = added) -> Regime:
                if regime not in added:
                    added[regime] = compose(
                        regime.floor, [*regime.adoptions, adopted(policy(plugin), filled=False)]
                    )
                return added[regime]

            async def more(paths: Iterable[str]) -> dict[str, Regime]:
                return {path: beside(one) for path, one in (await regimes_of_paths(paths)).items()}

            for case in cases:
                regime = await regime_of_path(case.path)
                less, now = (evaluate(one, case.case, today) for one in (regime, beside(regime)))
                freed = [
                    name
                    for name, step in less.steps.items()
                    if step.state not in over and name in now.steps and now.steps[name].state in over
                ]
                assert freed == [], (plugin, case.person_name)
            for one in matters:
                scheme = beside(one.regime).ratings(one.round.opened, one.subject.tags)[one.round.scheme]
                then = progress(scheme, one.subject, one.marks, today).state
                assert came.get(then, 0) <= came.get(one.now.state, 0), (plugin, one.line.name)
            late = {(one.unit.id, each.family) for one in (await behind(inspector, more, today)).behind
                    for each in one.missed}  # fmt: skip
            assert board - late == set(), plugin


@BOTH
async def test_nothing_turns_when_core_works_it_out_again(seeded: Demo, county: County, today: date) -> None:
    async with county_session(await the(county)):
        before = await fetchval("select count(*) from case_event")
        root = await fetchval("select path from unit where parent_id is null")
        assert await recompute(await running_below(root), today, regime_of_path) > 0
        assert await fetchval("select count(*) from case_event") == before
        assert await fetchval("select count(*) from person_change where kind = 'followed'") == 0


@BOTH
async def test_the_secretarys_workbench_is_a_days_work(seeded: Demo, county: County, today: date) -> None:
    async with county_session(await the(county)):
        for role, least, most in (
            ("branch-secretary", 5, 15),
            ("committee-organizer", 5, 25),
            ("department-organizer", 5, 25),
        ):
            actor = (await who(county, role, today)).actor
            assert least <= await waiting(actor) <= most, role
            assert await recent_events(actor)
        secretary = (await who(county, "branch-secretary", today)).actor
        assert (await numbers(secretary, today)).due >= 1
        assert await dates_between(secretary, today, today + timedelta(days=7))
        events = [event.at for event in await recent_events((await who(county, "inspector", today)).actor)]
        assert events == sorted(events, reverse=True)


@BOTH
async def test_the_policies_are_adopted_as_planned(seeded: Demo, county: County, today: date) -> None:
    async with county_session(await the(county)):
        unit = await fetchval("select id from unit where short_name = $1", county.branch)
        live = await in_force((await who(county, "branch-secretary", today)).actor, unit)
        assert {(one.plugin, one.since) for one in live} == {
            (one.plugin, one.since) for one in county.adopted
        }
        assert {one.level for one in live} == (
            {"department", "committee"} if county is NORTH else {"department"}
        )
        path = await fetchval("select path from unit where id = $1", unit)
        assert (await regime_of_path(path)).open_blanks


async def test_a_second_start_changes_nothing(seeded: Demo, today: date) -> None:
    before = await _business(os.environ["DANGWU_OWNER_DATABASE_URL"])
    begun = time.process_time()
    assert await seed(today + timedelta(days=3)) == seeded.said
    assert time.process_time() - begun < 2
    assert await _business(os.environ["DANGWU_OWNER_DATABASE_URL"]) == before


@pytest.mark.trial
async def test_every_machine_gets_the_same(seeded: Demo, database: Database, today: date) -> None:
    first = await _business(database.owner_url, SOUTH)
    twin = f"{database.name}_twin"
    address, query = database.superuser_url.split("?")
    admin = await asyncpg.connect(f"{address.rsplit('/', 1)[0]}/postgres?{query}")
    try:
        await admin.execute(f"create database {twin} template dangwu strategy file_copy owner dangwu_owner")
        environment = {
            name: value.replace(f"/{database.name}?", f"/{twin}?") for name, value in os.environ.items()
        }
        script = f"import tests.deploy.test_demo as t; t.elsewhere('{today}')"
        await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", script],
            env=environment | {"PYTHONHASHSEED": "7"},
            check=True,
        )
        second = await _business(environment["DANGWU_OWNER_DATABASE_URL"], SOUTH)
        assert [one for one in first if one not in set(second)][:5] == []
        assert second == first
    finally:
        await admin.execute(f"drop database if exists {twin} with (force)")
        await admin.close()


def elsewhere(today: str) -> None:
    """What another machine does: a process of its own, with other hashes. One of the counties says it."""

    async def fill() -> None:
        async with inside():
            await seed(date.fromisoformat(today), [SOUTH])

    asyncio.run(fill())


async def _business(url: str, *only: County) -> list[str]:
    """All that has a meaning, row by row, as text: no ids, paths, sealed numbers."""
    connection = await asyncpg.connect(url)
    try:
        found = []
        slugs = [county.slug for county in only or (NORTH, SOUTH)]
        for county in await connection.fetch(
            "select id, slug from county where slug = any($1) order by slug", slugs
        ):
            async with connection.transaction():
                await connection.execute("select enter_county($1)", county["id"])
                for table, sql in BUSINESS.items():
                    rows = await connection.fetch(f"select to_jsonb(x)::text said from ({sql}) x")
                    assert rows
                    found += sorted(f"{county['slug']} {table} {row['said']}" for row in rows)
        return found
    finally:
        await connection.close()


async def test_there_are_two_counties(seeded: Demo) -> None:
    assert [county.slug for county in await counties()] == [NORTH.slug, SOUTH.slug]


@BOTH
async def test_cases_have_all_their_papers(seeded: Demo, county: County, today: date) -> None:
    """Each paper of every third case is filled in; each is set once for every step, and the whole file again and again."""
    set_once: set[tuple[str, str]] = set()
    async with county_session(await the(county)):
        actor = (await who(county, "department-organizer", today)).actor
        ids = [row["id"] for row in await fetch("select id from case_file order by id")][::3]
        for number, case_id in enumerate(ids):
            matter = await take_up(actor, case_id, regime_of_path, lock=False)
            [of], known = await sources([matter], today, actor.name), brought(matter.regime, today)
            for offer in offers(actor, of, known):
                sheet, key = filled(of, offer.brought, offer.step), (offer.brought.id, offer.step)
                if key not in set_once or (not offer.step and number % 10 == 0):
                    paper = offer.brought.paper
                    made = (
                        sealed(paper.content, [sheet.said])
                        if paper.sealed
                        else saved(set_in(paper.content, sheet.said))
                    )
                    assert matter.case.person_name in text_of(made)
                    set_once.add(key)
    assert len({name for name, _ in set_once}) >= 30
