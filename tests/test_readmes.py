"""Every README and every page beside it is one screen; a README names every module and folder below it that
no nearer one names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MOST_LINES, LONGEST_LINE = 60, 160

FOLDERS = ("core", "tenants", "web", "migrations", "deploy", "plugins", "tests")

UNNAMED = {
    "tests": "tests mirror the tree that they test",
    "migrations/versions": "numbered, and read in that order",
    "plugins/contract/dangwu": "a row for each folder, by tests/contract/test_readme.py",
}
"""Folders whose modules no README lists, and why."""

PRINTED = {
    "tenants/accounts/may.md": "a row for each capability",
    "plugins/contract/hooks.md": "every hook, as the code has it",
    "plugins/contract/facets.md": "a row for each facet",
    "plugins/contract/reference.md": "every facet and every value of the contract",
    "plugins/contract/own.md": "a facet whole, as `dangwu new --facet` writes it",
}
"""Pages of tables printed from the code, of any length."""

PRACTICES = ROOT / "plugins" / "practices" / "dangwu_practices"
"""One folder like another: the README above is a table of them."""

EXAMPLES = {"name.py", "stem.py", "x.py"}
"""Files that a docstring makes up."""

_MODULE = re.compile(r"(?<![\w/.-])([\w/]+\.py)\b")
_NAMED = re.compile(r"`([\w/.-]+\.py)`")
_SAMPLE = re.compile(r"^`([\w/.-]+)`[:：]\n\n```\w+\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


def _below(folder: Path, pattern: str) -> Iterator[Path]:
    yield from (path for path in folder.rglob(pattern) if not {"node_modules", "build"} & set(path.parts))


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


READMES = sorted([ROOT / "README.md", *(path for top in FOLDERS for path in _below(ROOT / top, "README.md"))])
PAGES = sorted({page for readme in READMES for page in readme.parent.glob("*.md")})
MODULES = sorted(
    path
    for top in FOLDERS
    for path in _below(ROOT / top, "*.py")
    if path.stem != "__init__" and not any(_name(path).startswith(f"{folder}/") for folder in UNNAMED)
)
# The one package of a plugin goes without saying.
FOLDERS_BELOW = sorted(
    folder
    for top in FOLDERS
    for folder in {path.parent for path in _below(ROOT / top, "*.py")}
    if not (folder / "README.md").exists() and not folder.name.startswith("dangwu_")
    if folder.parts[len(ROOT.parts)] != "tests"
)


def _readme_of(module: Path) -> Path:
    """The README nearest to it, upwards."""
    return next(folder / "README.md" for folder in module.parents if (folder / "README.md").exists())


def _long(text: str) -> Iterator[str]:
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        yield f"{len(lines)} lines"
    yield from (f"{len(line)} characters: {line}" for line in lines if len(line) > LONGEST_LINE)


def _unnamed(readme: Path, named: set[str]) -> Iterator[str]:
    for module in MODULES:
        here = module.relative_to(readme.parent).as_posix() if _readme_of(module) == readme else ""
        if here and not {module.name, here} & named:
            yield f"not named: {here}"


def _gone(readme: Path, named: set[str]) -> Iterator[str]:
    known = {path.name for path in _below(readme.parent, "*.py")}
    for name in sorted(named - known):
        if not (readme.parent / name).exists() and not (ROOT / name).exists():
            yield f"is not there: {name}"


def faults(readme: Path) -> list[str]:
    """What is wrong with what a README names, a line each."""
    named = set(_NAMED.findall(readme.read_text(encoding="utf-8")))
    return [*_unnamed(readme, named), *_gone(readme, named)]


@pytest.mark.parametrize("page", [page for page in PAGES if _name(page) not in PRINTED], ids=_name)
def test_a_page_is_one_screen(page: Path) -> None:
    assert not list(_long(page.read_text(encoding="utf-8")))


@pytest.mark.parametrize("readme", READMES, ids=_name)
def test_a_readme_names_what_is_there(readme: Path) -> None:
    assert not faults(readme)


@pytest.mark.parametrize("readme", READMES, ids=_name)
def test_a_readme_names_the_folders_that_have_none_of_their_own(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    assert [
        _name(one) for one in FOLDERS_BELOW if _readme_of(one) == readme and f"{one.name}/" not in text
    ] == []


@pytest.mark.parametrize(
    "readme", [one for one in READMES if one.parent != ROOT and PRACTICES not in one.parents], ids=_name
)
def test_a_readme_is_linked_from_the_one_above(readme: Path) -> None:
    above = _readme_of(readme.parent)
    assert f"]({readme.relative_to(above.parent).as_posix()})" in above.read_text(encoding="utf-8")


def _mentioned(module: Path) -> Iterator[str]:
    """The modules that the docstrings of one name."""
    text = module.read_text(encoding="utf-8")
    # Few name any, and to read what each line means takes long.
    for node in ast.walk(ast.parse(text)) if _MODULE.search(text) else ():
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            yield from _MODULE.findall(node.value.value)


def test_a_module_that_a_docstring_names_is_there() -> None:
    """Beside it, or by its path from a folder above."""
    gone = [
        f"{_name(module)}: {name}"
        for module in _below(ROOT, "*.py")
        if module.relative_to(ROOT).parts[0] in FOLDERS
        for name in set(_mentioned(module)) - EXAMPLES
        if not any((folder / name).exists() for folder in module.parents)
    ]
    assert gone == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_a_link_leads_to_what_is_there(page: Path) -> None:
    links = re.findall(r"\]\(((?!https?:)[^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_what_is_on_the_list_of_printed_ones_is_there() -> None:
    assert set(PRINTED) <= {_name(page) for page in PAGES}


def test_samples_stand_in_the_files_that_they_are_said_to_be_from() -> None:
    """A block under the name of a file of ours is in that file, word for word."""
    found = [sample for readme in READMES for sample in _SAMPLE.findall(readme.read_text(encoding="utf-8"))]
    assert found
    for name, block in found:
        assert block in _outdented((ROOT / name).read_text(encoding="utf-8"), block), name


def _outdented(code: str, block: str) -> str:
    """The code with the indentation taken off that the line has with which the block begins."""
    first = re.search(rf"^( *){re.escape(block.splitlines()[0])}$", code, re.MULTILINE)
    return re.sub(rf"^{first[1] if first else ''}", "", code, flags=re.MULTILINE)
