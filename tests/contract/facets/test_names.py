"""A facet knows itself: nothing outside its own file calls it by name, so one more is one more file.

What is read: all Python of core, tenants, web, migrations, deploy and of the contract, the page templates and the browser's
programs. A use is a string that is a facet's name or one of its findings' codes, a keyword or an attribute of that name, and an
import of its file. A word that is no facet where
it stands is a homonym and listed with what it is.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from dangwu import FACETS
from tests.contract.conftest import HERE

ROOT = HERE.parents[1]
CONTRACT = ROOT / "plugins" / "contract" / "dangwu"
OURS = {name: kind for name, kind in FACETS.items() if kind.__module__.startswith("dangwu.facets.")}
FILES = {kind.__module__ for kind in OURS.values()}

HOMONYMS = {
    ("deploy/embedded/child.py", "poll"): "whether a process has ended",
    (
        "plugins/contract/dangwu/policy/plan.py",
        "consent",
    ): "who approves a plan: a key of a rule about no step",
    ("plugins/contract/dangwu/policy/plan.py", "filing"): "to whom a plan is reported",
    ("tenants/policies/strangers/process.py", "poll"): "waiting for a connection to be readable",
    (
        "plugins/contract/dangwu/plugins/paper.py",
        "documents",
    ): "the folder of a plugin in which its papers lie",
    ("plugins/contract/dangwu/text/reader.py", "documents"): "the documents of a YAML stream",
    ("plugins/contract/dangwu/policy/duty.py", "documents"): "the papers kept of an activity",
    ("plugins/contract/dangwu/author/owed.py", "documents"): "the papers kept of an activity",
    ("plugins/contract/dangwu/author/rehearse_read.py", "documents"): "the papers kept of an activity",
    ("plugins/contract/dangwu/values/families.py", "training"): "a family of duties",
    ("web/policies/api/policies.py", "documents"): "the documents that a policy cites",
    ("web/templates/policies/effective.html", "documents"): "the documents that a policy cites",
    **{
        (
            "core/casework/acts/transfer.py",
            word,
        ): "what the platform itself writes of a letter, or reads: by the floor's steps"
        for word in ("consent", "documents", "serial")
    },
    ("core/notices/model.py", "review"): "a kind of what one is told: a case waits to be reviewed",
    ("core/notices/sources/cases.py", "review"): "a kind of what one is told: a case waits to be reviewed",
    **{
        (file, "notice"): "what somebody is told by the platform (core/notices)"
        for file in (
            "core/ledger/verbs.py",
            "migrations/versions/m0180_notices.py",
            "tenants/notices/address.py",
            "tenants/notices/feed.py",
            "tenants/notices/hooks/service.py",
            "web/templates/notices/index.html",
        )
    },
    ("core/casework/standing/turns.py", "review"): "the right to review a case",
    ("core/casework/acts/parts.py", "review"): "the right to review a case",
    ("core/casework/lists/mine.py", "review"): "the right to review a case",
    ("web/workbench/tasks.py", "review"): "the right to review a case",
    (
        "plugins/contract/dangwu/judge/run.py",
        "timing",
    ): "a step's own span is no facet; its finding has the code of one, whose file makes it",
}
"""(file, word): what it is there."""

STORIES = {
    "deploy/demo/evidence.py": "figures, names and places of the demo county; what is not said here `least` supplies",
    "deploy/demo/ratings.py": "how the members of a demo branch were asked",
    "deploy/demo/hitches.py": "what goes wrong in the demo's cases, told as a rehearsal tells it",
}
"""Files that tell what was recorded in particular cases, as rehearsals do: a new facet is welcome in them, never needed."""


def facet_in(word: object) -> str:
    """The facet whose name or finding a word is; "" for any other."""
    name, _, reason = word.partition(".") if isinstance(word, str) else ("", "", "")
    return name if name in OURS and (not reason or re.match(r"[a-z*{]|$", reason)) else ""


def uses(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, facet) for each use in a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            yield node.lineno, facet_in(node.value)
        elif isinstance(node, ast.keyword):
            yield node.value.lineno, facet_in(node.arg)
        elif isinstance(node, ast.Attribute):
            yield node.lineno, facet_in(node.attr)
        elif isinstance(node, ast.ImportFrom) and node.module in FILES:
            yield node.lineno, node.module.rpartition(".")[2]
        elif isinstance(node, ast.ImportFrom) and node.module == "dangwu.facets":
            yield from ((node.lineno, one.name) for one in node.names if f"dangwu.facets.{one.name}" in FILES)


def in_template(text: str) -> Iterator[tuple[int, str]]:
    """(line, facet) for each use in a template."""
    tree = Environment(extensions=["jinja2.ext.do"]).parse(text)
    for node in tree.find_all((nodes.Const, nodes.Getattr, nodes.Keyword)):
        word = {"Const": "value", "Getattr": "attr", "Keyword": "key"}[type(node).__name__]
        yield node.lineno, facet_in(getattr(node, word))


def in_program(text: str) -> Iterator[tuple[int, str]]:
    """(line, facet) for each use in a program of the browser."""
    for number, line in enumerate(text.splitlines(), 1):
        for found in re.finditer(r"""["']([\w.-]+)["']|\.(\w+)\b""", line):
            yield number, facet_in(found[1] or found[2])


@cache
def found() -> dict[tuple[str, str], list[int]]:
    """Every use outside the facets' own files: (file, facet) → lines."""
    lines: dict[tuple[str, str], list[int]] = {}

    def add(path: Path, seen: Iterator[tuple[int, str]], but: frozenset[str] = frozenset()) -> None:
        for number, name in seen:
            if name and name not in but:
                lines.setdefault((path.relative_to(ROOT).as_posix(), name), []).append(number)

    for folder in (*(ROOT / name for name in ("core", "tenants", "web", "migrations", "deploy")), CONTRACT):
        for path in sorted(folder.rglob("*.py")):
            add(path, uses(ast.parse(path.read_text("utf-8"))), own_names(path))
    for path in sorted((ROOT / "web" / "templates").rglob("*.html")):
        add(path, in_template(path.read_text("utf-8")))
    for path in sorted((ROOT / "web" / "static").glob("*.js")):
        add(path, in_program(path.read_text("utf-8")))
    return lines


def own_names(path: Path) -> frozenset[str]:
    """The facets that a file defines: there they may be called by name."""
    module = f"dangwu.facets.{path.stem}" if path.parent == CONTRACT / "facets" else ""
    return frozenset(name for name, kind in OURS.items() if kind.__module__ == module) | (
        {path.stem} if module else frozenset()
    )


def test_no_facet_is_called_by_name_outside_its_file() -> None:
    named = {
        f"{path}:{lines[0]} {name}"
        for (path, name), lines in found().items()
        if (path, name) not in HOMONYMS and path not in STORIES
    }
    assert not named


def test_every_exception_is_still_needed() -> None:
    seen = found().keys()
    assert HOMONYMS.keys() <= seen
    assert STORIES.keys() <= {path for path, _ in seen}


@pytest.mark.parametrize(
    "text",
    [
        'rules.facets.get("notice")', 'one.code == "notice.running"', "evidence.notice", "act(notice={})",
        "from dangwu.facets.notice import NoticeFacet", "from dangwu.facets import notice", 'f"notice.{reason}"',
    ],
)  # fmt: skip
def test_each_way_of_naming_a_facet_is_seen(text: str) -> None:
    assert "notice" in {name for _, name in uses(ast.parse(text))}


@pytest.mark.parametrize(
    "text",
    [
        "{{ record.evidence.notice }}",
        '{{ evidence["notice"] }}',
        '{% if one.code == "notice.running" %}{% endif %}',
    ],
)
def test_each_way_of_naming_a_facet_in_a_page_is_seen(text: str) -> None:
    assert "notice" in {name for _, name in in_template(text)}


@pytest.mark.parametrize("text", ['kind === "notice"', "evidence.notice.days"])
def test_each_way_of_naming_a_facet_in_a_program_is_seen(text: str) -> None:
    assert "notice" in {name for _, name in in_program(text)}
