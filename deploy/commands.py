"""The platform's commands, added to `dangwu` through the entry point group `dangwu.commands`.

Imports are inside the functions: `dangwu rehearse` must not pay for a web server.
"""

from __future__ import annotations

import asyncio
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from core.errors import DomainError
from deploy.problem import Problem, refuse_idle
from deploy.typed import number

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from deploy.supervisor import Program

Run = Callable[[Namespace], int]
T = TypeVar("T")


def register(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    """Add our commands; each sets `run`, which takes the parsed arguments and answers the exit code."""
    for heading, adds in (
        ("启动平台", (_serve, _demo, _migrate, _worker, _relay)),
        ("各县的事", (_counties, _console, _jobs)),
        ("政策文本、插件和日志", (_texts, _plugins, _ledger)),
        ("备份和密钥", (_backup, _restore, _secret)),
    ):
        for add in adds:
            there = {*subparsers.choices}
            add(subparsers)
            for name in subparsers.choices.keys() - there:
                subparsers.choices[name].set_defaults(heading=heading)


def _serve(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    parser = _add(subparsers, "serve", "启动平台：数据库、缓存、网页、后台任务（Ctrl-C 停止）", _run_serve)
    parser.add_argument(
        "--workers", type=number(1, 64), default=1, metavar="N", help="网页服务的进程数，默认 1"
    )
    parser.add_argument(
        "--web-only", action="store_true", help="只提供网页，升级、后台任务和消息转发另行启动"
    )


def _demo(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    parser = _add(subparsers, "demo", "启动平台，首次启动时写入两个演示县，并列出演示账号", _run_demo)
    parser.add_argument("--no-browser", action="store_true", help="不打开浏览器")


def _migrate(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    _add(subparsers, "migrate", "把数据库升级到当前版本", _run_migrate)


def _worker(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    parser = _add(subparsers, "worker", "处理后台任务", _run_worker)
    parser.add_argument("--processes", type=number(1, 64), default=1, metavar="N", help="进程数，默认 1")
    parser.add_argument(
        "--threads", type=number(1, 64), default=4, metavar="N", help="每个进程的线程数，默认 4"
    )


def _relay(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    _add(subparsers, "relay", "转发已提交的消息，并按时发起每日巡检", _run_relay)


def _counties(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    from deploy.counties.parser import arguments, run

    arguments(_add(subparsers, "counties", "列出各县；给出代号和名称时开通一个县", run))


def _console(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    from deploy.console.command import arguments, run

    arguments(_add(subparsers, "console", "运维控制台：在本机的网页上办整个县的事", run))


def _jobs(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    parser = _add(subparsers, "jobs", "各县的后台任务：进度、结果、出错的次数", _run_jobs)
    parser.add_argument("slug", nargs="?", metavar="代号", help="只看这个县")
    parser.add_argument(
        "--group", choices=("open", "lost", "done"), default="", help="正在办的、没有办成的、已完成的"
    )
    parser.add_argument("--cancel", metavar="编号", help="取消这一项")
    parser.add_argument("--again", metavar="编号", help="多次出错、已经放弃的，再办理一次")


def _texts(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    parser = _add(subparsers, "texts", "保存的政策文本：都有哪些、原文、在哪里用；底线文本的更正", _run_texts)
    parser.add_argument(
        "act",
        nargs="?",
        default="list",
        choices=("list", "show", "where", "prune", "correct"),
        metavar="做什么",
        help="list 列出（默认），show 原文，where 在哪里用，prune 删除没有用过的，correct 底线文本的更正",
    )
    parser.add_argument("text", nargs="?", default="", metavar="文本", help="散列的前几位")
    parser.add_argument("--sign", metavar="姓名", help="签署更正：对以前开始的同样有效")


def _ledger(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    from deploy.ledger.command import arguments, run

    arguments(
        _add(subparsers, "ledger", "日志的封存：导出各期的根，核对，依法删除个人信息，更换签名的密钥", run)
    )


def _backup(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    parser = _add(subparsers, "backup", "把数据库、附件和密钥写成一个加密的文件，平台照常运行", _run_backup)
    parser.add_argument("file", nargs="?", type=Path, metavar="文件", help="备份写到哪里，不能已经存在")
    parser.add_argument("--new-key", type=Path, metavar="文件", help="生成打开备份的钥匙，写入这个文件")


def _restore(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    parser = _add(subparsers, "restore", "把一份备份恢复到空的数据目录或空的数据库", _run_restore)
    parser.add_argument("file", type=Path, metavar="文件", help="备份")
    parser.add_argument("--key", type=Path, required=True, metavar="文件", help="打开备份的钥匙")
    parser.add_argument("--person", metavar="编号", help="只恢复一个人，到正在用的平台")
    parser.add_argument("--county", metavar="代号", help="这个人在哪个县")
    parser.add_argument("--plan", type=Path, metavar="文件", help="写下并列出会恢复什么，什么也不改")
    parser.add_argument("--confirm", type=Path, metavar="文件", help="按这个文件里的方案恢复")


def _secret(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    parser = _add(subparsers, "secret", "密封数据的密钥：看它的指纹，换成另一个或另一套算法", _run_secret)
    parser.add_argument("act", choices=("show", "change"), metavar="做什么", help="show 指纹，change 更换")


def _plugins(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    """What the platform adds to the package's own command: `dangwu plugins reset NAME`."""
    parser = subparsers.choices.get("plugins") or subparsers.add_parser("plugins")
    listed = parser.get_default("run")
    parser.add_argument(
        "act", nargs="?", choices=("reset",), metavar="做什么", help="reset 让停止运行的插件重新运行"
    )
    parser.add_argument("plugin", nargs="?", default="", metavar="插件", help="插件的标识")
    parser.set_defaults(run=_speaking(lambda given: _run_reset(given) if given.act else listed(given)))


def _add(subparsers: _SubParsersAction[ArgumentParser], name: str, text: str, run: Run) -> ArgumentParser:
    parser = subparsers.add_parser(name, description=text)
    parser.set_defaults(run=_speaking(run))
    return parser


def _speaking(run: Run) -> Run:
    """`run`, with problems printed as their sentence and answered by exit code 1."""

    def guarded(arguments: Namespace) -> int:
        try:
            _refuse_unreadable(arguments)
            return run(arguments)
        except (Problem, DomainError) as refused:
            print(refused.sentence, file=sys.stderr)
            return 1

    return guarded


def _refuse_unreadable(arguments: Namespace) -> None:
    """Raise Problem for what was typed in another encoding: nothing could keep it, nor print it."""
    for value in vars(arguments).values():
        text = str(value)
        if text.encode("utf-8", "ignore") != text.encode("utf-8", "surrogatepass"):
            shown = text.encode("utf-8", "replace").decode()
            raise Problem(f"“{shown}”里有读不出来的字符，没有办理。请把终端的编码设为 UTF-8，再执行一次。")


def _run_serve(arguments: Namespace) -> int:
    from deploy.serve import serve
    from deploy.settings import Settings

    return serve(Settings.read(), workers=arguments.workers, web_only=arguments.web_only)


def _run_reset(arguments: Namespace) -> int:
    from deploy.stopped import reset

    print(_joined(reset(arguments.plugin)))
    return 0


def _run_demo(arguments: Namespace) -> int:
    from deploy.demo import seed
    from deploy.serve import serve
    from deploy.settings import Settings

    return serve(Settings.read(), prepare=seed, browser=not arguments.no_browser)


def _run_migrate(arguments: Namespace) -> int:
    from deploy.updating import update

    print("\n".join(_joined(update())) or "数据库已是最新版本。")
    return 0


def _run_worker(arguments: Namespace) -> int:
    from deploy import programs

    return _become(programs.worker(arguments.processes, arguments.threads))


def _run_relay(arguments: Namespace) -> int:
    from deploy import programs

    return _become(programs.relay())


def _become(program: Program) -> int:
    """Turn this process into `program`, so that a supervisor's signals reach it."""
    from deploy.platform import attach
    from deploy.reach import require_servers
    from deploy.settings import Settings

    asyncio.run(require_servers(attach(Settings.read())))
    os.execv(program.argv[0], program.argv)


def _run_backup(arguments: Namespace) -> int:
    from deploy.backup.command import backup

    if arguments.new_key:
        refuse_idle(arguments, "dangwu backup --new-key", "", file="备份的文件")
    print(backup(arguments))
    return 0


def _run_restore(arguments: Namespace) -> int:
    from deploy.backup.command import restore
    from deploy.backup.person.command import restore_person

    if not arguments.person:
        refuse_idle(
            arguments,
            "不写 --person 的 dangwu restore",
            "",
            county="--county",
            plan="--plan",
            confirm="--confirm",
        )
    print(restore_person(arguments) if arguments.person else restore(arguments))
    return 0


def _run_secret(arguments: Namespace) -> int:
    from deploy.secret.command import secret

    secret(arguments)
    return 0


def _run_jobs(arguments: Namespace) -> int:
    from deploy.jobs import jobs_told

    if arguments.cancel:
        refuse_idle(arguments, "dangwu jobs --cancel", "", again="--again", group="--group")
    if arguments.again:
        refuse_idle(arguments, "dangwu jobs --again", "", group="--group")
    print(_joined(jobs_told(arguments)))
    return 0


def _run_texts(arguments: Namespace) -> int:
    from deploy.texts import texts

    read = {"show": "text", "where": "text", "correct": "sign"}.get(arguments.act, "")
    refuse_idle(arguments, f"dangwu texts {arguments.act}", read, text="文本的散列", sign="--sign")
    print(_joined(texts(arguments)))
    return 0


def _joined(act: Coroutine[None, None, T]) -> T:
    from deploy.platform import joined

    return joined(act)
