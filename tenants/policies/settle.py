"""What is done once when the platform is brought up to date, as the owner of the tables: the installed texts are kept, what was
adopted before texts were kept goes by them, and a new text of the floor takes its place behind the one before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from core.errors import Conflict
from dangwu import DangwuError, Floor
from tenants.database.session import Session, owner_session
from tenants.policies import floors, plugins, texts
from tenants.policies.floors import Line
from tenants.policies.regimes import CountyPolicies, on_floor
from tenants.policies.rows import live_activations, moves
from tenants.policies.strangers import stamp
from tenants.policies.together import chains


async def settle(today: date) -> list[str]:
    """Do all of it; sentences for the operator, none where nothing was new. Doing it again does nothing.

    Raises Conflict when the new floor cannot be in force together with what counties have adopted: nothing of it is then taken.
    """
    async with owner_session() as session:
        before = await session.fetchval("select count(*) from policy_text")
        for policy in plugins.installed().everything:
            await texts.keep(policy)
        await stamp.put(session, plugins.strangers())
        new = await session.fetchval("select count(*) from policy_text") - before
        counties = [row["id"] for row in await session.fetch("select id from county order by slug")]
    said = [f"保存了 {new} 份新的政策文本。"] if new else []
    for county in counties:
        said += await _pin(county, today)
    return [*said, *await _take_floor(counties, today)]


async def _pin(county: UUID, today: date) -> list[str]:
    """What was adopted before texts were kept, or before their code was, goes by what is installed today."""
    said = []
    async with owner_session(county) as session:
        for row in await session.fetch(
            "select plugin, count(*) n from activation where text is null group by 1"
        ):
            plugin, count = row["plugin"], row["n"]
            text = texts.installed_text(plugin)
            if not text:
                said.append(f"“{plugin}”没有安装，它的 {count} 条启用记录没有文本。请安装后重新升级。")
                continue
            await session.execute(
                "update activation set text = $2, pinned_on = $3 where plugin = $1 and text is null",
                plugin,
                text,
                today,
            )
            said.append(f"“{plugin}”的 {count} 条启用记录按今天安装的文本 {texts.short(text)} 固定。")
        for plugin, count in await _pin_code(session, today):
            said.append(f"“{plugin}”的 {count} 条启用记录按今天安装的程序固定。")
        if said:
            await session.execute(
                "update county set policy_version = policy_version + 1 where id = $1", county
            )
    return said


async def _pin_code(session: Session, today: date) -> list[tuple[str, int]]:
    """The activations of a text that was kept without its code go by the same text with the code that is here, by plugin."""
    pinned = []
    for policy in plugins.installed().policies.values():
        text, alone = texts.installed_text(policy.id), texts.hash_of(plugins.installed().texts[policy.id])
        if text == alone:
            continue
        rows = await session.fetch(
            "update activation set text = $2, pinned_on = $3 where text = $1 returning id", alone, text, today
        )
        pinned += [(policy.id, len(rows))] if rows else []
    return pinned


async def _take_floor(counties: Sequence[UUID], today: date) -> list[str]:
    """Put the installed texts of the floor behind those before, from tomorrow on; the first ones hold on all days."""
    async with owner_session():
        found = await floors.lines()
        await texts.load(one.hash for one in found)
    since = today + timedelta(days=1) if found else None
    newest = {one.plugin: one.hash for one in found}
    new = [
        Line(0, policy.id, text, since)
        for policy in plugins.installed().floor.policies
        if (text := texts.installed_text(policy.id)) != newest.get(policy.id)
    ]
    if new and found:
        for county in counties:
            await _refuse_what_does_not_go(county, floors.floor_of([*found, *new]))
    async with owner_session() as session:
        for line in new:
            await session.execute(
                "insert into floor_text (plugin, hash, since) values ($1, $2, $3)",
                line.plugin,
                line.hash,
                line.since,
            )
        if new:
            await session.execute("update county set policy_version = policy_version + 1")
    return [
        f"底线政策“{one.plugin}”的新文本自 {since} 起执行；此前开始的仍按原来的文本。" for one in new if since
    ]


async def _refuse_what_does_not_go(county: UUID, floor: Floor) -> None:
    """Raise Conflict unless the county's policies can be in force on this floor."""
    async with owner_session(county):
        county_has = CountyPolicies(0, await live_activations(), await moves())
        await texts.load(item.text for item in county_has.live)
        reaching = await chains(county_has)
    for chain in reaching.values():
        try:
            on_floor(chain, floor)
        except DangwuError as error:
            raise Conflict(
                f"底线政策的新文本不能与已经启用的政策同时执行，没有采用：{''.join(error.problems)}"
            ) from error
