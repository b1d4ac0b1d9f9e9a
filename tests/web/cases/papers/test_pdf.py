"""PDF of a paper: by LibreOffice where it is installed; stand-ins for it that never end, or come to nothing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from core.documents import pdf
from tests.waiting import until
from tests.web.cases.papers.test_pages import NOTICE, case, print_
from tests.web.conftest import Browser, Seeded

pytestmark = pytest.mark.anyio
INSTALLED = shutil.which("soffice") and shutil.which("pdftotext")


def program(folder: Path, script: str) -> str:
    """A program that stands in for LibreOffice; its last argument is the document, the one before it the folder."""
    written = folder / "office"
    written.write_text(f"#!/bin/sh\n{script}\n")
    written.chmod(0o755)
    return str(written)


def text_in(content: bytes, folder: Path) -> str:
    """All that stands in a PDF, without blanks."""
    (folder / "paper.pdf").write_bytes(content)
    read = subprocess.run(["pdftotext", folder / "paper.pdf", "-"], capture_output=True, check=True)
    return "".join(read.stdout.decode().split())


@pytest.mark.skipif(not INSTALLED, reason="needs LibreOffice and pdftotext")
async def test_a_notice_as_pdf_says_what_the_word_file_says(
    secretary: Browser, county: Seeded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DANGWU_OFFICE", raising=False)
    one = await case(county, "电小版")
    answer = await print_(secretary, one, NOTICE, step="prospect-notice", pdf="true")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    said = text_in(answer.content, tmp_path)
    assert "发展对象公示" in said
    assert "电小版" in said
    assert "至2026年6月10日止" in said


async def test_the_page_says_where_there_is_none(
    secretary: Browser, county: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DANGWU_OFFICE", "/no/such/program")
    one = await case(county, "没有办公", "activist-filing")
    page = (await secretary.open(f"/cases/{one}/papers")).text
    assert "平台没有安装 LibreOffice，Word 文书不能转成 PDF" in page
    assert "pdf=true" not in page
    answer = await print_(secretary, one, "national.activist-filing", step="activist-filing", pdf="true")
    assert answer.status_code == 409
    assert "不能生成 PDF" in answer.text


async def test_one_that_never_ends_is_ended_with_what_it_began(
    secretary: Browser, county: Seeded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DANGWU_OFFICE", program(tmp_path, f"sleep 600 & echo $! > {tmp_path}/pid; wait"))
    monkeypatch.setattr(pdf, "WALL", 1.0)
    one = await case(county, "没完没了", "activist-filing")
    answer = await print_(secretary, one, "national.activist-filing", step="activist-filing", pdf="true")
    assert answer.status_code == 409
    assert "没有完成" in answer.text
    begun = Path("/proc") / (tmp_path / "pid").read_text().strip()
    until(lambda: not begun.exists() or "Z" in (begun / "stat").read_text().split()[2])


@pytest.mark.parametrize("script", ["exit 1", "true", "kill -9 $$"])
async def test_one_that_comes_to_nothing_is_said(
    secretary: Browser, county: Seeded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    monkeypatch.setenv("DANGWU_OFFICE", program(tmp_path, script))
    one = await case(county, "没有结果", "activist-filing")
    answer = await print_(secretary, one, "national.activist-filing", step="activist-filing", pdf="true")
    assert answer.status_code == 409


async def test_it_is_told_nothing_of_ours(
    secretary: Browser, county: Seeded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = f'env > {tmp_path}/env; for last; do :; done; cp "$last" "$PWD/paper.pdf"'
    monkeypatch.setenv("DANGWU_OFFICE", program(tmp_path, script))
    monkeypatch.setenv("DANGWU_MARK", "ours")
    one = await case(county, "不该知道", "activist-filing")
    answer = await print_(secretary, one, "national.activist-filing", step="activist-filing", pdf="true")
    assert answer.status_code == 200
    assert "DANGWU" not in (tmp_path / "env").read_text()
