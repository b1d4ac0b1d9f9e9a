"""`dangwu counties` as it is typed. Imports are inside the functions: other commands must not pay for them."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Coroutine

from deploy.problem import Problem


def arguments(parser: ArgumentParser) -> None:
    """What can be typed behind it."""
    parser.add_argument(
        "slug", nargs="?", metavar="代号", help="2 至 40 个小写字母、数字或连字符，用于登录地址"
    )
    parser.add_argument("name", nargs="?", metavar="名称", help="例如 牙克石市")
    parser.add_argument(
        "--reset",
        metavar="登录名",
        help="给该县这位组织部管理员一个新的初始密码；该县只有一位管理员时，也可给其他人",
    )
    parser.add_argument(
        "--enter", metavar="姓名", help="该县准许这位运维人员今天进入时，打印一个十分钟内用一次的地址"
    )
    parser.add_argument(
        "--suspend", metavar="理由", help="暂停：登录的人随即退出，后台任务等候，数据原样保留"
    )
    parser.add_argument("--resume", action="store_true", help="恢复")
    parser.add_argument("--department", metavar="组织部", help="默认为“中共（名称）委组织部”")
    parser.add_argument("--admin", metavar="姓名", help="第一位管理员的姓名")
    parser.add_argument("--login", default="admin", metavar="登录名", help="第一位管理员的登录名，默认 admin")


def run(arguments: Namespace) -> int:
    """Do it, and print what was done. Raises Problem and what the acts raise."""
    from deploy.platform import platform
    from deploy.settings import Settings

    act = next((one for name, one in ACTS.items() if getattr(arguments, name)), None)
    if act is not None and not arguments.slug:
        raise Problem("请写明是哪个县，例如：dangwu counties yakeshi --reset admin")
    if act is None and arguments.slug and not (arguments.name and arguments.admin):
        raise Problem(
            "开通一个县需要代号、名称和第一位管理员的姓名，例如：dangwu counties yakeshi 牙克石市 --admin 王秀兰"
        )
    with platform(Settings.read(), join=True):
        print(asyncio.run((act or (_open if arguments.slug else _list))(arguments)))
    return 0


async def _list(arguments: Namespace) -> str:
    from deploy.inside import inside
    from deploy.updating import update
    from tenants.counties import counties

    await update()
    async with inside():
        return (
            "\n".join(
                f"{one.slug}\t{one.name}" + (f"\t已暂停：{one.suspended_why}" if one.suspended_why else "")
                for one in await counties()
            )
            or "还没有开通任何县。"
        )


async def _reset(arguments: Namespace) -> str:
    from deploy.inside import inside
    from deploy.opening import reset_account
    from tenants.ground.clock import today

    async with inside():
        password = await reset_account(arguments.slug, arguments.reset, today())
    return f"{arguments.reset} 的新初始密码 {password}。密码只显示这一次，登录时须修改；此前的登录均已退出。"


async def _enter(arguments: Namespace) -> str:
    from deploy.inside import inside
    from deploy.opening import ticket_for
    from tenants.ground.clock import today

    async with inside():
        return await ticket_for(arguments.slug, arguments.enter, today())


async def _open(arguments: Namespace) -> str:
    from deploy.inside import inside
    from deploy.opening import open_with_admin
    from deploy.updating import update
    from tenants.ground.clock import today

    slug, name, admin = arguments.slug, arguments.name, arguments.admin
    department = arguments.department or f"中共{name}委组织部"
    await update()
    async with inside():
        made = await open_with_admin(slug, name, department, arguments.login, admin, today())
    return (
        f"{name}已开通。第一位管理员：{admin}，登录名 {made.login}，初始密码 {made.password}。"
        "密码只显示这一次，首次登录时须修改。"
    )


async def _suspend(arguments: Namespace) -> str:
    from deploy.inside import inside
    from tenants.counties import suspend_county

    async with inside():
        found = await suspend_county(arguments.slug, arguments.suspend)
    return f"{found.name}已暂停：登录的人随即退出，后台任务等候，数据原样保留。恢复用 --resume。"


async def _resume(arguments: Namespace) -> str:
    from deploy.inside import inside
    from tenants.counties import resume_county

    async with inside():
        return f"{(await resume_county(arguments.slug)).name}已恢复。"


Act = Callable[[Namespace], Coroutine[None, None, str]]
ACTS: dict[str, Act] = {"enter": _enter, "reset": _reset, "suspend": _suspend, "resume": _resume}
"""What is done where its option is given."""
