"""The browser that these tests find: the machine's own that runs, in spite of stubs; what is brought is locked."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.browser import chromium


def put(folder: Path, name: str, code: int) -> None:
    """A program that ends with this code."""
    (folder / name).write_text(f"#!/bin/sh\nexit {code}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing but what the test puts into this folder."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(chromium, "USUAL", ())
    monkeypatch.delenv("DANGWU_BROWSER", raising=False)
    return tmp_path


def test_the_first_browser_that_runs_is_taken(machine: Path) -> None:
    put(machine, "chromium-browser", 1)
    put(machine, "microsoft-edge", 0)
    assert chromium.of_the_machine() == str(machine / "microsoft-edge")


def test_a_named_one_comes_first(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(machine, "chromium", 0)
    monkeypatch.setattr(chromium, "has_chinese", lambda: True)
    monkeypatch.setenv("DANGWU_BROWSER", "/a/program")
    assert chromium.program() == chromium.Program("/a/program", {})


def test_without_browser_and_npm_it_is_said_what_to_do(
    machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert chromium.of_the_machine() is None
    monkeypatch.setattr(chromium, "npm", lambda: None)
    monkeypatch.setattr(chromium, "PLACE", tmp_path / "browser")
    with pytest.raises(RuntimeError, match=r"浏览器测试不能进行。请装一个.*DANGWU_BROWSER"):
        chromium.program()


def test_what_is_brought_is_locked_without_any_host() -> None:
    lock = (chromium.HERE / "package-lock.json").read_text()
    wanted = json.loads((chromium.HERE / "package.json").read_text())["dependencies"]
    packages = json.loads(lock)["packages"]
    assert {name: packages[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert all("integrity" in package for name, package in packages.items() if name)
    assert not re.search(r"https?://|resolved", lock)
