"""The package is pure: only discovery and the command line touch files, nothing reads the clock; all of it is documented."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import dangwu

ROOT = Path(dangwu.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
EDGES = {
    *(
        "plugins/discovery.py",
        "plugins/plugins.py",
        "plugins/origin.py",
        "plugins/place.py",
        "plugins/apart/seen.py",
    ),
    *("author/cli.py", "author/commands/", "author/project.py", "author/new.py", "author/testing.py"),
    *("author/spoken.py", "author/exits.py"),
}
"""The modules that find plugins, write new ones and talk to a terminal."""
REGISTERING = {"facets/__init__.py": {"importlib", "pkgutil"}}
"""The package of facets imports each of its own files; nothing else looks for modules."""
MEASURING = {"author/trying/slow.py": {"resource", "time"}}
"""It measures how long an author's code takes beside what the platform allows: it judges no case."""
PURE = {
    "__future__", "bisect", "collections", "contextlib", "copy", "dataclasses", "datetime", "difflib", "errno", "fractions",
    "functools", "hashlib", "heapq", "html", "itertools", "operator", "re", "types", "typing",
    "unicodedata",
}  # fmt: skip
TESTING = {"author/testing.py": {"pytest"}}
"""Only pytest loads it: whoever has no tools for tests needs none."""
LIBRARIES = {"chinese_calendar", "dateutil", "msgspec", "pluggy", "yaml"}
"""All that a plugin author installs besides the package."""


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name.partition(".")[0] for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def _reads(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Attribute)
            and node.attr in ("today", "now", "utcnow")
            and isinstance(node.value, ast.Name)
        ):
            yield from [f"{node.value.id}.{node.attr}"] if node.value.id in ("date", "datetime") else []
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in ("open", "print", "input")
        ):
            yield f"{node.func.id}()"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_module_reads_no_clock_and_no_file(file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"))
    name = file.relative_to(ROOT).as_posix()
    imported = set(_imports(tree)) - {"dangwu", *TESTING.get(name, set())}
    assert imported <= LIBRARIES | set(sys.stdlib_module_names)
    reads = set(_reads(tree))
    if any(name.startswith(edge) for edge in EDGES):
        assert not {one for one in reads if one.startswith("date")}
    else:
        allowed = REGISTERING.get(name, set()) | MEASURING.get(name, set())
        assert imported <= PURE | LIBRARIES | allowed
        assert not reads


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_public_thing_says_what_it_is(file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"))
    assert ast.get_docstring(tree)
    silent = [node.name for node in _public(tree) if not ast.get_docstring(node)]
    assert silent == []


def _public(tree: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from _public(node)


def test_both_find_what_they_look_for() -> None:
    tree = ast.parse("import os\nfrom time import time\ndef say():\n    open('x')\n    return date.today()\n")
    assert set(_imports(tree)) == {"os", "time"}
    assert set(_reads(tree)) == {"open()", "date.today"}
    assert [node.name for node in _public(tree) if not ast.get_docstring(node)] == ["say"]
