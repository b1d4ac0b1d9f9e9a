"""`python -m deploy.lock`: write requirements.lock from a clean environment (versions only, no addresses)."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
HEADER = "# Every version of `make run`, then of `make test`; written by `make lock`."
FOR_TESTS = "# for tests"
"""The line between what a running platform needs and what checks and tests need besides."""


def plain(name: str) -> str:
    """A package's name as names are compared: `Typing_Extensions==4` is `typing-extensions`."""
    return re.sub(r"[-_.]+", "-", name.partition("==")[0]).lower()


def unused() -> set[str]:
    """What a library asks for and nothing that runs here ever imports (pyproject.toml says why): it is not installed."""
    return set(_pyproject()["tool"]["dangwu"]["unused"])


def _pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


class Locked(NamedTuple):
    """The lines of requirements.lock: our own packages, what running needs, what tests need besides."""

    ours: list[str]
    run: list[str]
    tests: list[str]

    @classmethod
    def read(cls, text: str) -> Locked:
        """Take the file apart."""
        run, _, tests = text.partition(f"{FOR_TESTS}\n")
        lines = [line for line in run.splitlines() if line and not line.startswith("#")]
        ours = [line for line in lines if line.startswith("-e ")]
        return cls(ours, [line for line in lines if line not in ours], tests.splitlines())

    def text(self) -> str:
        """The file."""
        return "\n".join([HEADER, *self.ours, *self.run, FOR_TESTS, *self.tests]) + "\n"


def editables() -> list[str]:
    """Our own packages, the contract first, then the national floor, then by name, the platform last."""
    first = ["contract", "national"]
    names = sorted(path.parent.name for path in ROOT.glob("plugins/*/pyproject.toml"))
    return [f"-e ./plugins/{name}" for name in [*first, *(n for n in names if n not in first)]] + ["-e ."]


def write(constraint: Path | None = None) -> None:
    """Install all into a new environment, in two steps, and write down what came of each; `constraint` caps the versions."""
    limits = ["-c", str(constraint)] if constraint else []
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        run, both = (_frozen(Path(folder), extras, limits) for extras in ("build", "build,dev"))
    run = [line for line in run if plain(line) not in unused()]
    asked = {
        plain(re.split("[><=;]", line)[0]) for line in _pyproject()["project"]["optional-dependencies"]["dev"]
    }
    tests = [line for line in both if line not in run and plain(line) not in unused() - asked]
    LOCK.write_text(Locked(editables(), run, tests).text())


def _frozen(folder: Path, extras: str, limits: list[str]) -> list[str]:
    """What is installed once the platform is, with these extras."""
    wanted = [f"-e .[{extras}]" if line == "-e ." else line for line in editables()]
    words = [word for line in wanted for word in line.split()]
    pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", *words, *limits], cwd=ROOT, check=True)
    frozen = subprocess.run(
        [*pip, "freeze", "--exclude-editable"], check=True, capture_output=True, text=True
    )
    return sorted((line for line in frozen.stdout.splitlines() if line and "@" not in line), key=str.lower)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
