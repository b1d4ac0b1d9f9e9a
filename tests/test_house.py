"""The house keeps its measure: short files and functions, rooms instead of prefixes, tests where what they test is."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
CODE = ("core", "tenants", "web", "migrations", "deploy", "plugins")
MIRRORED = ("core", "tenants", "web", "deploy")
MOST_LINES, LONGEST_FUNCTION, MOST_OF_A_PREFIX = 300, 40, 3
LONG = {"plugins/contract/dangwu/policy/load_rule.py": "its parts are to be rooms of their own"}
"""Files that are still too long, and why."""

APART = {"node_modules", "build", "__pycache__", "vendor"}


def _files(top: str, pattern: str) -> Iterator[Path]:
    yield from (path for path in (ROOT / top).rglob(pattern) if not APART & set(path.parts))


MODULES = {path.relative_to(ROOT): path.read_text("utf-8") for top in CODE for path in _files(top, "*.py")}


def test_no_file_is_longer_than_300_lines() -> None:
    found = {path.as_posix() for path, text in MODULES.items() if text.count("\n") > MOST_LINES}
    assert found <= set(LONG)


def test_no_function_is_longer_than_40_lines() -> None:
    found = [
        f"{path}:{node.lineno} {node.name}"
        for path, text in MODULES.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    ]
    assert found == []


def test_no_folder_holds_four_files_of_one_prefix() -> None:
    """Such files want a room of their own. Migrations are named by their number."""
    found = []
    for top in CODE:
        if top != "migrations":
            names = Counter(
                (path.parent.relative_to(ROOT).as_posix(), path.stem.partition("_")[0])
                for path in _files(top, "*.*")
                if "_" in path.stem.strip("_")
            )
            found += [
                f"{folder}/{prefix}_*"
                for (folder, prefix), count in names.items()
                if count > MOST_OF_A_PREFIX
            ]
    assert found == []


def test_every_folder_of_tests_stands_where_what_it_tests_does() -> None:
    folders = {
        path.parent.relative_to(ROOT / "tests") for top in MIRRORED for path in _files(f"tests/{top}", "*.py")
    }
    assert [str(folder) for folder in sorted(folders) if not (ROOT / folder).is_dir()] == []
