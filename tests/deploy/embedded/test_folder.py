"""The data folder without its servers: whose it is, what it keeps secret, and what is said of one that is not as it should be."""

from __future__ import annotations

import os
import subprocess
import sys
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from deploy.embedded.folder import DataFolder, Instance
from deploy.lock import ROOT
from deploy.problem import Problem


def mode(file: Path) -> int:
    """Who may what with it."""
    return file.stat().st_mode & 0o777


HOLDS = """
import sys
from pathlib import Path
from deploy.embedded.folder import DataFolder
folder = DataFolder(Path(sys.argv[1]))
folder.acquire()
print(folder.run, flush=True)
sys.stdin.read()
folder.release()
"""


@contextmanager
def held(path: Path) -> Iterator[tuple[int, Path]]:
    """Another process has the folder: its number, and where its sockets lie."""
    words = [sys.executable, "-c", HOLDS, str(path)]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        yield process.pid, Path(process.stdout.readline().strip())
        process.stdin.close()
    assert process.returncode == 0


def test_it_is_one_processs_at_a_time(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / ("很长的名字" * 8))
    assert folder.running() is None
    with held(folder.path) as (pid, run):
        assert (run.parent, mode(run)) == (Path("/tmp"), 0o700), "the path is too long for a socket's"
        found = folder.running()
        assert found is not None
        assert (found.pid, found.run) == (pid, str(run)), "whoever joins finds them"
        with pytest.raises(Problem, match=rf"正被另一个正在运行的党务平台（进程号 {pid}，.+ 启动）使用"):
            folder.acquire()
        kept = (folder.path / "instance.json").read_bytes()
        (folder.path / "instance.json").write_text("{")
        with pytest.raises(Problem, match="正被另一个正在运行的党务平台使用。请先停止它"):
            folder.acquire()
        assert folder.running() is None, "whoever it is, nobody can join him"
        (folder.path / "instance.json").write_bytes(kept)
        folder.release()
        assert run.exists(), "it was not ours to give back"
    assert not run.exists()
    assert folder.running() is None
    folder.acquire()
    folder.release()


def test_nobody_else_on_the_machine_reads_it(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "deep" / "data")
    folder.acquire()
    try:
        folder.secrets()
        assert mode(folder.path) == 0o711, "the database's own user passes through"
        for private in (folder.files, folder.logs, folder.run):
            assert mode(private) == 0o700, private
        for name in ("secrets.json", "instance.json"):
            assert mode(folder.path / name) == 0o600, name
        assert (folder.path / ".gitignore").read_text() == "*\n"
    finally:
        folder.release()


def test_what_somebody_has_left_behind_is_in_nobodys_way(tmp_path: Path) -> None:
    """A killed process: its sockets, also where they lay elsewhere, and nothing that is not its own."""
    elsewhere, foreign = Path(f"/tmp/dangwu-run-test-{os.getpid()}"), tmp_path / "foreign"
    for one in (elsewhere, foreign):
        for left, stays in ((str(elsewhere), False), (str(foreign), True)):
            folder = DataFolder(tmp_path / f"data-{one.name}-{stays}")
            (folder.path / "run").mkdir(parents=True)
            (folder.path / "run" / "old").touch()
            Path(left).mkdir(exist_ok=True)
            (folder.path / "instance.json").write_bytes(msgspec.json.encode(Instance(1, "", left)))
            folder.acquire()
            assert [*folder.run.iterdir()] == []
            assert Path(left).exists() is stays
            folder.release()
    broken = DataFolder(tmp_path / "broken")
    broken.path.mkdir()
    (broken.path / "instance.json").write_text("not what we write")
    broken.acquire()
    broken.release()


def test_secrets_are_made_once_and_an_older_folder_gets_what_it_lacks(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    made = folder.secrets()
    assert folder.secrets() == made
    assert [len(b64decode(one)) for one in (made.key, made.ledger)] == [32, 32]
    assert len({made.key, made.ledger, made.superuser, made.owner, made.app}) == 5
    assert DataFolder(tmp_path / "other").path != folder.path
    file = tmp_path / "secrets.json"
    old = {"key": made.key, "superuser": "a", "owner": "b", "app": "c"}
    file.write_bytes(msgspec.json.encode(old))
    completed = folder.secrets()
    assert (completed.key, completed.superuser, len(b64decode(completed.ledger))) == (made.key, "a", 32)
    assert folder.secrets() == completed
    folder.keep("k", "l")
    kept = folder.secrets()
    assert (kept.key, kept.ledger) == ("k", "l")
    assert kept.app not in ("c", made.app), "passwords are its own"


def test_a_change_that_is_under_way_is_kept_until_it_has_ended(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    before = folder.secrets()
    folder.seal_by("new", ended=False)
    assert (folder.secrets().key, folder.secrets().next_key) == (before.key, "new")
    folder.seal_by("new", ended=True)
    assert (folder.secrets().key, folder.secrets().next_key) == ("new", "")
    coming = folder.next_ledger()
    assert coming != folder.next_ledger(), "nothing was begun with it"
    folder.sign_by(coming, ended=False)
    assert folder.next_ledger() == coming
    folder.sign_by(coming, ended=True)
    assert (folder.secrets().ledger, folder.secrets().next_ledger) == (coming, "")
    assert folder.secrets().owner == before.owner
    assert not [*tmp_path.glob("*.part")]


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"key": "x"}', '{"key": 3, "superuser": "", "owner": "", "app": ""}']
)
def test_spoilt_secrets_are_said_and_never_replaced(content: str, tmp_path: Path) -> None:
    """What was sealed by them could never be opened again."""
    file = tmp_path / "secrets.json"
    file.write_text(content)
    for attempt in (DataFolder(tmp_path).secrets, DataFolder(tmp_path).next_ledger):
        with pytest.raises(Problem, match=r"secrets\.json 读不出来，.*没有改动它。请从备份恢复该文件"):
            attempt()
    assert file.read_text() == content


def test_lost_secrets_are_said_where_there_is_a_database(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.postgres.mkdir()
    with pytest.raises(Problem, match=r"密钥文件 secrets\.json 不见了"):
        folder.secrets()
    assert not (tmp_path / "secrets.json").exists()


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(Problem, match=r"不能写入（.+）。请检查该目录的权限，或用 DANGWU_DATA 指定另一个目录"):
        DataFolder(tmp_path / "data").acquire()
    with pytest.raises(Problem, match="路径中有一段是文件，不是目录"):
        DataFolder(tmp_path / "data" / "below").acquire()
