"""What `dangwu counties` does, each act with what to print."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Coroutine

from core.quotas.room import Usage
from deploy.backup import key
from deploy.backup.command import seal_of, whole_url
from deploy.backup.manifest import FILES
from deploy.counties.moving import Place, bring_in, send_out
from deploy.counties.removing import remove
from deploy.inside import inside
from deploy.ledger.signing import ADOPT, foreign
from deploy.noted import at_the_shell, note_deed
from deploy.opening import named, open_with_admin, reset_account, ticket_for
from deploy.platform import Platform
from deploy.problem import Problem
from deploy.settings import Settings
from deploy.updating import update
from tenants.counties import CountyView, counties, resume_county, suspend_county
from tenants.ground.clock import today
from tenants.quotas import county_usages, set_quotas

Within = tuple[Platform, Settings]
"""The platform as it is reached, and the settings that were given."""


def _place(within: Within) -> Place:
    ready, given = within
    url = whole_url(ready, given)
    ready.settings.data.mkdir(parents=True, exist_ok=True)
    return Place(url, ready.settings.data / FILES, seal_of(ready.settings))


async def listed(given: Namespace, within: Within) -> str:
    """All counties."""
    await update()
    async with inside():
        return "\n".join(map(_line, await counties())) or "还没有开通任何县。"


def _line(one: CountyView) -> str:
    return f"{one.slug}\t{one.name}" + (f"\t已暂停：{one.suspended_why}" if one.suspended_why else "")


async def opened(given: Namespace, within: Within) -> str:
    """A new county with its first administrator."""
    department = given.department or f"中共{given.name}委组织部"
    login = given.login or "admin"
    await update()
    async with inside():
        made = await open_with_admin(given.slug, given.name, department, login, given.admin, today())
    await note_deed(at_the_shell(), "opened", given.name, given.slug)
    return (
        f"{given.name}已开通。第一位管理员：{given.admin}，登录名 {made.login}，初始密码 {made.password}。"
        "密码只显示这一次，首次登录时须修改。"
    )


async def _reset(given: Namespace, within: Within) -> str:
    async with inside():
        county = await named(given.slug)
        password = await reset_account(given.slug, given.reset, today())
    await note_deed(at_the_shell(), "reset", county.name, given.reset)
    return f"{given.reset} 的新初始密码 {password}。密码只显示这一次，登录时须修改；此前的登录均已退出。"


async def _enter(given: Namespace, within: Within) -> str:
    async with inside():
        county, said = await named(given.slug), await ticket_for(given.slug, given.enter, today())
    await note_deed(at_the_shell(), "admitted", county.name, given.enter)
    return said


async def _suspend(given: Namespace, within: Within) -> str:
    async with inside():
        found = await suspend_county((await named(given.slug)).slug, given.suspend)
    await note_deed(at_the_shell(), "suspended", found.name, given.suspend)
    return f"{found.name}已暂停：登录的人随即退出，后台任务等候，数据原样保留。恢复用 --resume。"


async def _resume(given: Namespace, within: Within) -> str:
    async with inside():
        found = await resume_county((await named(given.slug)).slug)
    await note_deed(at_the_shell(), "resumed", found.name)
    return f"{found.name}已恢复。"


async def _export(given: Namespace, within: Within) -> str:
    to = key.recipient(within[1].backup_to)
    async with inside():
        county = await named(given.slug)
        said = await send_out(_place(within), county, given.export, to)
    rows = sum(one.rows for one in said.tables.values())
    await note_deed(
        at_the_shell(), "exported", county.name, f"{given.export}，{rows} 行、{len(said.files)} 个附件"
    )
    lost = f"其中 {said.absent} 个附件的文件在导出前就已不在存储中。" if said.absent else ""
    return f"{county.name}已导出到 {given.export}：{rows} 行数据、{len(said.files)} 个附件。{lost}"


async def _bring(given: Namespace, within: Within) -> str:
    if given.key is None:
        raise Problem("请用 --key 写明打开这个文件的钥匙。")
    await update()
    said = await bring_in(_place(within), given.bring, key.read(given.key))
    rows = sum(one.rows for one in said.tables.values())
    await note_deed(
        at_the_shell(), "brought", said.name, f"{given.bring}，{rows} 行、{len(said.files)} 个附件"
    )
    async with inside():
        theirs = await foreign(said.id)
    signed = f"\n日志是{theirs}，这里接着封存以前须先执行：{ADOPT.format(said.slug)}" if theirs else ""
    return f"{said.name}已导入：{rows} 行数据、{len(said.files)} 个附件。{signed}"


async def _delete(given: Namespace, within: Within) -> str:
    async with inside():
        county = await named(given.slug)
        said = await remove(_place(within), county, given.delete, today())
    await note_deed(at_the_shell(), "deleted", county.name, said)
    return said


async def _usage(given: Namespace, within: Within) -> str:
    async with inside():
        return _usages(await county_usages(await named(given.slug)))


def _usages(found: list[Usage]) -> str:
    return "\n".join(
        "\t".join(
            [one.quota.name, one.quota.called, one.quota.said(one.used) if one.used is not None else "—",
             one.quota.said(one.most), "默认" if one.usual else "另定"]
        )
        for one in found
    )  # fmt: skip


async def _quota(given: Namespace, within: Within) -> str:
    async with inside():
        county = await named(given.slug)
        await set_quotas(county, dict(map(_number, given.quota)))
        await note_deed(at_the_shell(), "quotas", county.name, "，".join(given.quota))
        return f"{county.name}：\n{_usages(await county_usages(county))}"


def _number(given: str) -> tuple[str, int | None]:
    name, _, number = given.partition("=")
    if number and not number.isdecimal():
        raise Problem(f"“{given}”不对。请写成 people=30000；“people=”恢复默认。")
    return name, int(number) if number else None


Act = Callable[[Namespace, Within], Coroutine[None, None, str]]
ACTS: dict[str, Act] = {
    "enter": _enter,
    "reset": _reset,
    "suspend": _suspend,
    "resume": _resume,
    "export": _export,
    "bring": _bring,
    "delete": _delete,
    "quota": _quota,
    "usage": _usage,
}
"""What is done where this option is given."""
