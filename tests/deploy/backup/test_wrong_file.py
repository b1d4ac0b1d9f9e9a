"""What is no backup, or is not as it says itself, is refused in a sentence, and nothing of it is laid out anywhere."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from pyrage.x25519 import Identity

from core.files.sealed import seal
from deploy.backup.archive import written
from deploy.backup.manifest import DUMP, NAME, Manifest, Seal
from tests.deploy.test_commands import hosted, run

KEY = Identity.generate()
HERE = Seal("A" * 43 + "=")
COUNTY, PAPER, DUMPED = UUID(int=7), b"%PDF-1.4 a paper", b"PGDMP"
DIGEST = sha256(PAPER).hexdigest()
PLACE = f"files/{COUNTY}/{DIGEST}"
Members = list[tuple[str, bytes]]
Typed = Callable[..., str]


def said(**other: object) -> tuple[str, bytes]:
    """The manifest of a backup of `HERE` that holds DUMPED."""
    made = Manifest(
        made_at=datetime(2026, 11, 20, tzinfo=UTC), migration="0335", mark=HERE.mark, secret=None,
        dump=sha256(DUMPED).hexdigest(), counts={}, files=1, absent=[],
    )  # fmt: skip
    return NAME, msgspec.json.encode(msgspec.structs.replace(made, **other))


def archive(file: Path, members: Members) -> Path:
    """A file as `dangwu backup` writes it, with these members."""
    with written(file, KEY.to_public()) as tar:
        for name, content in members:
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return file


def sealed(folder: Path, content: bytes = PAPER, of: str = DIGEST) -> bytes:
    """A file as it lies in the platform's folder."""
    (folder / "sealed").touch()
    seal(HERE.vault(), of, [content], folder / "sealed")
    return (folder / "sealed").read_bytes()


@pytest.fixture
def restore(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """`restore(file)` as it is typed, for servers that nobody reaches: what is refused, is refused before they are asked."""
    hosted(monkeypatch, "postgresql://x@127.0.0.1:1/x", "redis://127.0.0.1:1")
    monkeypatch.setenv("DANGWU_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("DANGWU_BACKUP_DATABASE_URL", "postgresql://x@127.0.0.1:1/x")
    (tmp_path / "key").write_text(f"{KEY}\n")

    def typed(file: Path, *more: str) -> str:
        assert run("restore", str(file), "--key", str(tmp_path / "key"), *more) == 1
        assert not [one for one in (tmp_path / "data").rglob("*") if one.is_file()]
        return capsys.readouterr().err

    return typed


OTHER = Seal("B" * 43 + "=")
WRONG: dict[str, tuple[Members, str]] = {
    "nothing in it": ([], "备份不完整，没有恢复。"),
    "something else first": ([(DUMP, DUMPED), said()], "这不是党务平台的备份。"),
    "a county's file": ([("county.json", b"{}")], "这不是党务平台的备份。"),
    "a manifest that is none": ([(NAME, b'{"made_at": 3}')], "这不是党务平台的备份。"),
    "a manifest cut off": ([(NAME, said()[1][:40])], "这不是党务平台的备份。"),
    "no database": ([said()], "备份不完整，没有恢复。"),
    "another database": ([said(), (DUMP, b"PGDMQ")], f"备份里的 {DUMP} 与登记的不符，没有恢复。"),
    "an open file": ([said(), (DUMP, DUMPED), (PLACE, b"%PDF-1.4 another")], "与登记的不符，没有恢复。"),
    "a name outside": ([said(), ("files/../../escaped", b"x")], "不认识的内容 files/../../escaped，没有恢复"),
    "an absolute name": ([said(), ("/etc/passwd", b"x")], "不认识的内容"),
    "a county that is none": ([said(), (f"files/else/{DIGEST}", PAPER)], "不认识的内容"),
    "a county in capitals": ([said(), (f"files/{str(UUID(int=10)).upper()}/{DIGEST}", PAPER)], "不认识的内容"),
    "a digest that is short": ([said(), (f"files/{COUNTY}/{DIGEST[:-2]}", PAPER)], "不认识的内容"),
    "no digest": ([said(), (f"files/{COUNTY}/{'z' * 64}", PAPER)], "不认识的内容"),
    "twice the same": ([said(), (DUMP, DUMPED), (DUMP, DUMPED)], "恢复没有完成（"),
    "another secret": ([said(mark=OTHER.mark)], f"这份备份要用指纹为 {OTHER.fingerprint} 的密钥，现在给的是 {HERE.fingerprint}"),
    "other algorithms": ([said(mark=Seal(HERE.secret, "sm").mark)], "DANGWU_CRYPTO 与备份时的不同"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_it_is_refused(what: str, tmp_path: Path, restore: Typed) -> None:
    members, sentence = WRONG[what]
    assert sentence in restore(archive(tmp_path / "wrong.dangwu", members))
    assert not (tmp_path / "escaped").exists()


def test_what_is_no_file_is_not_laid_out(tmp_path: Path, restore: Typed) -> None:
    for number, kind in enumerate((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE)):
        file = tmp_path / f"{number}.dangwu"
        with written(file, KEY.to_public()) as tar:
            name, content = said()
            first, other = tarfile.TarInfo(name), tarfile.TarInfo(PLACE)
            first.size, other.type, other.linkname = len(content), kind, "/etc/passwd"
            tar.addfile(first, io.BytesIO(content))
            tar.addfile(other)
        assert f"备份里有不认识的内容 {PLACE}，没有恢复。" in restore(file), kind


def test_where_it_lies_and_what_opens_it(
    tmp_path: Path, restore: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert f"没有找到备份 {tmp_path / 'nowhere'}。" in restore(tmp_path / "nowhere")
    plain = tmp_path / "plain"
    plain.write_bytes(b"PGDMP, as pg_dump has written it")
    assert "备份打不开：钥匙不是这份备份的，或者备份文件不完整" in restore(plain)
    good = archive(tmp_path / "good.dangwu", [said(), (DUMP, DUMPED), (PLACE, sealed(tmp_path))])
    (tmp_path / "key").write_text("age1, which is its public part")
    assert f"{tmp_path / 'key'} 不是备份的钥匙，或者读不出来" in restore(good)
    (tmp_path / "key").write_bytes(b"\xff\xfe")
    assert "不是备份的钥匙，或者读不出来" in restore(good)
    (tmp_path / "key").write_text(str(KEY))
    assert "用不到 --county" in restore(good, "--county", "baixi")
    assert "不能连接 DANGWU_BACKUP_DATABASE_URL 写的数据库" in restore(good), "all of it is as it says"
    monkeypatch.delenv("DANGWU_BACKUP_DATABASE_URL")
    assert "备份须设置 DANGWU_BACKUP_DATABASE_URL" in restore(good)


def test_nothing_is_restored_over_files(tmp_path: Path, restore: Typed) -> None:
    good = archive(tmp_path / "good.dangwu", [said(), (DUMP, DUMPED)])
    (tmp_path / "data" / "files" / "here").mkdir(parents=True)
    assert f"{tmp_path / 'data' / 'files'} 里已经有文件。请恢复到一个空的数据目录。" in restore(good)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("--county", "baixi"), "用不到 --county"),
        (("--person", "王五", "--county", "baixi", "--plan", "p"), "请写明人员的编号（网址里 /people/ 后面的那一串）"),
        (("--person", str(COUNTY), "--plan", "p"), "请用 --county 写明是哪个县；先用 --plan 文件"),
        (("--person", str(COUNTY), "--county", "baixi"), "再用 --confirm 同一个文件 办理"),
        (("--person", str(COUNTY), "--county", "baixi", "--plan", "p", "--confirm", "p"), "再用 --confirm 同一个文件 办理"),
    ],
)  # fmt: skip
def test_a_person_is_asked_for_as_a_whole(
    typed: tuple[str, ...], sentence: str, tmp_path: Path, restore: Typed
) -> None:
    assert sentence in restore(tmp_path / "any", *typed)


def test_it_is_written_whole_or_not_at_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever is interrupted leaves nothing that looks like a backup, and nobody's backup is written over."""
    file = tmp_path / "all.dangwu"
    with pytest.raises(KeyboardInterrupt), written(file, KEY.to_public()) as tar:
        tar.addfile(tarfile.TarInfo("begun"))
        raise KeyboardInterrupt
    assert [*tmp_path.iterdir()] == []
    archive(file, [said()])
    assert os.stat(file).st_mode & 0o077 == 0, "for nobody else on the machine"
    before = file.read_bytes()
    assert run("backup", "--new-key", str(file)) == 1
    assert f"{file} 已经存在，没有改动它。" in capsys.readouterr().err
    assert run("backup", "--new-key", str(tmp_path / "none" / "key")) == 1
    assert f"不能写入 {tmp_path / 'none' / 'key'}（上级目录不存在）。" in capsys.readouterr().err
    assert run("backup") == 1
    assert "请写明备份写到哪个文件" in capsys.readouterr().err
    assert file.read_bytes() == before
