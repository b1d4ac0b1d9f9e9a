"""`dangwu counties` as it is typed. Imports are inside the functions: other commands must not pay for them."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from deploy.problem import Problem, refuse_idle

_OPTIONS = {"bring": "--import"}
"""The acts that are not typed as they are called here."""
_BESIDE = {
    "slug": "代号",
    "name": "名称",
    "department": "--department",
    "admin": "--admin",
    "login": "--login",
    "key": "--key",
}
"""What belongs to some of the acts: attribute → as it is typed."""


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
    parser.add_argument(
        "--export", type=Path, metavar="文件", help="整县导出为一个加密的文件（给 DANGWU_BACKUP_TO）"
    )
    parser.add_argument("--import", dest="bring", type=Path, metavar="文件", help="导入别处导出的一个县")
    parser.add_argument("--key", type=Path, metavar="文件", help="打开导出文件的钥匙")
    parser.add_argument(
        "--delete", metavar="县的全称", help="删除：先暂停三十天，到期再执行一次；要外部数据库管理员的地址"
    )
    parser.add_argument("--usage", action="store_true", help="列出用量和上限")
    parser.add_argument(
        "--quota", action="append", metavar="名称=数",
        help="设定一项上限，可写多次；“名称=”恢复默认。名称见 --usage",
    )  # fmt: skip
    parser.add_argument("--department", metavar="组织部", help="默认为“中共（名称）委组织部”")
    parser.add_argument("--admin", metavar="姓名", help="第一位管理员的姓名")
    parser.add_argument("--login", metavar="登录名", help="第一位管理员的登录名，默认 admin")


def run(arguments: Namespace) -> int:
    """Do it, and print what was done. Raises Problem and what the acts raise."""
    from deploy.counties.acts import ACTS, listed, opened
    from deploy.platform import platform
    from deploy.settings import Settings

    chosen = [name for name in ACTS if getattr(arguments, name) not in (None, False)]
    _refuse_unclear(arguments, chosen)
    act = ACTS[chosen[0]] if chosen else opened if arguments.slug else listed
    given = Settings.read()
    with platform(given, join=True) as ready:
        print(asyncio.run(act(arguments, (ready, given))))
    return 0


def _refuse_unclear(given: Namespace, chosen: Sequence[str]) -> None:
    """Raise Problem for what does not say one thing to do, or says too little or too much of it."""
    options = [_OPTIONS.get(name, f"--{name}") for name in chosen]
    if len(options) > 1:
        raise Problem(f"dangwu counties 一次只办一件事，写了 {'、'.join(options)}，没有办理。请分几次执行。")
    if options:
        if chosen != ["bring"] and not given.slug:
            raise Problem("请写明是哪个县，例如：dangwu counties yakeshi --reset admin")
        command, read = f"dangwu counties {options[0]}", "key" if chosen == ["bring"] else "slug"
    elif given.slug:
        if not (given.name and given.admin):
            raise Problem(
                "开通一个县需要代号、名称和第一位管理员的姓名，例如：dangwu counties yakeshi 牙克石市 --admin 王秀兰"
            )
        command, read = "开通一个县的 dangwu counties", "slug name department admin login"
    else:
        command, read = "不写代号的 dangwu counties", ""
    refuse_idle(given, command, read, **_BESIDE)
