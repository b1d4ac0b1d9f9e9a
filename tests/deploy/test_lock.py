"""What set-up installs: pinned, complete, and naming no host."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

from deploy.lock import editables

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text()


def test_every_line_is_ours_or_pinned() -> None:
    lines = [line for line in LOCK.splitlines() if not line.startswith("#")]
    ours = [line for line in lines if line.startswith("-e ")]
    assert ours == editables()
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines[len(ours) :])


def test_no_file_of_the_set_up_names_a_host() -> None:
    for name in ("requirements.lock", "web/package-lock.json", "Makefile", ".ci/run", "pyproject.toml"):
        assert not re.search(r"https?://|//[\w.-]+\.(com|org|cn|io)", (ROOT / name).read_text()), name


def test_what_pyproject_asks_for_is_in_the_lock_in_that_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    pinned = {name.lower(): found for name, found in re.findall(r"^([\w.-]+)==(\S+)$", LOCK, re.MULTILINE)}
    for line in asked:
        name = re.split(r"[<>=; ]", line)[0]
        if name.startswith("dangwu"):
            continue
        assert pinned[name.lower()] == version(name), name
