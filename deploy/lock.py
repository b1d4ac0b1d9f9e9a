"""`python -m deploy.lock`: write requirements.lock from a clean environment (versions only, no addresses)."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
HEADER = "# Every version of `make run` and `make test`; written by `make lock`.\n"


def editables() -> list[str]:
    """Our own packages, the contract first, then the national floor, then by name, the platform last."""
    first = ["contract", "national"]
    names = sorted(path.parent.name for path in ROOT.glob("plugins/*/pyproject.toml"))
    return [f"-e ./plugins/{name}" for name in [*first, *(n for n in names if n not in first)]] + ["-e ."]


def write(constraint: Path | None = None) -> None:
    """Install everything into a new environment and write down what came of it; `constraint` caps the versions."""
    with tempfile.TemporaryDirectory() as folder:
        python = Path(folder) / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        wanted = [line.replace("-e .", "-e .[dev]") if line == "-e ." else line for line in editables()]
        words = [word for line in wanted for word in line.split()]
        limits = ["-c", str(constraint)] if constraint else []
        pip = [str(python), "-m", "pip", "--disable-pip-version-check"]
        subprocess.run([*pip, "install", "--quiet", *words, *limits], cwd=ROOT, check=True)
        frozen = subprocess.run(
            [*pip, "freeze", "--exclude-editable"], check=True, capture_output=True, text=True
        )
    pinned = [line for line in frozen.stdout.splitlines() if line and "@" not in line]
    (ROOT / "requirements.lock").write_text(HEADER + "\n".join([*editables(), *pinned]) + "\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
