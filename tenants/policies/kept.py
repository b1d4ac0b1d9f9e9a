"""The texts that are kept, for the operator: where each is in force, and which nobody has ever adopted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from core.errors import Conflict, NotFound
from dangwu import DangwuError, Policy, load_policy
from tenants.counties import counties
from tenants.database.session import county_session, global_session, owner_session
from tenants.policies import floors, plugins, texts
from tenants.policies.rows import live_activations


class Adopted(msgspec.Struct, frozen=True):
    """A unit of a county that goes, went or will go by a text."""

    county: str
    unit: str
    since: date
    until: date | None
    by_name: str


class Kept(msgspec.Struct, frozen=True):
    """A text: whether it is installed, the units that have adopted it, its days as one of the floor; `code` tells apart the
    program that goes with it ("": none)."""

    hash: str
    plugin: str
    policy: Policy | None
    installed: bool
    adopted: tuple[Adopted, ...]
    floor: tuple[floors.Line, ...]
    stays: bool
    """It is installed, or was ever adopted, even if that was put right since."""
    code: str = ""


async def kept() -> list[Kept]:
    """Every text by plugin, the oldest first, with where it is adopted. Opens sessions of its own."""
    async with global_session() as session:
        rows = await session.fetch("select hash, plugin from policy_text order by plugin, found_at")
        lines = await floors.lines()
        await texts.load(row["hash"] for row in rows)
    adopted, ever = await _adopted()
    own = {texts.installed_text(one.id) for one in plugins.installed().everything}
    return [
        Kept(
            name, row["plugin"], texts.known(name), name in own, tuple(adopted.get(name, ())),
            tuple(line for line in lines if line.hash == name), name in own | ever | {line.hash for line in lines},
            texts.code_of(name),
        )
        for row in rows
        for name in (row["hash"],)
    ]  # fmt: skip


async def _adopted() -> tuple[dict[str, list[Adopted]], set[str]]:
    """By text the units that go by it in any county, and every text that any version of an activation names."""
    found: dict[str, list[Adopted]] = {}
    ever: set[str] = set()
    for county in await counties():
        async with county_session(county.id) as session:
            ever |= {
                row["text"]
                for row in await session.fetch("select distinct text from activation")
                if row["text"]
            }
            for item in await live_activations():
                by = Adopted(county.name, item.unit_name, item.since, item.until, item.by_name)
                found.setdefault(item.text or "", []).append(by)
    return found, ever


async def one(beginning: str) -> Kept:
    """The text whose hash begins so. Raises NotFound, Conflict where several do."""
    found = [item for item in await kept() if item.hash.startswith(beginning)]
    if not found:
        raise NotFound(f"没有散列以“{beginning}”开头的文本。用 dangwu texts 查看都有哪些。")
    if len(found) > 1:
        raise Conflict(f"散列以“{beginning}”开头的文本有 {len(found)} 份。请多写几位。")
    return found[0]


async def source(item: Kept) -> str:
    """The text itself, as its author wrote it."""
    async with global_session() as session:
        written: str = await session.fetchval("select text from policy_text where hash = $1", item.hash)
    return written


def warnings(item: Kept, written: str) -> Iterable[str]:
    """What today's checks would say of a text; it is read as it was accepted all the same."""
    policy = item.policy
    try:
        load_policy(
            written,
            where=item.plugin,
            ground=plugins.installed().floor,
            floor=policy is not None and policy.floor,
        )
    except DangwuError as error:
        return error.problems
    return ()


async def prune() -> list[Kept]:
    """Remove the texts that were never adopted and are not installed; those that were removed.

    One that is adopted meanwhile is held by the reference to it.
    """
    gone = [item for item in await kept() if not item.stays]
    async with owner_session() as session:
        await session.execute("delete from policy_text where hash = any($1)", [item.hash for item in gone])
    return gone
