"""Admission is one procedure among several: its words stand in the floor's YAML, and nowhere in code, templates or scripts.

What its words are is read from the floor: its ids, and the titles of itself, its stages, states and motions.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from dangwu import MEMBERSHIPS
from tenants.policies.plugins import installed

ROOT = Path(__file__).parents[1]
SOURCES = ("core", "deploy", "plugins/contract/dangwu", "tenants", "web")

ALLOWED = {
    "plugins/contract/dangwu/values/catalogue.py": "the ids in which local practices and the register meet",
    "plugins/contract/dangwu/values/families.py": "the families of duties in which practices meet: some are owed to applicants",
    "core/register/model.py": "a column of the national register is called 转正日期",
    "core/register/roster/columns.py": "what that column is called in workbooks",
    "core/register/roster/rows.py": "what that column is called where memberships are told by it",
    "core/register/values.py": "what memberships are called in workbooks",
    "core/casework/acts/transfer.py": "letters follow the steps of one procedure, from one county to another",
    "core/statistics/dimensions.py": "statistics of members: since when they are full ones",
    "core/statistics/flows.py": "statistics of members: how they come in and become full ones",
    "core/statistics/yearly/checks.py": "statistics of members: what must agree",
    "web/templates/statistics/yearly.html": "what agrees there",
    "web/statistics/tables.py": "the heading of their columns",
    "web/templates/statistics/flows.html": "what the lines of that table mean",
    "web/templates/statistics/index.html": "of whom only today's number is known",
    "web/templates/statistics/parts.html": "from which dates of the register they are counted",
    "deploy/demo/stories.py": "the demo's stories are about admission",
    "deploy/demo/pace.py": "how long its steps take there",
    "deploy/demo/hitches.py": "what goes wrong there",
    "deploy/demo/plans.py": "the demo's yearly plans are of admissions",
    "deploy/demo/departures.py": "how far those who leave have come",
}
"""Where they may stand, with the reason."""

HOMONYMS = frozenset({"applicant", "full", "transfer", "disposal", "withdrawal"})
"""Ids that say something else as well: the person of a case, who is a member, kinds of rules that are kept for later,
an activity that is taken back."""


def _floor_ids() -> frozenset[str]:
    floor = installed().floor
    found = {*floor.procedures}
    for name, one in floor.procedures.items():
        found |= {*one.stages, *floor.steps(name), *(state.id for state in one.states)}
    return frozenset(found) - HOMONYMS


def _floor_titles() -> frozenset[str]:
    floor = installed().floor
    found = {title for policy in floor.policies for title in policy.words.get("motion", {}).values()}
    for one in floor.procedures.values():
        found |= {one.title, one.opens.title, one.opens.day, *(state.title for state in one.states)}
        found |= {stage.name for stage in one.stages.values()}
    spans = (rule.step.span for policy in floor.policies for rule in policy.rules)
    found |= {span.title for span in spans if span is not None}
    return frozenset(found) - {MEMBERSHIPS["full"].title}


IDS, TITLES = _floor_ids(), _floor_titles()


INNER = re.compile("发展|入党|积极分子|申请")
"""What its titles are made of: in a sentence of neutral code it speaks of admission without naming it."""

HARMLESS = re.compile(r"发展和改革|导入党(?:员|组织)|申请追加|受理\{name\}的申请|申请不(?:评|参加评定)")
"""Where these characters mean something else, or are an example."""


def _inner(text: str) -> list[str]:
    return sorted(set(INNER.findall(HARMLESS.sub("", text))))


def _said(text: str) -> list[str]:
    """The words of the procedure in a text, or the id that it is."""
    return sorted(title for title in TITLES if title in text) + ([text] if text in IDS else [])


@cache
def _literals(text: str) -> tuple[tuple[int, str], ...]:
    """(line, text) of all strings of a module that are no docstring."""
    nodes = list(ast.walk(ast.parse(text)))
    docs = {
        node.value for node in nodes if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return tuple(
        (node.lineno, node.value)
        for node in nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docs
    )


def _python(text: str) -> list[tuple[int, str]]:
    return [(line, word) for line, literal in _literals(text) for word in _said(literal)]


def _template(text: str) -> list[tuple[int, str]]:
    """The same for a page's text and the strings within its tags; comments apart."""
    bare = re.sub(r"\{#.*?#\}|/\*.*?\*/", lambda found: "\n" * found[0].count("\n"), text, flags=re.DOTALL)
    found = []
    for number, line in enumerate(bare.splitlines(), 1):
        found += [(number, title) for title in TITLES if title in line]
        found += [(number, word) for word in _inner(line)]
        found += [(number, word) for word in re.findall(r"[\"']([a-z-]+)[\"']", line) if word in IDS]
    return found


READERS = {".py": _python, ".html": _template, ".js": _template}


def _files() -> list[Path]:
    found = (file for top in SOURCES for file in (ROOT / top).rglob("*") if file.suffix in READERS)
    return sorted(file for file in found if not {"node_modules", "vendor", "build"} & {*file.parts})


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


FILES = _files()


def test_no_file_but_the_policy_says_the_words_of_a_procedure() -> None:
    found = [
        f"{_name(file)}:{line}: {word}"
        for file in FILES
        if _name(file) not in ALLOWED
        for line, word in READERS[file.suffix](file.read_text("utf-8"))
    ]
    assert found == []


def test_no_sentence_of_neutral_code_speaks_of_it_in_other_words() -> None:
    found = [
        f"{_name(file)}:{line}: {word}"
        for file in FILES
        if file.suffix == ".py" and _name(file) not in ALLOWED
        for line, literal in _literals(file.read_text("utf-8"))
        for word in _inner(literal)
    ]
    assert found == []
    assert _inner("早于申请日期，将终止发展；导入党员名册") == ["发展", "申请"]


@pytest.mark.parametrize("name", ALLOWED)
def test_where_they_may_stand_they_do(name: str) -> None:
    file = ROOT / name
    assert READERS[file.suffix](file.read_text("utf-8"))


def test_the_measure_measures() -> None:
    assert {"发展党员", "预备期", "转正", "预备党员", "延长预备期", "受理入党申请"} <= TITLES
    assert {"admission", "probation", "conversion-meeting", "probationary"} <= IDS
    source = '"""预备期 in a docstring."""\nTITLES = {"admission": f"{days} 天后转正"}\n'
    assert sorted(_python(source)) == [(2, "admission"), (2, "转正")]
    page = "{# 预备期 #}\n<p>发展党员</p>{% if stage == 'conversion' %}"
    assert sorted(_template(page)) == [(2, "conversion"), (2, "发展"), (2, "发展党员")]
    assert len(FILES) > 300
