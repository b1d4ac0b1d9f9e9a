"""`dangwu serve` and `dangwu demo`: everything on one machine, until it is interrupted."""

from __future__ import annotations

import asyncio
import os
import sys
import time
import webbrowser
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager

from deploy import programs
from deploy.inside import inside
from deploy.interrupt import interruptible
from deploy.platform import Platform, platform
from deploy.port import answers, require_free
from deploy.problem import Problem
from deploy.settings import Settings
from deploy.supervisor import Supervisor
from deploy.updating import update
from tenants.policies.plugins import installed

_LONGEST_START_SECONDS = 300.0
"""Some two seconds as a rule; a program that ends is noticed at once, so only a very busy machine waits for long."""
_DESKTOPS = ("DISPLAY", "WAYLAND_DISPLAY")
Prepare = Callable[[], Coroutine[None, None, str]]


def serve(
    settings: Settings,
    *,
    workers: int = 1,
    web_only: bool = False,
    prepare: Prepare | None = None,
    browser: bool = False,
) -> int:
    """Run the platform; 0 after an orderly stop. Raises Problem if it cannot start or does not stay up.

    `prepare` runs after the migrations and answers what is to be printed beside the address (the demo's sign-ins).
    `web_only` serves pages alone: migrations, worker and relay run elsewhere. `browser` opens one, if there is a desktop.
    """
    require_free(settings.host, settings.port)
    programs.allow_connections()
    if settings.embedded and not settings.data.exists():
        print(f"首次启动，正在 {settings.data.absolute()} 建立数据库（几秒）……", flush=True)
    with interruptible(), platform(settings, found=True) as running:
        said = "" if web_only else asyncio.run(_prepare(prepare))
        with _supervised(running) as supervisor:
            supervisor.start(programs.web(running.settings, workers))
            _until_it_answers(supervisor, settings)
            for program in () if web_only else (programs.worker(), programs.relay()):
                supervisor.start(program)
            print(_greeting(settings, said, embedded=running.servers is not None), flush=True)
            if browser and has_desktop():
                webbrowser.open(_address(settings))
            supervisor.watch()
    return 0


async def _prepare(prepare: Prepare | None) -> str:
    await update()
    if prepare is None:
        return ""
    async with inside():
        return await prepare()


@contextmanager
def _supervised(running: Platform) -> Iterator[Supervisor]:
    supervisor = Supervisor(running.servers, running.settings.data / "logs" if running.servers else None)
    try:
        yield supervisor
    finally:
        supervisor.stop()


def _until_it_answers(supervisor: Supervisor, settings: Settings) -> None:
    deadline = time.monotonic() + _LONGEST_START_SECONDS
    while not answers(settings.host, settings.port):
        supervisor.require_running()
        if time.monotonic() > deadline:
            raise Problem(
                f"网页服务在 {_LONGEST_START_SECONDS:.0f} 秒内没有应答。请查看数据目录 logs 下的 web.log。"
            )
        time.sleep(0.05)


def has_desktop() -> bool:
    """Whether somebody sits at this machine who would see a browser open."""
    return sys.stdout.isatty() and (sys.platform == "darwin" or any(map(os.environ.get, _DESKTOPS)))


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}/"


def _greeting(settings: Settings, said: str, *, embedded: bool) -> str:
    data = f"数据和日志在 {settings.data.absolute()}。" if embedded else ""
    broken = [sentence for sentences in installed().broken.values() for sentence in sentences]
    warned = "\n".join(["以下政策插件不能使用，平台没有载入它们：", *broken]) if broken else ""
    lines = [f"党务平台已启动：{_address(settings)}", said, warned, data, "按 Ctrl-C 停止。"]
    return "\n".join(filter(None, lines))
