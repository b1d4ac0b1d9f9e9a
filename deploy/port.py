"""Whether the address for the pages is free, and whether they answer there."""

from __future__ import annotations

import errno
import http.client
import socket

import psutil

from deploy.problem import Problem, why


def require_free(host: str, port: int, another: str = "DANGWU_PORT=8001 make run") -> None:
    """Raise Problem if `host:port` cannot be listened on, saying who has it, and `another` way to start."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            hint = f"请先停止它，或换一个端口，例如 {another}。"
            raise Problem(f"端口 {port} 已被{_holder(port)}占用。{hint}") from error
        raise Problem(
            f"不能在 {host}:{port} 上提供服务（{why(error)}）。请修改 DANGWU_HOST 或 DANGWU_PORT。"
        ) from error


def answers(host: str, port: int) -> bool:
    """Whether the pages answer, and reach their own servers."""
    connection = http.client.HTTPConnection(
        {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port, timeout=5
    )
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _holder(port: int) -> str:
    try:
        pids = {
            c.pid
            for c in psutil.net_connections("tcp")
            if c.laddr and c.laddr.port == port and c.status == "LISTEN"
        }
    except psutil.AccessDenied:
        return "另一个程序"
    names = [f"程序 {psutil.Process(pid).name()}（进程号 {pid}）" for pid in sorted(p for p in pids if p)]
    return "、".join(names) or "另一个程序"
