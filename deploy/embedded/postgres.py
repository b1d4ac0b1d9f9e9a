"""The embedded PostgreSQL: made once, started, stopped, and found again after a crash."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from deploy.embedded.addresses import addresses
from deploy.embedded.binaries import postgres_binaries
from deploy.embedded.child import Child
from deploy.embedded.folder import DataFolder, Secrets
from deploy.embedded.identity import Identity
from deploy.embedded.leftovers import end_leftovers
from deploy.problem import Problem

# Fast shutdown, then immediate shutdown (recovers at the next start).
_LADDER = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 5.0))
_LOCALE = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--lc-ctype=C.UTF-8")
_OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "cluster_name": "dangwu",
    "max_connections": "100",
    # Short queries: compiling them costs more than running them.
    "jit": "off",
    # An error's details quote what was being written: personal data, which a log must not hold.
    "log_error_verbosity": "terse",
}
# For tests: nothing survives a crash of the machine, and no connection hashes its password thousands of times.
_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    # Where they run in memory, it is not all theirs.
    "max_wal_size": "128MB",
    "min_wal_size": "32MB",
    "scram_iterations": "1",
}
_READY = "dangwu-ready"


class Postgres:
    """One cluster in `folder.postgres`, reached by a Unix socket in `folder.run`. `fast` gives up durability."""

    def __init__(
        self, folder: DataFolder, identity: Identity, secrets: Secrets, *, fast: bool = False
    ) -> None:
        self._folder, self._identity, self._secrets, self._fast = folder, identity, secrets, fast
        self._bin = postgres_binaries()
        self._data = folder.postgres

    def prepare(self) -> None:
        """Make the cluster unless it is there; end what an unclean stop has left. Raises Problem."""
        if not self._data.exists():
            self._initdb()
        self._same_version()
        self._identity.own(self._data)
        self._end_leftovers()

    def start(self) -> Child:
        """Start the server without waiting for it."""
        options = (
            _OPTIONS | (_FAST if self._fast else {}) | {"unix_socket_directories": str(self._folder.run)}
        )
        settings = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        return Child(
            "PostgreSQL",
            [str(self._bin / "postgres"), "-D", str(self._data), *settings],
            ladder=_LADDER,
            log=self._folder.logs / "postgres.log",
            identity=self._identity,
            env=environment(),
            cwd=Path("/"),
        )

    def wait(self, child: Child) -> None:
        """Until it takes connections (after a crash it first recovers). Raises Problem if it ends instead."""
        while not self._says_ready(child.pid):
            if child.returncode is not None:
                raise Problem(
                    f"数据库没有启动成功，最后的日志是：\n{child.last_words()}\n完整日志在 {child.log}。"
                )
            time.sleep(0.01)

    def bootstrap(self) -> None:
        """The roles and the database, once, and again when a new version asks for other ones."""
        ready, roles = self._data / _READY, files("deploy").joinpath("roles.sql").read_text()
        if ready.exists() and ready.read_text() == roles:
            return
        sets = f"\\set owner_password {self._secrets.owner}\n\\set app_password {self._secrets.app}\n"
        done = subprocess.run(
            [
                str(self._bin / "psql"),
                "-X",
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                addresses(self._folder.run, self._secrets).superuser_url,
            ],
            input=sets + roles,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise Problem(f"数据库初始化没有完成：\n{done.stderr.strip()}")
        ready.write_text(roles)

    def _initdb(self) -> None:
        part = self._data.with_name("postgres.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700)
        password = self._folder.run / "password"
        password.write_text(self._secrets.superuser)
        password.chmod(0o600)
        self._identity.own(part)
        self._identity.own(password)
        argv = [str(self._bin / "initdb"), "-D", str(part), "-U", "postgres", "-E", "UTF8", *_LOCALE]
        argv += ["-A", "scram-sha-256", f"--pwfile={password}"]
        argv += ["--no-sync", "-c", f"scram_iterations={_FAST['scram_iterations']}"] if self._fast else []
        self._run(argv)
        password.unlink()
        part.rename(self._data)

    def _run(self, argv: list[str]) -> None:
        log = self._folder.logs / "initdb.log"
        child = Child(
            "initdb",
            argv,
            ladder=_LADDER,
            log=log,
            identity=self._identity,
            env=environment(),
            cwd=Path("/"),
        )
        while child.returncode is None:
            time.sleep(0.01)
        if child.returncode != 0:
            raise Problem(f"不能建立数据库，最后的日志是：\n{child.last_words()}\n完整日志在 {log}。")

    def _same_version(self) -> None:
        have = (self._data / "PG_VERSION").read_text().strip()
        control = subprocess.run(
            [str(self._bin / "postgres"), "--version"], capture_output=True, text=True, check=True
        )
        need = control.stdout.split()[-1].split(".")[0]
        if have != need:
            raise Problem(
                f"数据目录 {self._data} 由 PostgreSQL {have} 建立，而现在安装的是 PostgreSQL {need}。"
                "请先用原版本备份（pg_dump），再在新的数据目录中恢复。"
            )

    def _end_leftovers(self) -> None:
        pid_file = self._data / "postmaster.pid"
        if pid_file.exists():
            end_leftovers("postgres", self._data, signal.SIGINT)
            # The number in it may by now be another process's: PostgreSQL would then refuse to start.
            pid_file.unlink(missing_ok=True)

    def _says_ready(self, pid: int) -> bool:
        """PostgreSQL keeps its state on the eighth line of postmaster.pid; pg_ctl looks there too."""
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"


def environment() -> Mapping[str, str]:
    """Ours without the variables that would steer PostgreSQL's programs elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}
