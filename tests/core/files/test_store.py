"""The file store: kinds told by content, sizes measured, nothing left behind, no path from a user."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from core import secrecy
from core.casework.acts.attach import attach, clear_strays, download
from core.errors import Invalid, NotFound
from core.files.harmful import TEST_STRING
from core.files.sealed import is_whole
from core.files.store import FileStore
from core.register.roster.template import empty_template
from core.register.roster.workbook import check_upload
from tenants.database.session import county_session
from tests.core.casework.cases import begun
from tests.core.conftest import Clerks, World, with_roles

SECRET = b"a secret of the tests, 32 bytes!"
PDF = b"%PDF-1.7\n" + b"0" * 100
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"0" * 100
OLD = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + "WordDocument".encode("utf-16-le")
JPG = b"\xff\xd8\xff\xe0" + b"0" * 100


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def packed(*parts: str, **contents: str) -> bytes:
    """A zip with these parts; `types` is what its list of content types says."""
    given = dict.fromkeys(parts, "x") | ({"[Content_Types].xml": contents["types"]} if contents else {})
    return zipped(given)


def zipped(parts: dict[str, str]) -> bytes:
    """A zip with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are sealed."""
    monkeypatch.setattr(secrecy, "_installed", secrecy.Vault(SECRET))


async def stream(content: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    """The content in pieces."""
    for start in range(0, len(content), size):
        yield content[start : start + size]


async def test_what_was_answered_for_outlasts_a_power_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Content and name are on the disk before the answer: the content before it has its name."""
    kept: list[tuple[int, bool]] = []

    def noted(handle: int) -> None:
        kept.append((os.fstat(handle).st_ino, place.exists()))
        synced(handle)

    synced, store = os.fsync, FileStore(tmp_path / "files")
    place = store.path(sha256(PDF).hexdigest())
    monkeypatch.setattr(os, "fsync", noted)
    await store.put("申请书.pdf", stream(PDF))
    folders = [(folder.stat().st_ino, True) for folder in (place.parent, store.folder)]
    assert kept == [(place.stat().st_ino, False), *folders]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("申请书.pdf", PDF), ("照片.JPG", JPG), ("照片.jpeg", JPG), ("图.png", PNG),
        ("表.docx", packed("word/document.xml", types=WORD)), ("表.xlsx", packed("xl/workbook.xml", types=EXCEL)),
        ("苹果.heic", HEIC), ("扫描.tiff", b"II*\0" + bytes(100)), ("网图.webp", b"RIFF\0\0\0\0WEBPVP8 " + bytes(99)),
        ("旧.doc", OLD), ("旧.wps", OLD),
        ("名册.xlsx", empty_template()), ("公文.ofd", zipped({"OFD.xml": "<ofd:OFD/>"})),
    ],
)  # fmt: skip
async def test_taken_kinds_are_stored_under_their_content(tmp_path: Path, name: str, content: bytes) -> None:
    """Twice the same is one file."""
    store = FileStore(tmp_path / "files")
    stored = await store.put(name, stream(content))
    again = await store.put("别的名字" + Path(name).suffix, stream(content))
    assert (again.sha256, again.name) == (stored.sha256, "别的名字" + Path(name).suffix)
    assert stored.sha256 == sha256(content).hexdigest()
    assert b"".join(store.content(stored.sha256)) == content
    assert [len(files) for _, _, files in os.walk(store.folder) if files] == [1]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("程序.exe", b"MZ" + b"0" * 100, "file-kind"),
        ("没有扩展名", PDF, "file-kind"),
        ("网页.svg", b"<svg/>", "file-kind"),
        ("假的.pdf", PNG, "file-content"),
        ("假的.png", b"<html>", "file-content"),
        ("压缩包.docx", packed("a.txt"), "file-content"),
        ("只有一个部件.docx", packed("word/document.xml"), "file-content"),
        ("带宏.docx", packed("word/document.xml", "word/vbaProject.bin", types=WORD), "file-content"),
        (
            "带宏.docx",
            packed("word/document.xml", types="document.macroEnabled.main+xml" + WORD),
            "file-content",
        ),
        (
            "宏换了名字.docx",
            packed("word/document.xml", "word/a.bin", types="application/vnd.ms-office.vbaProject" + WORD),
            "file-content",
        ),
        (
            "宏换了写法.docx",
            packed("word/document.xml", types="application/vnd.ms-office.vba&#x50;roject" + WORD),
            "file-content",
        ),
        ("带宏.doc", OLD + "_VBA_PROJECT".encode("utf-16-le"), "file-content"),
        ("旧表格.doc", OLD.replace(b"W", b"w"), "file-content"),
        ("病毒测试.pdf", TEST_STRING, "file-harmful"),
        ("病毒在后面.pdf", PDF + TEST_STRING, "file-harmful"),
        ("病毒在包里.docx", zipped({"a.com": TEST_STRING.decode()}), "file-harmful"),
        ("宏换了大小写.docx", packed("word/document.xml", "word/VBAProject.BIN", types=WORD), "file-content"),
        ("两样都是.docx", packed("word/document.xml", "xl/workbook.xml", types=WORD + EXCEL), "file-content"),
        ("部件太多.docx", packed(*map(str, range(5000)), "word/document.xml", types=WORD), "file-content"),
        ("坏的.xlsx", b"PK\x03\x04broken", "file-content"),
        ("空.pdf", b"", "file-empty"),
        ("大.pdf", PDF + b"0" * (20 * 1024 * 1024), "file-size"),
    ],
)
async def test_everything_else_is_refused_and_leaves_nothing(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    """With its sentence."""
    store = FileStore(tmp_path)
    with pytest.raises(Invalid) as refusal:
        await store.put(name, stream(content, 65536))
    assert refusal.value.code == code
    assert refusal.value.sentence.endswith("。")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("content", [TEST_STRING, zipped({"xl/a.bin": TEST_STRING.decode()})])
def test_a_roster_with_the_test_string_is_refused_by_its_sentence(content: bytes) -> None:
    with pytest.raises(Invalid, match=r"没有通过安全检查（EICAR）"):
        check_upload(content)


async def test_a_document_that_would_fill_the_disk_of_its_reader_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what its parts say of their size; nothing is unpacked to find out."""
    monkeypatch.setattr("core.files.packed.LARGEST_UNPACKED", 100_000)
    bomb = zipped({"[Content_Types].xml": WORD, "word/document.xml": "0" * 100_001})
    assert len(bomb) < 2_000
    with pytest.raises(Invalid):
        await FileStore(tmp_path).put("炸弹.docx", stream(bomb))


async def test_what_a_file_really_is_is_said(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"“合影.jpg”其实是 HEIC 文件。请把扩展名改为 .heic 后上传"):
        await FileStore(tmp_path).put("合影.jpg", stream(HEIC))


async def test_a_broken_upload_leaves_nothing(tmp_path: Path) -> None:
    """The connection may end in the middle."""

    async def broken() -> AsyncIterator[bytes]:
        yield PDF
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await FileStore(tmp_path).put("申请书.pdf", broken())
    assert os.listdir(tmp_path) == []


def test_only_digests_are_paths(tmp_path: Path) -> None:
    """Nothing else reaches the file system."""
    store = FileStore(tmp_path)
    for wrong in ("../../etc/passwd", "a" * 63, "A" * 64, ""):
        with pytest.raises(ValueError, match="digest"):
            store.path(wrong)
    with pytest.raises(NotFound):
        store.existing("a" * 64)


LONG = PDF + os.urandom(600_000)
MARK, PIECE = 16, 256 * 1024 + secrecy.OVERHEAD


async def test_what_lies_on_the_disk_tells_nothing(tmp_path: Path) -> None:
    """Neither the content nor what kind it is; of several pieces the content comes back whole."""
    store = FileStore(tmp_path)
    stored = await store.put("政审函.pdf", stream(LONG, 65_536))
    lying = store.existing(stored.sha256).read_bytes()
    assert b"%PDF" not in lying
    assert not any(LONG[start : start + 16] in lying for start in range(0, len(LONG), 50_000))
    assert b"".join(store.content(stored.sha256)) == LONG


@pytest.mark.parametrize(
    "harm",
    [
        lambda file: file[:-PIECE] if len(file) > 2 * PIECE else file[: MARK + PIECE],
        lambda file: file[: MARK + PIECE],
        lambda file: file[:MARK] + file[MARK + PIECE : MARK + 2 * PIECE] + file[MARK : MARK + PIECE] + file[MARK + 2 * PIECE :],
        lambda file: file[:-1] + bytes([file[-1] ^ 1]),
        lambda file: file[:MARK] + bytes([file[MARK] ^ 2]) + file[MARK + 1 :],
        lambda file: file[:MARK],
        lambda file: b"",
        lambda file: PDF,
    ],
    ids=["cut", "cut-to-one", "exchanged", "altered", "of-another-form", "cut-to-nothing", "emptied", "an-open-one"],
)  # fmt: skip
async def test_a_file_that_somebody_has_changed_does_not_open(
    tmp_path: Path, harm: Callable[[bytes], bytes]
) -> None:
    """Not cut short, not in another order, not altered by a bit."""
    store = FileStore(tmp_path)
    stored = await store.put("政审函.pdf", stream(LONG, 65_536))
    file = store.existing(stored.sha256)
    file.write_bytes(harm(file.read_bytes()))
    assert not is_whole(secrecy.vault(), stored.sha256, file)
    assert store.broken() == [stored.sha256]
    assert store.seal_old(9) == 0, "what was put there is not sealed as what it is not"
    with pytest.raises((ValueError, NotFound)):
        b"".join(store.content(stored.sha256))


async def test_a_file_in_the_place_of_another_and_one_of_another_secret_get_their_sentence(
    tmp_path: Path,
) -> None:
    """Before a byte of it is sent."""
    store = FileStore(tmp_path)
    one, other = [await store.put("一.pdf", stream(PDF + end)) for end in (b"1", b"2")]
    shutil.copy(store.path(one.sha256), store.path(other.sha256))
    with pytest.raises(NotFound, match="打不开"):
        store.content(other.sha256)
    secrecy.install(SECRET[::-1])
    with pytest.raises(NotFound, match="打不开"):
        store.content(one.sha256)


async def test_what_an_earlier_release_left_open_is_read_and_sealed(tmp_path: Path) -> None:
    """So many a night."""
    store = FileStore(tmp_path)
    sealed = await store.put("新.pdf", stream(PDF))
    names = []
    for content in (LONG, PDF + b"old"):
        names.append(sha256(content).hexdigest())
        store.path(names[-1]).parent.mkdir(exist_ok=True)
        store.path(names[-1]).write_bytes(content)
    assert b"".join(store.content(names[0])) == LONG
    assert is_whole(secrecy.vault(), names[0], store.path(names[0]))
    assert [store.seal_old(1), store.seal_old(9), store.seal_old(9)] == [1, 1, 0]
    assert not any(b"%PDF" in store.path(name).read_bytes() for name in (*names, sealed.sha256))
    assert b"".join(store.content(names[0])) == LONG


async def test_uploads_that_came_to_nothing_are_cleared_once_they_are_old(
    world: World, clerks: Clerks, tmp_path: Path
) -> None:
    """A record that was refused, a process that died in the middle of an upload; what an attachment names stays."""
    store = FileStore(tmp_path)
    midnight = datetime(2026, 11, 20, tzinfo=UTC)
    async with county_session(world.county):
        case = await begun(clerks, "附件人")
        named = await attach(world.secretary, case, await store.put("申请书.pdf", stream(PDF)))
    refused = await store.put("没记上.pdf", stream(PDF + b"%refused"))
    fresh = await store.put("正在办.pdf", stream(PDF + b"%fresh"))
    (tmp_path / "incoming-died").write_bytes(b"half")
    old = [store.path(sha256(PDF).hexdigest()), store.path(refused.sha256), tmp_path / "incoming-died"]
    for file in old:
        os.utime(file, (midnight.timestamp() - 1,) * 2)
    async with county_session(world.county):
        assert await clear_strays(store, midnight) == 2
        assert await clear_strays(store, midnight) == 0
        assert b"".join((await download(world.secretary, named, store)).content) == PDF
        with pytest.raises(NotFound):
            await download(with_roles("邻支部", ("branch-secretary", world.west)), named, store)
    assert store.existing(fresh.sha256)
    with pytest.raises(NotFound):
        store.existing(refused.sha256)
