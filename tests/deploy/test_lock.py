"""What set-up installs: pinned, complete, and naming no host."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distributions, requires, version
from typing import Any

import pytest
from packaging.requirements import Requirement

from deploy.lock import LOCK, ROOT, Locked, editables, plain, unused

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_every_line_is_ours_or_pinned() -> None:
    locked = Locked.read(LOCK.read_text())
    assert locked.ours == editables()
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in (*locked.run, *locked.tests))
    assert locked.text() == LOCK.read_text()


def test_what_runs_needs_no_tool_of_the_tests() -> None:
    """All that is asked for to run, and what that asks for in turn, stands before the line; what only tests need, behind it.

    Except what nothing here imports: that is nowhere, or among the tests' where they ask for it by name.
    """
    locked = Locked.read(LOCK.read_text())
    run, tests = ({plain(line) for line in part} for part in (locked.run, locked.tests))
    needed = set().union(*(_closure(name, set()) for name in (_name(PROJECT), "hatchling", "editables")))
    assert needed - {_name(PROJECT)} - {"dangwu", "dangwu-national"} <= run
    assert not run & tests
    assert not unused() & run
    assert unused() & {plain(each.name) for each in distributions()} <= tests
    assert {"pytest", "mypy", "ruff", "playwright", "hypothesis"} <= tests


def _closure(name: str, seen: set[str]) -> set[str]:
    """A package and what it needs, at any remove, on this machine."""
    if name not in seen | unused():
        seen.add(name)
        for each in map(Requirement, requires(name) or ()):
            if each.marker is None or each.marker.evaluate({"extra": ""}):
                _closure(plain(each.name), seen)
    return seen


def _name(project: dict[str, Any]) -> str:
    return plain(project["name"])


HOSTLESS = (
    "requirements.lock", "web/package-lock.json", "tests/browser/package-lock.json", "Makefile", ".ci/run",
    "pyproject.toml",
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTLESS)
def test_no_file_of_the_set_up_names_a_host(name: str) -> None:
    assert not re.search(r"https?://|//[\w.-]+\.(com|org|cn|io)", (ROOT / name).read_text())


def test_what_pyproject_asks_for_is_in_the_lock_in_that_version() -> None:
    extras = PROJECT["optional-dependencies"]
    asked = [*PROJECT["dependencies"], *extras["build"], *extras["traces"], *extras["dev"]]
    pinned = {
        name.lower(): found
        for name, found in re.findall(r"^([\w.-]+)==(\S+)$", LOCK.read_text(), re.MULTILINE)
    }
    for line in asked:
        name = re.split(r"[<>=; ]", line)[0]
        if name.startswith("dangwu"):
            continue
        assert pinned[name.lower()] == version(name), name
