"""The guide from nothing to an installed plugin, followed word by word: outside the repository, in an environment of its own.

What stands between `run` and its fence is run as it stands, what stands after `write` is written into the file of that name, and
what it says must be said. Without network: the tools are those of our environment, the plugin is installed from its folder.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from tests.contract.conftest import HERE

PAGES = [HERE.parents[1] / "plugins" / "contract" / name for name in ("start.md", "publish.md", "life.md")]
_BLOCK = re.compile(
    r"^( *)<!-- (run|says|write [\w./-]+) -->\n *```\w+\n(.*?)\n *```$", re.DOTALL | re.MULTILINE
)


def steps() -> Iterator[tuple[str, str]]:
    """(what to do, text) in the order of the pages."""
    for page in PAGES:
        for _, what, text in _BLOCK.findall(page.read_text("utf-8")):
            yield what, dedent(text) + "\n"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A virtual environment that sees what is installed in ours, and where `dangwu`, `pip` and `pytest` are its own."""
    root = tmp_path / "venv"
    venv.create(root, symlinks=True)
    own = next(root.glob("lib/python*/site-packages"))
    (own / "ours.pth").write_text(
        f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n", "utf-8"
    )
    for name, module in (("dangwu", "dangwu.author.cli"), ("pip", "pip"), ("pytest", "pytest")):
        script = root / "bin" / name
        script.write_text(f'#!/bin/sh\nexec {root}/bin/python -m {module} "$@"\n', "utf-8")
        script.chmod(0o755)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DANGWU_", "PYTEST_", "PYTHON"))
    }
    return {
        **kept,
        "PATH": f"{root}/bin:{os.environ['PATH']}",
        "PIP_NO_INDEX": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTEST_ADDOPTS": "-p no:schemathesis",  # which comes with our own tools, and takes half a second
    }


def test_whoever_follows_the_guide_has_an_installed_plugin(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    here, said = tmp_path / "work", ""
    here.mkdir()
    for what, text in steps():
        if what == "run":
            said, here = _run(text, here, environment)
        elif what == "says":
            missing = [line for line in text.splitlines() if line not in said.splitlines()]
            assert not missing, said
        else:
            (here / what.removeprefix("write ")).write_text(text, "utf-8")
    assert here.name == "dangwu-sunshine"
    assert "公示不少于 10 天" in (here / "sunshine.html").read_text("utf-8")


def _run(commands: str, here: Path, environment: dict[str, str]) -> tuple[str, Path]:
    """What the commands say, and the folder in which one stands after them; each has to succeed."""
    script = f"set -e\n{commands}pwd > {environment['PATH'].partition(':')[0]}/.here\n"
    done = subprocess.run(
        ["sh", "-c", script], cwd=here, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{commands}\n{done.stdout}\n{done.stderr}"
    return done.stdout, Path(
        (Path(environment["PATH"].partition(":")[0]) / ".here").read_text("utf-8").strip()
    )


def test_the_guide_says_what_has_to_be_there_first() -> None:
    text = PAGES[0].read_text("utf-8")
    assert "pip install dangwu dangwu-national hatchling pytest" in text
    assert sys.version_info >= (3, 11)
    assert "Python 3.11" in text
