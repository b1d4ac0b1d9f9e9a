"""A backup as one file: a tar stream sealed by age while it is written. It is whole or not there, and read in one pass."""

from __future__ import annotations

import os
import re
import tarfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pyrage
from pyrage.x25519 import Identity, Recipient

from deploy.problem import Problem, why

_NUMBERED = re.compile(r"\[Errno (\d+)\]")


@contextmanager
def written(file: Path, to: Recipient) -> Iterator[tarfile.TarFile]:
    """A new archive, in place under its name when the block has ended well. Raises Problem."""
    if file.exists():
        raise Problem(f"{file} 已经存在，没有改动它。请换一个文件名。")
    part = file.with_name(f"{file.name}.part")
    reader, writer = os.pipe()
    try:
        with ThreadPoolExecutor(1, "sealing") as pool:
            sealing = pool.submit(_seal, reader, part, to)
            with (
                _told(sealing, "备份"),
                os.fdopen(writer, "wb") as out,
                tarfile.open(fileobj=out, mode="w|") as tar,
            ):
                yield tar
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def opened(file: Path, key: Identity) -> Iterator[tarfile.TarFile]:
    """An archive, to be read from its beginning to its end; that nothing of it is missing is known after the block. Raises
    Problem."""
    if not file.is_file():
        raise Problem(f"没有找到备份 {file}。")
    reader, writer = os.pipe()
    with ThreadPoolExecutor(1, "opening") as pool:
        opening = pool.submit(_open, file, writer, key)
        with _told(opening, "恢复"), os.fdopen(reader, "rb") as given:
            with tarfile.open(fileobj=given, mode="r|") as tar:
                yield tar
            while given.read(1 << 20):
                pass  # what is behind the last member: until all of it is known to be whole


@contextmanager
def _told(work: Future[None], what: str) -> Iterator[None]:
    """What went wrong at the other end of the pipe comes before what follows from it here."""
    try:
        yield
    except (OSError, tarfile.TarError, EOFError) as error:
        if work.exception() is None:
            raise Problem(f"{what}没有完成（{_why(error)}）。") from error
    failed = work.exception()
    # What age finds wrong inside the stream comes out of it as an error of reading that has no number.
    if isinstance(failed, pyrage.DecryptError) or (isinstance(failed, OSError) and not failed.errno):
        raise Problem("备份打不开：钥匙不是这份备份的，或者备份文件不完整、被改动过。") from failed
    if failed is not None:
        raise Problem(f"{what}没有完成（{_why(failed)}）。") from failed


def _why(error: BaseException) -> str:
    if found := _NUMBERED.search(str(error)):  # age passes an error of writing on as a text
        error = OSError(int(found[1]), str(error))
    return why(error) if isinstance(error, OSError) else str(error) or type(error).__name__


def _seal(descriptor: int, part: Path, to: Recipient) -> None:
    with os.fdopen(descriptor, "rb") as given:
        out_of = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(out_of, "wb") as out:
            pyrage.encrypt_io(given, out, [to])
            out.flush()
            os.fsync(out.fileno())


def _open(file: Path, descriptor: int, key: Identity) -> None:
    with os.fdopen(descriptor, "wb") as out, file.open("rb") as given:
        pyrage.decrypt_io(given, out, [key])


def add_file(tar: tarfile.TarFile, file: Path, name: str) -> None:
    """Add a file as it is when it is opened, though another is put in its place meanwhile."""
    with file.open("rb") as content:
        tar.addfile(tar.gettarinfo(arcname=name, fileobj=content), content)
