"""The effective policy is compiled once, is never stale, and is never somebody else's unfinished change."""

from __future__ import annotations

import asyncio
import sys
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from core.actor import Actor
from core.changes.move import move
from core.errors import NotFound
from core.organisation.access import access_unit
from tenants.accounts.access import actor_for
from tenants.database.session import county_session
from tenants.ground.redis import redis_client
from tenants.policies import plugins, texts
from tenants.policies import regimes as policies
from tenants.policies.changes import Activation, Adopt, Choice, End
from tenants.policies.news import CHANNEL, listen, take
from tenants.policies.regimes import (
    CountyPolicies,
    PolicyCache,
    regime_of_path,
    regime_of_unit,
    regimes_of_paths,
)
from tenants.policies.service import apply
from tests.tenants.conftest import TODAY, Tree
from tests.waiting import until_so

pytestmark = pytest.mark.anyio

BRANCH = "/d/c/b/"
SINCE = date(2026, 1, 1)


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many activations each compilation had."""
    made: list[int] = []
    compiled = policies.compiled

    def counting(activations: Any) -> Any:
        chain = tuple(activations)
        made.append(len(chain))
        return compiled(chain)

    monkeypatch.setattr(policies, "compiled", counting)
    return made


async def adopt(tree: Tree, admin: Actor, unit: UUID, plugin: str = "yakeshi") -> Activation:
    async with county_session(tree.county):
        return (await apply(admin, unit, Adopt(plugin=plugin, since=SINCE), TODAY))[0]


async def test_a_regime_is_compiled_once_and_shared_by_units_with_the_same_policies(
    tree: Tree, admin: Actor, compilations: list[int]
) -> None:
    await adopt(tree, admin, tree.committee)
    compilations.clear()
    for _ in range(3):
        async with county_session(tree.county):
            one = await regime_of_path(BRANCH)
            assert (await regimes_of_paths([BRANCH, "/d/c/", "/d/c/s/"]))["/d/c/s/"] is one
    assert compilations == [1]


async def test_a_change_is_seen_by_the_next_session_and_recompiles_only_what_it_touches(
    tree: Tree, admin: Actor, compilations: list[int]
) -> None:
    await adopt(tree, admin, tree.committee, "jinhua-2014")
    async with county_session(tree.county):
        untouched = await regime_of_path(BRANCH)
    made = await adopt(tree, admin, tree.other_committee)
    compilations.clear()
    async with county_session(tree.county):
        assert await regime_of_path(BRANCH) is untouched
        assert "yakeshi" in (await regime_of_path("/d/o/b/")).policies
    assert compilations == [1]
    async with county_session(tree.county):
        await apply(admin, tree.other_committee, End(activation_id=made.id, day=SINCE), TODAY)
    async with county_session(tree.county):
        assert "yakeshi" not in (await regime_of_path("/d/o/b/")).policies


async def test_a_change_that_is_rolled_back_leaves_nothing_in_the_cache(tree: Tree, admin: Actor) -> None:
    async with county_session(tree.county):
        await regime_of_path(BRANCH)
    with pytest.raises(KeyError):
        async with county_session(tree.county) as session:
            await apply(admin, tree.committee, Adopt(plugin="yakeshi", since=SINCE), TODAY)
            assert session.policies_changed
            assert "yakeshi" in (await regime_of_path(BRANCH)).policies
            raise KeyError
    async with county_session(tree.county):
        assert "yakeshi" not in (await regime_of_path(BRANCH)).policies
    await adopt(tree, admin, tree.committee, "jinhua-2014")
    async with county_session(tree.county):
        found = (await regime_of_path(BRANCH)).policies
        assert "jinhua-2014" in found
        assert "yakeshi" not in found


async def test_the_first_query_of_a_request_brings_the_version(tree: Tree, admin: Actor) -> None:
    await adopt(tree, admin, tree.committee)
    async with county_session(tree.county) as session:
        await actor_for(admin.id, TODAY)
        version = session.policy_version
        await regime_of_path(BRANCH)
        assert version == session.policy_version
        assert policies.cache.county(tree.county, version or 0) is not None


async def test_another_process_changes_policies_and_this_one_knows_at_once(tree: Tree, admin: Actor) -> None:
    async with county_session(tree.county):
        assert "yakeshi" not in (await regime_of_path(BRANCH)).policies
    listening = asyncio.create_task(listen())

    async def heard() -> int:
        return int((await redis_client().pubsub_numsub(CHANNEL))[0][1])

    await until_so(heard)
    code = (
        "import asyncio, sys\nfrom uuid import UUID\nfrom datetime import date\n"
        "from tenants.accounts.access import actor_for\nfrom tenants.policies.service import apply\n"
        "from tenants.policies.changes import Adopt\nfrom tenants.database.session import county_session, open_database\n"
        "async def main():\n"
        "    county, account, unit = map(UUID, sys.argv[1:])\n"
        "    await open_database()\n"
        "    async with county_session(county):\n"
        "        actor = (await actor_for(account, date(2026, 11, 21))).actor\n"
        "        await apply(actor, unit, Adopt(plugin='yakeshi', since=date(2026, 1, 1)), date(2026, 11, 21))\n"
        "asyncio.run(main())\n"
    )
    words = [sys.executable, "-c", code, str(tree.county), str(admin.id), str(tree.committee)]
    process = await asyncio.create_subprocess_exec(*words)
    assert await process.wait() == 0

    async def known() -> bool:
        return policies.cache.county(tree.county, 0) is None

    await until_so(known)
    listening.cancel()
    async with county_session(tree.county):
        assert "yakeshi" in (await regime_of_path(BRANCH)).policies


async def test_news_that_is_lost_does_no_harm(tree: Tree, admin: Actor) -> None:
    """The cache of a process that hears nothing: the version read with each request is enough."""
    deaf = PolicyCache()
    async with county_session(tree.county) as session:
        known = CountyPolicies(
            await session.fetchval("select policy_version from county where id = $1", tree.county), ()
        )
    deaf.keep(tree.county, known)
    await adopt(tree, admin, tree.committee)
    async with county_session(tree.county):
        version = (await actor_for(admin.id, TODAY)).policy_version
    assert deaf.county(tree.county, version) is None


def activation(path: str, plugin: str = "yakeshi", until: date | None = None) -> Activation:
    return Activation(
        id=uuid4(), unit_id=uuid4(), unit_name="", path=path, plugin=plugin, since=SINCE, until=until, choice=Choice(),
        level="department", text=texts.installed_text(plugin) or None,
    )  # fmt: skip


@pytest.fixture
async def kept(tree: Tree) -> None:
    """What is installed has been found by a process."""
    async with county_session(tree.county):
        for policy in plugins.installed().policies.values():
            await texts.keep(policy)


async def test_only_activations_on_the_path_reach_a_unit() -> None:
    county, committee, cousin = activation("/d/"), activation("/d/c/"), activation("/d/cc/")
    never = activation("/d/", until=SINCE)
    known = CountyPolicies(0, (committee, cousin, county, never))
    assert known.reaching("/d/c/b/") == (county, committee)


async def test_the_cache_keeps_the_newest_version_and_is_bounded(kept: None) -> None:
    cache = PolicyCache(most_counties=2, most_regimes=2)
    counties = [uuid4() for _ in range(3)]
    for county in counties:
        cache.keep(county, CountyPolicies(5, ()))
    assert cache.county(counties[0], 5) is None
    cache.keep(counties[2], CountyPolicies(4, (activation("/d/"),)))
    assert cache.county(counties[2], 5) == CountyPolicies(5, ())
    assert cache.county(counties[2], 6) is None
    take(f"{counties[2]} 5", cache)
    assert cache.county(counties[2], 0) is not None
    take(f"{counties[2]} 6", cache)
    assert cache.county(counties[2], 0) is None
    chains = [[activation("/d/", plugin)] for plugin in ("yakeshi", "jinhua-2014", "songyuan")]
    regimes = [cache.regime(chain) for chain in chains]
    assert cache.regime(chains[2]) is regimes[2]
    assert cache.regime(chains[0]) is not regimes[0]


async def test_a_plugin_of_which_no_text_was_kept_is_never_silently_done_without(
    kept: None, caplog: pytest.LogCaptureFixture
) -> None:
    """In force it stops what it holds for; once it has been ended it is left out, and reported."""
    with pytest.raises(plugins.BrokenPlugin, match="正在执行的政策“vanished”没有安装"):
        policies.compiled([activation("/d/", "vanished"), activation("/d/")])
    regime = policies.compiled([activation("/d/", "vanished", until=date(2026, 9, 1)), activation("/d/")])
    assert regime.policies.keys() == {"national", "yakeshi"}
    assert "vanished" in caplog.text


async def test_an_unknown_unit_has_no_policies(tree: Tree, other_tree: Tree) -> None:
    for unit in (uuid4(), other_tree.branch):
        async with county_session(tree.county):
            with pytest.raises(NotFound):
                await regime_of_unit(unit)


async def test_a_unit_that_moves_keeps_the_policies_of_the_time_before(tree: Tree, admin: Actor) -> None:
    day = date(2026, 9, 1)
    await adopt(tree, admin, tree.committee)
    await adopt(tree, admin, tree.other_committee, "songyuan")
    await adopt(tree, admin, tree.second_branch, "jinhua-2014")
    async with county_session(tree.county) as session:
        assert (await regime_of_unit(tree.second_branch)).policies.keys() == {
            "national",
            "yakeshi",
            "jinhua-2014",
        }
        version = session.policy_version
    async with county_session(tree.county):
        unit = await access_unit(admin, tree.second_branch)
        await move(admin, tree.second_branch, tree.other_committee, day, unit.version, TODAY)
    async with county_session(tree.county) as session:
        spans = {
            one.policy.id: (one.since, one.until)
            for one in (await regime_of_unit(tree.second_branch)).adoptions
        }
        assert spans == {"yakeshi": (SINCE, day), "songyuan": (day, None), "jinhua-2014": (SINCE, None)}
        assert session.policy_version == (version or 0) + 1
        staying = await regime_of_unit(tree.branch)
        assert staying.policies.keys() == {"national", "yakeshi"}
