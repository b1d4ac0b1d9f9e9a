"""The data folder: what lies where in it, whose it is now, and its secrets."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from base64 import b64encode
from datetime import datetime
from pathlib import Path

import fasteners
import msgspec

from deploy.problem import Problem, why

# A Unix socket's address holds 108 bytes (104 on macOS), its name included.
_LONGEST_SOCKET = 100
_SOCKET_NAME = "/.s.PGSQL.5432.lock"
_TEMPORARY_RUN = "dangwu-run-"


class Secrets(msgspec.Struct, frozen=True):
    """Made once per data folder. `key` is DANGWU_SECRET (base64 of 32 bytes); the others are database passwords."""

    key: str
    superuser: str
    owner: str
    app: str
    ledger: str = ""
    """DANGWU_LEDGER_KEY. Empty in a folder that is older; it is made then."""
    next_key: str = ""
    """For what `key` is being changed: whoever is interrupted and has not kept it would lose what is sealed by it already."""
    next_ledger: str = ""
    """For what `ledger` is being changed, likewise."""


class Instance(msgspec.Struct, frozen=True):
    """Who uses the folder: process id, since when, and where its sockets are."""

    pid: int
    since: str
    run: str


class DataFolder:
    """One instance's data: `postgres/`, `valkey/`, `files/`, `logs/`, `run/` (sockets), secrets.json (0600)."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.postgres, self.valkey = self.path / "postgres", self.path / "valkey"
        self.files, self.logs = self.path / "files", self.path / "logs"
        self.run = self.path / "run"
        self._instance = self.path / "instance.json"
        self._lock = fasteners.InterProcessLock(self.path / "lock")

    def acquire(self) -> None:
        """Make the folder and take it for this process. Raises Problem if it cannot be written or is in use."""
        try:
            self._make()
            taken = self._take()
        except OSError as error:
            raise Problem(
                f"数据目录 {self.path} 不能写入（{why(error)}）。请检查该目录的权限，或用 DANGWU_DATA 指定另一个目录。"
            ) from error
        if not taken:
            raise Problem(self._in_use())
        self._settle_run()

    def release(self) -> None:
        """Give the folder back; harmless if it was not taken."""
        if self._lock.acquired:
            self._instance.unlink(missing_ok=True)
            shutil.rmtree(self.run, ignore_errors=True)
            self._lock.release()

    def secrets(self) -> Secrets:
        """The folder's secrets, made at the first call. Raises Problem if they were lost or spoilt while the data was kept."""
        file = self.path / "secrets.json"
        if file.exists():
            kept = self._read(file)
            if kept.ledger:
                return kept
            completed = msgspec.structs.replace(kept, ledger=_random())
            _write_private(file, msgspec.json.encode(completed))
            return completed
        if self.postgres.exists():
            raise Problem(
                f"数据目录 {self.path} 里有数据库，但密钥文件 secrets.json 不见了，数据库口令和加密密钥都在其中。"
                "请从备份恢复该文件；如确认不要这些数据，请删除整个数据目录后重新启动。"
            )
        made = _made(_random(), _random())
        _write_private(file, msgspec.json.encode(made))
        return made

    def _read(self, file: Path) -> Secrets:
        try:
            return msgspec.json.decode(file.read_bytes(), type=Secrets)
        except (OSError, msgspec.DecodeError) as error:
            raise Problem(
                f"数据目录 {self.path} 的密钥文件 secrets.json 读不出来，数据库口令和加密密钥都在其中，没有改动它。"
                "请从备份恢复该文件，并检查它的权限。"
            ) from error

    def keep(self, key: str, ledger: str) -> None:
        """Begin this folder with the DANGWU_SECRET and the DANGWU_LEDGER_KEY of another one whose data is brought here."""
        _write_private(self.path / "secrets.json", msgspec.json.encode(_made(key, ledger)))

    def seal_by(self, key: str, *, ended: bool) -> None:
        """Keep this as the folder's next DANGWU_SECRET while everything in it is sealed so; once that has `ended`, as its own."""
        kept = self.secrets()
        now = {"key": key, "next_key": ""} if ended else {"next_key": key}
        _write_private(self.path / "secrets.json", msgspec.json.encode(msgspec.structs.replace(kept, **now)))

    def next_ledger(self) -> str:
        """By what the ledgers are to be signed next: what was begun with, else another one."""
        return self.secrets().next_ledger or _random()

    def sign_by(self, key: str, *, ended: bool) -> None:
        """As `seal_by`, of the DANGWU_LEDGER_KEY."""
        now = {"ledger": key, "next_ledger": ""} if ended else {"next_ledger": key}
        _write_private(
            self.path / "secrets.json", msgspec.json.encode(msgspec.structs.replace(self.secrets(), **now))
        )

    def running(self) -> Instance | None:
        """Who uses the folder now, if anybody does: its lock is held and its sockets are there."""
        if not self._instance.exists():
            return None
        try:
            if self._take():
                self._lock.release()
                return None
            return msgspec.json.decode(self._instance.read_bytes(), type=Instance)
        except (OSError, msgspec.DecodeError):
            return None

    def _take(self) -> bool:
        taken: bool = self._lock.acquire(blocking=False)
        if not taken and self._lock.lockfile is not None:
            self._lock.lockfile.close()
        return taken

    def _make(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o711)
        for folder in (self.files, self.logs):
            folder.mkdir(mode=0o700, exist_ok=True)
        (self.path / ".gitignore").write_text("*\n")

    def _in_use(self) -> str:
        try:
            other = msgspec.json.decode(self._instance.read_bytes(), type=Instance)
        except (OSError, msgspec.DecodeError):
            who = "另一个正在运行的党务平台"
        else:
            who = f"另一个正在运行的党务平台（进程号 {other.pid}，{other.since} 启动）"
        return f"数据目录 {self.path} 正被{who}使用。请先停止它，或用 DANGWU_DATA 指定另一个目录。"

    def _settle_run(self) -> None:
        """An empty folder for the sockets; elsewhere if this one's path is too long for a socket's address."""
        self._forget_run()
        if len(os.fsencode(f"{self.run}{_SOCKET_NAME}")) > _LONGEST_SOCKET:
            self.run = Path(tempfile.mkdtemp(prefix=_TEMPORARY_RUN, dir="/tmp"))
        else:
            self.run.mkdir(mode=0o700)
        since = datetime.now().strftime("%Y年%m月%d日 %H:%M")
        _write_private(self._instance, msgspec.json.encode(Instance(os.getpid(), since, str(self.run))))

    def _forget_run(self) -> None:
        """Clear what an instance left behind that could not end properly."""
        shutil.rmtree(self.path / "run", ignore_errors=True)
        if not self._instance.exists():
            return
        try:
            left = Path(msgspec.json.decode(self._instance.read_bytes(), type=Instance).run)
        except msgspec.DecodeError:
            return
        if left.name.startswith(_TEMPORARY_RUN):
            shutil.rmtree(left, ignore_errors=True)


def _random() -> str:
    return b64encode(secrets.token_bytes(32)).decode()


def _made(key: str, ledger: str) -> Secrets:
    superuser, owner, app = (secrets.token_hex(24) for _ in range(3))
    return Secrets(key=key, superuser=superuser, owner=owner, app=app, ledger=ledger)


def _write_private(file: Path, content: bytes) -> None:
    """Write at once or not at all, readable by us only."""
    part = file.with_suffix(".part")
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)
