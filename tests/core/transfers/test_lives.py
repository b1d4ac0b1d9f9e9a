"""Whatever is done to many people of two counties, in whatever order, at once or cut off: transfers within and between them,
moves, leavings, duplicates merged and severed, rosters read in and undone. Everybody is in one place, each letter has one
outcome, both counties say the same."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import pytest

from core import events, secrecy
from core.database import fetch, fetchval
from core.events import Happening
from core.statistics.flows import CAME, WENT, flows
from core.transfers.follow import follow
from tenants.database.session import county_session
from tests.core.conftest import RegimeFor, make_world
from tests.core.transfers.between import Side
from tests.core.transfers.history import history
from tests.core.transfers.lives import FIRST, Lives
from tests.core.transfers.mistakes import NAMES


async def hold(lives: Lives) -> int:
    """Everybody is in one place, letters and registers agree; how many have crossed the border."""
    present: dict[bytes, list[UUID]] = {}
    crossed = 0
    for county in lives.counties:
        async with county_session(county.world.county):
            for row in await fetch(
                """select id_index, unit_id, left_on, left_as, merged_into from person
                   where name like any($1) and id_index is not null""",
                NAMES,
            ):
                found = present.setdefault(row["id_index"], [])
                if row["left_on"] is None:
                    found.append(row["unit_id"])
                elif row["left_as"] == "died" or (
                    row["left_as"] == "in-error" and row["merged_into"] is None
                ):
                    found.append(UUID(int=0))  # dead, or entered by a roster that was undone
            for row in await fetch(
                """select l.state, l.ended_on, l.to_county, p.id, p.left_on, p.left_as, c.membership, c.status,
                          (select count(*) from letter o where o.case_id = l.case_id and o.state in ('issued', 'received')) live
                   from letter l join person p on p.id = l.person_id join case_file c on c.id = l.case_id
                   where l.tenant_id = session_county() and l.number like '乱-%'"""
            ):
                assert row["live"] <= 1
                arrived = row["membership"] == "transfer-received"
                assert arrived or row["state"] != "received"
                if row["state"] == "issued":
                    assert (row["status"], row["left_on"]) == ("running", None), await history(row["id"])
                if row["to_county"] and row["state"] == "received":
                    crossed += 1
    assert {len(found) for found in present.values()} == {1}, "in two places or in none"
    return crossed


async def reconciles(lives: Lives) -> None:
    """Start + came − went = end in each county; and nobody was lost on the way between the two."""
    totals, lost = [0, 0], 0
    for county in lives.counties:
        async with county_session(county.world.county):
            found = await flows(county.world.admin, None, FIRST, lives.day)
            lost += await fetchval(UNNAMED, FIRST)
        changed = {one.title: one.members for one in found.changes}
        assert found.before.members + sum(changed.values()) == found.after.members
        totals[0] += found.before.members
        totals[1] += found.after.members
        assert changed.keys() <= {ARRIVED, GONE, *ELSE}
        lost += sum(changed.get(title, 0) for title in ELSE)
    assert totals[0] + lost == totals[1]


ARRIVED, GONE = CAME["arrived"], WENT["transferred-out"]
ELSE = (CAME["entered"], WENT["died"], WENT["in-error"])
"""What else changes the numbers: files entered once more or by a roster, deaths, and files taken out as errors."""

UNNAMED = """
    select coalesce(sum((not '-infinity' = any(away))::int - coalesce(left_as in ('died', 'in-error'), false)::int
                        - (left_on is null and away = '{}')::int), 0)
    from (select left_on, left_as, array(select detail ->> 'away' from person_change
                                         where person_id = p.id and kind = 'arrived') away
          from person p where (created_at at time zone 'Asia/Shanghai')::date >= $1 and left_as is distinct from 'awaited') c"""
"""A line says how somebody came who was not there before, or how he went who is there no more; not all that befell him between.
Of the files made since a day: those entered, less the deaths and errors, less those whose line says that they were entered."""


@asynccontextmanager
async def lives(seed: int, regime_for: RegimeFor, *, rosters: bool) -> AsyncIterator[Lives]:
    """Two counties of their own, with letters that hear of cases."""

    async def hear(happenings: Sequence[Happening]) -> None:
        await follow(happenings, regime_for)

    sides = [Side(await make_world(f"{slug}-{seed}", f"{name}{seed}"), regime_for) for slug, name in COUNTIES]
    events.listen(hear)
    try:
        made = Lives(sides, seed, rosters=rosters)
        await made.begin()
        yield made
    finally:
        events._listeners.remove(hear)


COUNTIES = (("lvyuan", "绿园区"), ("yakeshi", "牙克石市"))


async def live(made: Lives, rounds: int) -> int:
    """So many rounds, looked at every forty, and more until somebody has crossed; how many acts held."""
    taken = crossed = lived = 0
    while lived < rounds or not crossed:
        assert lived < rounds + 400, "some have crossed"
        for _ in range(40):
            taken += await made.round()
        lived += 40
        await made.settle()
        crossed = await hold(made)
    await reconciles(made)
    return taken


async def test_everybody_is_in_one_place_and_each_letter_has_one_outcome(
    pool: object, regime_for: RegimeFor
) -> None:
    secrecy.install(b"a secret of the tests, 32 bytes!" * 2)
    async with lives(20261129, regime_for, rosters=False) as made:
        assert await live(made, 160) > 40


@pytest.mark.trial
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("seed", [int(one) for one in os.environ.get("DANGWU_SEEDS", "1 2 3 4").split()])
async def test_a_thousand_rounds(pool: object, regime_for: RegimeFor, seed: int) -> None:
    """`DANGWU_SEEDS="5 6"` lives other lives."""
    secrecy.install(b"a secret of the tests, 32 bytes!" * 2)
    async with lives(seed, regime_for, rosters=True) as made:
        taken = await live(made, 1000)
        print(
            f"seed {seed}: {taken} acts of 2000 held; {dict(made.done)}; refused {made.refused.most_common(12)}"
        )
    assert {"united", "imported", "undone"} <= made.done.keys()
