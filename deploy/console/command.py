"""`dangwu console`: serves the console on this machine alone, and prints the address by which its operator comes in, once."""

from __future__ import annotations

import asyncio
import signal
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from deploy.problem import Problem
from deploy.typed import number

if TYPE_CHECKING:
    from deploy.counties.deeds import Ground
    from deploy.platform import Platform
    from deploy.settings import Settings

HOST, PORT = "127.0.0.1", 8765
"""Nobody else on the network reaches it: who is not at this machine comes by `ssh -L`."""

WITHIN = "0.0.0.0"
"""In a container, whose own loopback nobody reaches: its engine opens the port to the loopback of the machine alone."""


def arguments(parser: ArgumentParser) -> None:
    """What can be typed behind it."""
    parser.add_argument("--name", required=True, metavar="姓名", help="您的姓名：所做的每件事记在这个名下")
    parser.add_argument(
        "--port", type=number(1, 65535), default=PORT, metavar="端口", help=f"本机的端口，默认 {PORT}"
    )
    parser.add_argument("--container", action="store_true", help="在容器里：端口由容器只开给所在的机器")


def run(given: Namespace) -> int:
    """Serve until asked to end. Raises Problem."""
    from core.text import tidy
    from deploy.platform import platform
    from deploy.port import require_free
    from deploy.settings import Settings

    name, settings = tidy(given.name), Settings.read()
    if not 2 <= len(name) <= 30:
        raise Problem("请用 --name 写明您的姓名（2 至 30 个字）：所做的每件事记在这个名下。")
    host = WITHIN if given.container else HOST
    require_free(host, given.port, f"dangwu console --name {name} --port {given.port + 1}")
    with platform(settings, join=True) as ready:
        asyncio.run(_serve(_ground(ready, settings), name, host, given.port))
    return 0


def _ground(ready: Platform, given: Settings) -> Ground:
    from deploy.backup.command import seal_of, whole_url
    from deploy.backup.manifest import FILES
    from deploy.counties.deeds import Ground
    from deploy.counties.moving import Place

    try:
        url = whole_url(ready, given)
    except Problem:
        return Ground(given, None)
    return Ground(given, Place(url, ready.settings.data / FILES, seal_of(ready.settings)))


async def _serve(ground: Ground, name: str, host: str, port: int) -> None:
    from granian.constants import HTTPModes, Interfaces
    from granian.log import LogLevels
    from granian.server.embed import Server

    from deploy.console.app import create
    from deploy.console.gate import TICKET_SECONDS, Gate
    from deploy.inside import inside

    gate = Gate(name)
    async with inside():
        server = Server(
            create(gate, ground), address=host, port=port, interface=Interfaces.ASGI, http=HTTPModes.http1,
            websockets=False, log_level=LogLevels.error,
        )  # fmt: skip
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, server.stop)
        print(
            f"运维控制台已启动，只在本机。{TICKET_SECONDS // 60} 分钟内用浏览器打开一次：\n"
            f"http://{HOST}:{port}/enter/{gate.ticket}\n"
            f"不在这台机器上的，先执行 ssh -L {port}:{HOST}:{port} 这台机器。按 Ctrl-C 停止。",
            flush=True,
        )
        await server.serve()
