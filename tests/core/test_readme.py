"""core/README.md is true: every module stands in its table, in the row of its folder, and the table names nothing else."""

from __future__ import annotations

import re
from pathlib import Path

CORE = Path(__file__).parents[2] / "core"
README = (CORE / "README.md").read_text(encoding="utf-8")


def test_every_module_is_in_the_row_of_its_folder() -> None:
    named, folder = set(), Path()
    for first, second in re.findall(r"^\| ?(.*?) ?\| (`.*?`) \| .* \|$", README, re.MULTILINE):
        if first.strip():
            folder = Path() if first == "(here)" else Path(first.strip("`"))
        named |= {folder / f"{name}.py" for name in re.findall(r"`(\w+)`", second)}
    assert named == {path.relative_to(CORE) for path in CORE.rglob("*.py") if path.stem != "__init__"}


def test_it_is_one_screen() -> None:
    lines = README.splitlines()
    assert len(lines) <= 60
    assert max(map(len, lines)) <= 160
