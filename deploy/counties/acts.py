"""What `dangwu counties` does, each act with what to print."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Coroutine

from core.quotas.room import Usage
from deploy.backup.command import seal_of, whole_url
from deploy.backup.manifest import FILES
from deploy.counties import deeds
from deploy.counties.deeds import Ground
from deploy.counties.moving import Place
from deploy.inside import inside
from deploy.ledger.signing import ADOPT, foreign
from deploy.noted import at_the_shell
from deploy.opening import named
from deploy.platform import Platform
from deploy.problem import Problem
from deploy.settings import Settings
from deploy.updating import update
from tenants.counties import CountyView, counties
from tenants.ground.clock import today
from tenants.quotas import county_usages

Within = tuple[Platform, Settings]
"""The platform as it is reached, and the settings that were given."""


def _ground(within: Within) -> Ground:
    ready, given = within
    url = whole_url(ready, given)
    ready.settings.data.mkdir(parents=True, exist_ok=True)
    return Ground(given, Place(url, ready.settings.data / FILES, seal_of(ready.settings)))


async def listed(given: Namespace, within: Within) -> str:
    """All counties."""
    await update()
    async with inside():
        return "\n".join(map(_line, await counties())) or "还没有开通任何县。"


def _line(one: CountyView) -> str:
    return f"{one.slug}\t{one.name}" + (f"\t已暂停：{one.suspended_why}" if one.suspended_why else "")


async def opened(given: Namespace, within: Within) -> str:
    """A new county with its first administrator."""
    wanted = deeds.Opening(
        given.slug, given.name, given.department or "", given.login or "admin", given.admin
    )
    await update()
    async with inside():
        made = await deeds.opened(at_the_shell(), wanted, today())
    return (
        f"{given.name}已开通。第一位管理员：{given.admin}，登录名 {made.login}，初始密码 {made.password}。"
        "密码只显示这一次，首次登录时须修改。"
    )


async def _reset(given: Namespace, within: Within) -> str:
    async with inside():
        password = await deeds.reset(at_the_shell(), await named(given.slug), given.reset, today())
    return f"{given.reset} 的新初始密码 {password}。密码只显示这一次，登录时须修改；此前的登录均已退出。"


async def _enter(given: Namespace, within: Within) -> str:
    async with inside():
        return await deeds.admitted(at_the_shell(), await named(given.slug), given.enter, today())


async def _suspend(given: Namespace, within: Within) -> str:
    async with inside():
        said = await deeds.suspended(at_the_shell(), await named(given.slug), given.suspend)
    return f"{said}恢复用 --resume。"


async def _resume(given: Namespace, within: Within) -> str:
    async with inside():
        return await deeds.resumed(at_the_shell(), await named(given.slug))


async def _export(given: Namespace, within: Within) -> str:
    async with inside():
        return await deeds.exported(at_the_shell(), _ground(within), await named(given.slug), given.export)


async def _bring(given: Namespace, within: Within) -> str:
    if given.key is None:
        raise Problem("请用 --key 写明打开这个文件的钥匙。")
    await update()
    async with inside():
        said = await deeds.brought(at_the_shell(), _ground(within), given.bring, given.key)
        theirs = await foreign(said.id)
    signed = f"\n日志是{theirs}，这里接着封存以前须先执行：{ADOPT.format(said.slug)}" if theirs else ""
    return f"{deeds.arrived(said)}{signed}"


async def _delete(given: Namespace, within: Within) -> str:
    async with inside():
        county = await named(given.slug)
        return await deeds.deleted(at_the_shell(), _ground(within), county, given.delete, today())


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
        await deeds.limited(at_the_shell(), county, dict(map(_number, given.quota)))
        return f"{county.name}：\n{_usages(await county_usages(county))}"


def _number(given: str) -> tuple[str, int | None]:
    name, sign, number = given.partition("=")
    if not sign or (number and not number.isdecimal()):
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
