"""What a program shows, and what it opens: his own scope for as long as it was given, and nothing that is not as it was made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest

from core.actor import Actor
from core.errors import Conflict, Forbidden, Invalid, NotFound
from tenants.accounts import bearer
from tenants.accounts.access import actor_for
from tenants.accounts.errors import BadToken
from tenants.accounts.service import set_active
from tenants.accounts.tokens import LONGEST_DAYS, MOST, Kind, NewToken, listed, make, revoke, revoke_all
from tenants.database.session import county_session, current_session, owner_session
from tests.tenants.conftest import TODAY, Tree, acting

pytestmark = pytest.mark.anyio


async def made(actor: Actor, kind: Kind = "token", days: int = 30, *scopes: str) -> NewToken:
    """A token for his own list of people, or a client."""
    return await make(
        actor, kind=kind, name="每周统计", scopes=scopes or ("person.view", "org.view"), read_only=True, days=days
    )  # fmt: skip


async def turned(tree: Tree, sets: str, *given: object) -> None:
    """Time goes by for these: the application itself cannot say so."""
    async with owner_session(tree.county) as session:
        await session.execute(f"update api_token set {sets}", *given)


async def opened(secret: str) -> bearer.Opened:
    return await bearer.look(bearer.read(secret))


@pytest.mark.parametrize(
    ("wrong", "field", "says"),
    [
        ({"name": " \u200b"}, "name", "请填写用途"),
        ({"name": "统" * 61}, "name", "60 个字以内"),
        ({"scopes": []}, "scopes", "至少选择一项"),
        ({"scopes": ["org.view", "org.view"]}, "scopes", "写了不止一次"),
        ({"scopes": ["org.view", "account.edit"]}, "scopes", "您自己没有“"),
        ({"scopes": ["no.such"]}, "scopes", "您自己没有“no.such”的权限"),
        ({"scopes": [f"no.such-{number}" for number in range(6)]}, "scopes", "no.such-4”等 6 项的权限"),
        ({"days": 0}, "days", "应为 1 至 366 天"),
        ({"days": LONGEST_DAYS + 1}, "days", "应为 1 至 366 天"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(
    wrong: dict[str, object], field: str, says: str, tree: Tree
) -> None:
    plain = {"kind": "token", "name": "试", "scopes": ["org.view"], "read_only": True, "days": LONGEST_DAYS}
    actor = await acting(tree, "branch-secretary", tree.branch)
    async with county_session(tree.county):
        with pytest.raises(Invalid, match=says) as refused:
            await make(actor, **plain | wrong)  # type: ignore[arg-type]
        assert [*refused.value.fields] == [field]
        assert await listed(actor) == []
        await make(actor, **plain)  # type: ignore[arg-type]


async def test_so_many_and_no_more_until_one_goes(tree: Tree) -> None:
    actor = await acting(tree, "branch-secretary", tree.branch)
    async with county_session(tree.county):
        first, *_ = [await made(actor) for _ in range(MOST)]
        with pytest.raises(Conflict, match="您已有 20 个有效的令牌"):
            await made(actor)
        await revoke(actor, first.id)
        await made(actor)
    await turned(tree, "expires_at = now() where account_id = $1", actor.id)
    async with county_session(tree.county):
        assert await listed(actor) == []
        await made(actor)


async def test_it_opens_what_it_was_made_for(tree: Tree) -> None:
    actor = await acting(tree, "branch-secretary", tree.branch)
    async with county_session(tree.county) as session:
        token = await made(actor)
        found = await opened(token.secret)
        assert (found.account_id, found.scopes, found.read_only) == (
            actor.id,
            frozenset({"person.view", "org.view"}),
            True,
        )
        narrow = bearer.narrowed(await bearer.owner_of(found, TODAY), found.scopes | {"account.edit"}).actor
        assert narrow.may("person.view", "/d/c/b/")
        assert not narrow.may("person.edit", "/d/c/b/"), "of his, which the token does not name"
        assert not narrow.may("account.edit", "/d/c/b/"), "of the token's, which is not his"
        assert not narrow.may("person.view", "/d/c/s/")
        kept = await session.fetchval("select digest from api_token where id = $1", token.id)
        assert token.secret.rpartition(".")[2].encode() not in kept


async def test_nothing_else_opens(tree: Tree, other_tree: Tree) -> None:
    actor = await acting(tree, "branch-secretary", tree.branch)
    async with county_session(tree.county):
        token, client = await made(actor), await made(actor, "client")
        prefix, county, one, secret = token.secret.split(".")
        assert (prefix, UUID(hex=county), UUID(hex=one)) == ("dw1", tree.county, token.id)
        for wrong in (
            f"dw1.{county}.{one}.{secret[:-1]}",
            f"dw1.{county}.{one}.{secret}x",
            f"dw1.{county}.{one}.",
            f"dw1.{county}.{uuid4().hex}.{secret}",
            f"dw1.{client.client_id}.{client.secret}",
        ):
            with pytest.raises(BadToken):
                await opened(wrong)
        with pytest.raises(BadToken):
            await bearer.look(bearer.read(token.secret), client=True)
        await opened(token.secret)
    async with county_session(other_tree.county):
        with pytest.raises(BadToken):
            await opened(token.secret)


@pytest.mark.parametrize(
    "text", ["", "dw1", "dw1.", "dw1...", "dw2.{0}.{0}.x", "DW1.{0}.{0}.x", "{0}.{0}.x", "dw1.{0}.x.y", "dw1.x.{0}.y"]
)  # fmt: skip
def test_what_is_none_of_ours_is_looked_up_nowhere(text: str) -> None:
    with pytest.raises(BadToken):
        bearer.read(text.format(uuid4().hex))


Ends = Callable[[Tree, Actor, NewToken], Awaitable[None]]


async def _over(tree: Tree, actor: Actor, token: NewToken) -> None:
    await turned(tree, "expires_at = now() where id = $1", token.id)


async def _revoked(tree: Tree, actor: Actor, token: NewToken) -> None:
    async with county_session(tree.county):
        await revoke(actor, token.id)


async def _all_revoked(tree: Tree, actor: Actor, token: NewToken) -> None:
    async with county_session(tree.county):
        await revoke_all(actor.id)


@pytest.mark.parametrize("ends", [_over, _revoked, _all_revoked])
async def test_a_client_ends_with_what_it_has_fetched(ends: Ends, tree: Tree) -> None:
    actor = await acting(tree, "branch-secretary", tree.branch)
    async with county_session(tree.county) as session:
        client = await made(actor, "client")
        assert client.client_id is not None
        shown = bearer.read_client(client.client_id, client.secret)
        behind = await bearer.look(shown, client=True)
        fetched = await bearer.fetch(shown, behind, frozenset({"org.view"}), "10.0.0.7")
        assert (await opened(fetched)).scopes == {"org.view"}
        lasts = await session.fetchval("select max(expires_at) - now() from api_token where kind = 'access'")
        assert lasts.total_seconds() == 3600
        assert [one.id for one in await listed(actor)] == [client.id], "what was fetched is not listed"
    await ends(tree, actor, client)
    async with county_session(tree.county):
        with pytest.raises(BadToken):
            await bearer.look(shown, client=True)
        with pytest.raises(BadToken):
            await opened(fetched)
        assert await listed(actor) == []


async def test_only_his_own_are_his_to_revoke_and_once(tree: Tree) -> None:
    actor, other = [await acting(tree, "branch-secretary", tree.branch) for _ in range(2)]
    async with county_session(tree.county) as session:
        client = await made(actor, "client")
        assert client.client_id is not None
        shown = bearer.read_client(client.client_id, client.secret)
        await bearer.fetch(shown, await bearer.look(shown, client=True), frozenset({"org.view"}), "10.0.0.7")
        access = await session.fetchval("select id from api_token where parent_id = $1", client.id)
        for who, which in ((other, client.id), (actor, uuid4()), (actor, access)):
            with pytest.raises(NotFound, match="没有找到这个令牌"):
                await revoke(who, which)
        await bearer.look(shown, client=True)
        await revoke(actor, client.id)
        with pytest.raises(NotFound):
            await revoke(actor, client.id)


async def test_when_and_from_where_it_was_used_is_known_by_the_minute(tree: Tree) -> None:
    actor = await acting(tree, "branch-secretary", tree.branch)
    async with county_session(tree.county):
        token = await made(actor)
        shown = bearer.read(token.secret)
        assert (await listed(actor))[0].last_used_at is None
        await bearer.used(shown, "10.0.0.1")
        await bearer.used(shown, "10.0.0.2")
        assert (await listed(actor))[0].last_address == "10.0.0.1"
        await current_session().execute(
            "update api_token set last_used_at = last_used_at - interval '61 seconds' where id = $1", token.id
        )
        await bearer.used(shown, "10.0.0.2")
        assert (await listed(actor))[0].last_address == "10.0.0.2"


async def test_what_was_fetched_long_ago_is_cleared_away(tree: Tree) -> None:
    actor = await acting(tree, "branch-secretary", tree.branch)
    async with county_session(tree.county) as session:
        client = await made(actor, "client")
        assert client.client_id is not None
        shown = bearer.read_client(client.client_id, client.secret)
        behind = await bearer.look(shown, client=True)
    for hours in (25, 23):
        async with county_session(tree.county):
            await bearer.fetch(shown, behind, frozenset({"org.view"}), "10.0.0.7")
        await turned(
            tree, "expires_at = now() - make_interval(hours => $2) where parent_id = $1 and expires_at > now()",
            client.id, hours,
        )  # fmt: skip
    async with county_session(tree.county) as session:
        await bearer.fetch(shown, behind, frozenset({"org.view"}), "10.0.0.7")
        assert await session.fetchval("select count(*) from api_token where parent_id = $1", client.id) == 2


async def test_of_whom_is_switched_off_no_token_opens(tree: Tree) -> None:
    actor = await acting(tree, "branch-secretary", tree.branch)
    admin = await acting(tree, "department-admin", tree.department)
    async with county_session(tree.county):
        token = await made(actor)
        found = await opened(token.secret)
        await set_active(admin, actor.id, False, TODAY)
        with pytest.raises(BadToken):
            await bearer.owner_of(found, TODAY)
        await set_active(admin, actor.id, True, TODAY)
        with pytest.raises(BadToken):
            await opened(token.secret)
    async with owner_session(tree.county) as session:
        await session.execute("update account set operator = true where id = $1", actor.id)
    async with county_session(tree.county):
        with pytest.raises(Forbidden, match="平台运维人员只能凭县里的准许"):
            await made((await actor_for(actor.id, TODAY)).actor)
