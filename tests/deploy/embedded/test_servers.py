"""The embedded servers' life: started, stopped, killed, moved, and taken twice."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest
import redis

from deploy.embedded.child import Child
from deploy.embedded.folder import DataFolder
from deploy.embedded.servers import Servers, running
from deploy.problem import Problem
from tests.waiting import until

pytestmark = pytest.mark.servers
HOLD = """
import sys, time
from pathlib import Path
from deploy.embedded.servers import Servers
with Servers(Path(sys.argv[1])) as servers:
    print(servers.addresses.database_url, flush=True)
    time.sleep(600)
"""


def test_a_full_cache_keeps_the_queue(tmp_path: Path) -> None:
    """What is typed into drafts may fill it; then the oldest of that goes, and never a message."""
    with Servers(tmp_path / "data", fast=True) as servers:
        client = redis.Redis.from_url(servers.addresses.redis_url)
        assert client.config_get("maxmemory")["maxmemory"] not in ("", "0")
        client.config_set("maxmemory", "4mb")
        for number in range(50):
            client.rpush("queue", f"message {number}")
        for number in range(200):
            client.set(f"draft:{number}", b"x" * 64 * 1024, ex=7 * 24 * 3600)
        assert client.llen("queue") == 50
        assert 0 < len(client.keys("draft:*")) < 200


def sql(url: str, statement: str) -> list[asyncpg.Record]:
    """Run one statement on a connection of its own."""

    async def run() -> list[asyncpg.Record]:
        connection = await asyncpg.connect(url)
        try:
            rows: list[asyncpg.Record] = await connection.fetch(statement)
            return rows
        finally:
            await connection.close()

    return asyncio.run(run())


def note(servers: Servers) -> None:
    """Write one row and one key."""
    sql(servers.addresses.owner_database_url, "create table note as select 42 as value")
    redis.Redis.from_url(servers.addresses.redis_url).set("note", "42")


def noted(servers: Servers) -> tuple[object, object]:
    """What `note` wrote."""
    row = sql(servers.addresses.owner_database_url, "select value from note")[0]
    return row["value"], redis.Redis.from_url(servers.addresses.redis_url).get("note")


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which `note` has written, and nothing runs any more; to be copied and written to no more."""
    data = tmp_path_factory.mktemp("ended") / "data"
    with Servers(data) as servers:
        note(servers)
        children = servers.children
    assert all(child.returncode is not None for child in children)
    return data


@pytest.fixture
def data(ended: Path, tmp_path: Path) -> Path:
    """A copy of that folder: making one takes ten times as long."""
    return Path(shutil.copytree(ended, tmp_path / "data"))


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can enter (pytest's own are closed)."""
    folder = Path(tempfile.mkdtemp(prefix="dangwu-test-"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


def test_what_was_written_is_there_after_a_restart(ended: Path) -> None:
    with Servers(ended) as servers:
        assert noted(servers) == (42, b"42")


def test_roles_and_locale_are_as_the_platform_needs_them(tmp_path: Path) -> None:
    with Servers(tmp_path / "data", fast=True) as servers:
        url = servers.addresses.database_url
        row = sql(url, "select datcollate, datctype, datlocale from pg_database where datname = 'dangwu'")[0]
        assert tuple(row) == ("C", "C.UTF-8", "C.UTF-8")
        roles = sql(
            url, "select rolname, rolsuper or rolbypassrls as mighty from pg_roles where rolname ~ '^dangwu'"
        )
        assert {tuple(role) for role in roles} == {("dangwu_owner", False), ("dangwu_app", False)}
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            sql(url, "create table of_its_own (id int)")
        with pytest.raises(asyncpg.InvalidPasswordError):
            sql(url.replace("dangwu_app:", "dangwu_app:x"), "select 1")


@pytest.mark.parametrize("name", ["a" * 120, "数据 目录 50%?&#"])
def test_any_path_will_do(tmp_path: Path, name: str) -> None:
    with Servers(tmp_path / name, fast=True) as servers:
        note(servers)
        run = Path(psutil.Process(servers.children[0].pid).cwd())
        assert noted(servers) == (42, b"42")
    assert run == tmp_path / name / "valkey"


def test_a_killed_database_is_revived_with_its_data(tmp_path: Path) -> None:
    with Servers(tmp_path / "data") as servers:
        note(servers)
        assert servers.revive() == ()
        for killed in servers.children:
            others = set(servers.children) - {killed}
            killed.signal(signal.SIGKILL)
            until(lambda killed=killed: killed.returncode is not None)  # type: ignore[misc]
            assert servers.revive() == (killed.name,)
            assert set(servers.children) > others
        assert noted(servers)[0] == 42


def test_a_killed_instance_leaves_nothing_in_the_way(data: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(data)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        holder.stdout.readline()
        holder.kill()
    with Servers(data) as servers:
        assert noted(servers)[0] == 42


def test_a_pid_file_that_names_another_process_is_no_obstacle(data: Path) -> None:
    left = data / "postgres" / "postmaster.pid"
    left.write_text(f"{os.getppid()}\n{data / 'postgres'}\n0\n5432\n\n\n\nready\n")
    with Servers(data) as servers:
        assert noted(servers)[0] == 42


def test_a_folder_in_use_is_refused_with_the_process_that_has_it(data: Path) -> None:
    assert running(data) is None
    with Servers(data, fast=True) as servers:
        other = "from pathlib import Path; import sys; from deploy.embedded.servers import *\n"
        other += "print(running(Path(sys.argv[1])).database_url); Servers(Path(sys.argv[1])).start()"
        said = subprocess.run(
            [sys.executable, "-c", other, str(data)], capture_output=True, text=True, check=False
        )
        assert said.returncode == 1
        assert said.stdout.strip() == servers.addresses.database_url
        assert f"正被另一个正在运行的党务平台（进程号 {os.getpid()}" in said.stderr
        assert "请先停止它，或用 DANGWU_DATA 指定另一个目录。" in said.stderr
        assert sql(servers.addresses.database_url, "select 1")


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Problem, match=r"不能写入.*请检查该目录的权限，或用 DANGWU_DATA 指定另一个目录。"):
        Servers(tmp_path / "file" / "data").start()


def test_lost_secrets_are_said_and_not_replaced(data: Path) -> None:
    (data / "secrets.json").unlink()
    with pytest.raises(Problem, match=r"密钥文件 secrets\.json 不见了.*请从备份恢复"):
        Servers(data, fast=True).start()
    assert not (data / "secrets.json").exists()


def test_another_version_of_the_data_is_said(data: Path) -> None:
    (data / "postgres" / "PG_VERSION").write_text("15\n")
    with pytest.raises(Problem, match=r"由 PostgreSQL 15 建立"):
        Servers(data, fast=True).start()


def test_a_server_that_cannot_start_says_why_and_leaves_none_running(data: Path) -> None:
    (data / "postgres" / "postgresql.conf").write_text("no_such_setting = 1\n")
    broken = Servers(data, fast=True)
    with pytest.raises(Problem, match=r"数据库没有启动成功[\s\S]*no_such_setting"):
        broken.start()
    assert broken.children == ()
    folder = DataFolder(data)
    folder.acquire()
    folder.release()


def test_secrets_are_readable_by_their_owner_only(open_folder: Path) -> None:
    """In a folder whose address is short enough for sockets."""
    with Servers(open_folder / "data", fast=True):
        assert (open_folder / "data" / "secrets.json").stat().st_mode & 0o777 == 0o600
        assert (open_folder / "data" / "run").stat().st_mode & 0o077 == 0


def test_a_child_that_ignores_the_first_signal_gets_the_next(tmp_path: Path) -> None:
    ladder = ((signal.SIGTERM, 0.3), (signal.SIGINT, 0.3))
    stubborn = "from signal import *; signal(15, SIG_IGN); signal(2, SIG_IGN); print(1); import time; time.sleep(600)"
    child = Child("stubborn", [sys.executable, "-uc", stubborn], ladder=ladder, log=tmp_path / "log")
    until(lambda: "1" in child.last_words())
    child.stop()
    assert child.returncode == -signal.SIGKILL


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
class TestAsRoot:
    """PostgreSQL refuses root: somebody else must be found for it."""

    def test_nobody_where_he_can_reach_everything(self, open_folder: Path) -> None:
        with Servers(open_folder / "data", fast=True) as servers:
            if servers.identity.uid is None:
                pytest.skip("the environment is closed to nobody")
            assert psutil.Process(servers.children[1].pid).uids().real == servers.identity.uid

    def test_a_user_namespace_where_he_cannot(self, tmp_path: Path) -> None:
        tmp_path.chmod(0o700)
        with Servers(tmp_path / "data", fast=True) as servers:
            assert servers.identity.prefix[0] == "unshare"
            assert (tmp_path / "data" / "postgres").stat().st_uid == 0

    def test_data_moves_from_the_one_to_the_other_and_back(self, open_folder: Path) -> None:
        for mode in (0o755, 0o700, 0o755):
            open_folder.chmod(mode)
            with Servers(open_folder / "data") as servers:
                sql(
                    servers.addresses.owner_database_url,
                    "create table if not exists note as select 42 as value",
                )
                assert sql(servers.addresses.database_url, "select current_user")[0][0] == "dangwu_app"

    def test_an_ordinary_user_runs_them_himself(self, open_folder: Path) -> None:
        script = HOLD.replace("time.sleep(600)", "import os; assert os.geteuid() != 0")
        for _ in range(2):
            done = self._as_nobody(script, open_folder / "data")
            assert done.stderr == ""
            assert done.stdout.startswith("postgresql://")
        assert "数据目录 /closed 不能写入（没有权限）" in self._as_nobody(script, Path("/closed")).stderr

    def _as_nobody(self, script: str, data: Path) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path if entry)
        return subprocess.run(
            [_python_for_nobody(), "-c", script, str(data)],
            user="nobody",
            group=65534,
            extra_groups=[],
            env={"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )


def _python_for_nobody() -> str:
    """A Python of this version that `nobody` can run: this one may lie below a closed folder."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for found in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        if os.path.exists(found) and all(f.stat().st_mode & 0o001 for f in Path(found).resolve().parents):
            return found
    pytest.skip("no Python that nobody can run")
