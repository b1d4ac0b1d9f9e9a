"""PDF of a paper by LibreOffice, where there is one: a process of its own, with limits, ended with all that it begins."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
import tempfile
from asyncio.subprocess import DEVNULL, Process
from contextlib import suppress
from pathlib import Path

from core.documents.model import Made
from core.errors import Conflict

MEMORY, SECONDS, FILE = 3 << 30, 60, 64 << 20
"""Bytes of address space, seconds of processor time, bytes of a file. A first start takes some seconds, a paper one."""
WALL = 60.0
_turn = asyncio.Semaphore(1)
_LINUX = sys.platform.startswith("linux")


async def as_pdf(program: str, made: Made) -> Made:
    """The document as PDF by LibreOffice's `program`. Raises Conflict where that does not come about."""
    async with _turn:
        with tempfile.TemporaryDirectory(prefix="dangwu-pdf-") as folder:
            content = await _converted(program, Path(folder), made.content)
    if content is None:
        raise Conflict(
            "PDF 没有生成：平台上的 LibreOffice 没有完成。请先打印 Word 文件，并告诉平台运行维护人员。",
            code="pdf-failed",
        )
    return Made(made.name, "pdf", content)


async def _converted(program: str, folder: Path, content: bytes) -> bytes | None:
    given, wanted = folder / "paper.docx", folder / "paper.pdf"
    await asyncio.to_thread(given.write_bytes, content)
    process = await _started(program, folder, given)
    try:
        async with asyncio.timeout(WALL):
            await process.wait()
    except TimeoutError:
        return None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
    return await asyncio.to_thread(wanted.read_bytes) if wanted.is_file() else None


async def _started(program: str, folder: Path, given: Path) -> Process:
    # It knows nothing of ours: no secrets, a home and a profile that are gone with the folder.
    process = await asyncio.create_subprocess_exec(
        program, "--headless", "--norestore", "--nolockcheck", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to", "pdf", "--outdir", str(folder), str(given),
        stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, cwd=folder, start_new_session=True,
        env={"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LANG": "C.UTF-8"},
    )  # fmt: skip
    if _LINUX:
        with suppress(ProcessLookupError):
            for which, most in (
                (resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_FSIZE, FILE),
            ):  # fmt: skip
                resource.prlimit(process.pid, which, (most, most))
    return process
