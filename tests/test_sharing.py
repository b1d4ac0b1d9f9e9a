"""Tests shared out among processes: none is lost, whatever becomes of the process that runs it; what failed is said."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.sharing import groups

ROOT = Path(__file__).parents[1]
FILE = """
import os, warnings, pytest

@pytest.fixture(scope="module")
def shared():
    with open("set-up", "a") as file:
        file.write("+")
    yield
    with open("set-up", "a") as file:
        file.write("-")

def test_passes(shared): print("not shown")
def test_fails(shared):
    print("what was printed")
    assert [1] == [2]
def test_warns(shared): warnings.warn("beware")
def test_dies(): {dies}
def test_after_it(shared): pass
@pytest.mark.skip(reason="not today")
def test_is_skipped(): pass
@pytest.mark.xfail(strict=True)
def test_should_have_failed(): pass
"""


def run(folder: Path, *options: str) -> tuple[int, str]:
    """The exit code of a pytest of its own in two processes, and what it says."""
    words = [
        "-m",
        "pytest",
        "-p",
        "tests.sharing",
        "-p",
        "no:cacheprovider",
        "--processes",
        "2",
        "-q",
        "-rsf",
    ]
    # Of no plugins but pytest's own: those of others take a second to begin.
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        [sys.executable, *words, *options], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_what_is_said_is_what_one_process_says(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(FILE.format(dies="os._exit(7)"))
    (tmp_path / "test_other.py").write_text("def test_elsewhere(): pass\n")
    code, said = run(tmp_path)
    assert code == 1
    assert "3 failed, 4 passed, 1 skipped, 1 warning in" in said
    assert "E       assert [1] == [2]" in said
    assert "what was printed" in said
    assert "not shown" not in said
    assert "UserWarning: beware" in said
    assert "not today" in said
    assert "FAILED test_one.py::test_dies - The process ended with exit code 7." in said
    assert "FAILED test_one.py::test_should_have_failed" in said
    # Torn down by the one that lived to the end, not by the one that died.
    assert (tmp_path / "set-up").read_text() == "++-"


def test_whoever_wants_to_hear_of_the_first_failure_only_hears_of_it(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(FILE.format(dies="pass"))
    code, said = run(tmp_path, "-x")
    assert code == 1
    assert "1 failed, 1 passed in" in said
    assert "stopping after 1 failures" in said
    assert (tmp_path / "set-up").read_text() == "+-"


def test_a_file_is_one_processes_and_so_is_all_that_needs_the_demo_counties() -> None:
    tests = ["tests/browser/test_a.py::a", "tests/x.py::a", "tests/deploy/test_demo.py::a", "tests/x.py::b"]
    assert groups(tests) == [(0, 2), (1, 3)]
