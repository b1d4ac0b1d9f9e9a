"""The shape of the tree: files and functions of a size to be read, rooms instead of prefixes, `Any` only where JSON comes in."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOPS = ("core", "deploy", "migrations", "plugins", "tenants", "web")
MIRRORED = ("core", "deploy", "tenants", "web")
LONGEST_FILE, LONGEST_FUNCTION, SHARING, ANY = 300, 40, 4, 5.0

EDGES = {
    "plugins/contract/dangwu/text": "YAML as it is read",
    "plugins/contract/dangwu/shapes": "JSON is compared with types",
    "plugins/contract/dangwu/values/word.py": "words are looked for in JSON",
    "plugins/contract/dangwu/policy/load.py": "a policy's YAML",
    "plugins/contract/dangwu/policy/load_rule.py": "a rule's YAML",
    "plugins/contract/dangwu/policy/entry.py": "a rule's YAML",
    "plugins/contract/dangwu/policy/place.py": "a rule's YAML",
    "plugins/contract/dangwu/policy/blanks.py": "raw parameters with blanks",
    "plugins/contract/dangwu/policy/fill.py": "what is filled in",
    "plugins/contract/dangwu/facets/reading.py": "raw parameters and evidence",
    "plugins/contract/dangwu/plugins/apart": "what another process says",
    "plugins/contract/dangwu/author/rehearse.py": "a rehearsal's YAML",
    "plugins/contract/dangwu/author/rehearse_read.py": "a rehearsal's YAML",
    "web/kit/schema.py": "the description of the API",
    "web/policies/api/change.py": "what the API takes in",
}
"""Where YAML and JSON come in, and nothing is known of their types yet."""
TYPED = ("plugins/contract", "web")
"""The trees that hold the measure of `Any`."""


def _files(*tops: str) -> list[Path]:
    found = (file for top in tops for file in (ROOT / top).rglob("*.py"))
    return sorted(file for file in found if "node_modules" not in file.parts and "build" not in file.parts)


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


FILES = _files(*TOPS)


@cache
def _nodes(text: str) -> list[ast.AST]:
    """Everything that a module consists of; read once for all that is measured."""
    return list(ast.walk(ast.parse(text)))


def _functions(text: str) -> Iterator[tuple[str, int]]:
    for node in _nodes(text):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def _shared(names: list[str]) -> dict[str, int]:
    """Prefix → how many names of files begin with it as a word of their own."""
    heads = Counter(name.partition("_")[0] for name in names if not name.startswith("_"))
    return {head: count for head, count in heads.items() if count >= SHARING}


def _anys(text: str) -> int:
    """How often `Any` stands for a type in a file."""
    return sum(isinstance(node, ast.Name) and node.id == "Any" for node in _nodes(text))


def _addresses(text: str) -> int:
    """How often `id()` is called."""
    calls = (node.func for node in _nodes(text) if isinstance(node, ast.Call))
    return sum(isinstance(called, ast.Name) and called.id == "id" for called in calls)


def test_no_file_is_longer_than_can_be_read_at_once() -> None:
    assert [_name(file) for file in FILES if len(file.read_text("utf-8").splitlines()) > LONGEST_FILE] == []


def test_no_function_is_longer_than_a_screen() -> None:
    found = [
        f"{_name(file)}: {name} ({lines})"
        for file in FILES
        for name, lines in _functions(file.read_text("utf-8"))
        if lines > LONGEST_FUNCTION
    ]
    assert found == []


def test_nothing_is_kept_by_the_address_of_an_object() -> None:
    """What is remembered by `id()` may be told of another object that has come to lie in the same place."""
    found = [_name(file) for file in FILES if _addresses(file.read_text("utf-8"))]
    assert found == []


def test_no_folder_holds_four_files_that_share_a_prefix() -> None:
    folders: dict[Path, list[str]] = {}
    for file in FILES:
        if "versions" not in file.parts and file.relative_to(ROOT).parts[0] != "migrations":
            folders.setdefault(file.parent, []).append(file.stem)
    assert {_name(folder): shared for folder, names in folders.items() if (shared := _shared(names))} == {}


@pytest.mark.parametrize("top", TYPED)
def test_any_stands_only_where_json_comes_in(top: str) -> None:
    inside = [file for file in _files(top) if not any(_name(file).startswith(edge) for edge in EDGES)]
    texts = [file.read_text("utf-8") for file in inside]
    lines = sum(len(text.splitlines()) for text in texts)
    assert sum(_anys(text) for text in texts) / lines * 1000 <= ANY


def test_every_edge_is_there() -> None:
    assert [edge for edge in EDGES if not (ROOT / edge).exists()] == []


def test_every_migration_has_a_number_of_its_own_which_its_file_bears() -> None:
    """Of two with one number only one would be applied."""
    files = sorted((ROOT / "migrations" / "versions").glob("m*.py"))
    numbers = [re.findall(r'^ID = "(\d{4})"$', file.read_text("utf-8"), re.MULTILINE) for file in files]
    assert numbers == [[file.name[1:5]] for file in files]
    assert len({file.name[1:5] for file in files}) == len(files)


def test_tests_outside_the_contract_know_only_its_face() -> None:
    found = [
        f"{_name(file)}: {line}"
        for file in _files("tests")
        if not _name(file).startswith("tests/contract/")
        for line in re.findall(r"^\s*(?:from|import) dangwu\..*$", file.read_text("utf-8"), re.MULTILINE)
    ]
    assert found == []


def test_every_folder_of_tests_stands_where_what_it_tests_does() -> None:
    folders = {file.parent.relative_to(ROOT / "tests") for top in MIRRORED for file in _files(f"tests/{top}")}
    assert [folder.as_posix() for folder in sorted(folders) if not (ROOT / folder).is_dir()] == []


def _places(source: Path) -> dict[str, set[Path]]:
    """By the name of a module or folder: the folders below `source` in which it stands."""
    found: dict[str, set[Path]] = {}
    for file in _files(source.relative_to(ROOT).as_posix()):
        inside = file.relative_to(source)
        for one in (inside.with_suffix(""), *inside.parents[:-1]):
            found.setdefault(one.name, set()).add(one.parent)
    return found


@pytest.mark.parametrize("top", MIRRORED)
def test_a_test_named_after_a_module_stands_where_the_module_does(top: str) -> None:
    places, found = _places(ROOT / top), []
    for file in (ROOT / "tests" / top).rglob("test_*.py"):
        here, named = file.parent.relative_to(ROOT / "tests" / top), file.stem.removeprefix("test_")
        there = places.get(named, set())
        if len(there) == 1 and all(here in one.parents for one in there):
            found.append(f"{_name(file)}: {named}.py is in {top}/{there.pop().as_posix()}")
    assert found == []


def test_the_measures_measure() -> None:
    source = "from typing import Any\ndef long(one: Any) -> dict[str, Any]:\n    pass\n    return {}\n"
    assert list(_functions(source)) == [("long", 3)]
    assert _anys(source) == 2
    assert _addresses("known[id(regime)] = regime.id(1)") == 1
    assert _places(ROOT / "deploy")["servers"] == {Path("embedded")}
    assert _shared(["cases_a", "cases_b", "cases", "cases_c", "units_a"]) == {"cases": 4}
