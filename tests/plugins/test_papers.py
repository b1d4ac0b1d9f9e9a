"""The floor's papers: every step that asks for one has it; each template says what its paper may, and is made from its text."""

from __future__ import annotations

import io
import re
import runpy
from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest
from pypdf import PdfReader

from core.documents.model import CODES, Code
from core.documents.rare import rare
from core.documents.sealed import sealed
from core.documents.sources import KNOWN
from core.documents.step import WORDS
from core.documents.templates import names_in
from dangwu import FACETS, SOURCES, STEP, Paper, compose
from tests.floor import INSTALLED
from tests.test_tree import ROOT

NATIONAL = ROOT / "plugins" / "national"
PLUGINS = INSTALLED
PAPERS = PLUGINS.papers["national"]
SEALED_FIELD = re.compile(r"\bit\.(\w+)")
EDITIONS = ("2025-06-01", "2026-06-01")
"""A day under each edition of the rules."""


def asked() -> Iterator[tuple[str, str]]:
    """(procedure/step, paper) for whatever a step of the floor asks for, under either edition, whatever the person is."""
    everything = frozenset(tag for policy in PLUGINS.floor.policies for tag in policy.tags) | {"mobile"}
    regime = compose(PLUGINS.floor)
    for procedure, day in product(PLUGINS.floor.procedures, map(date.fromisoformat, EDITIONS)):
        for step, rules in regime.plan(procedure).on(day, everything).steps.items():
            for name, facet in rules.facets.items():
                if FACETS[name].papers:
                    options = facet.options().values()
                    yield from ((f"{procedure}/{step}", kind) for kinds in options for kind in kinds)


def of_kind(kinds: str) -> list[Paper]:
    return [one for one in PAPERS if not {*kinds.split("|")}.isdisjoint(one.kinds)]


@pytest.mark.parametrize(("step", "kinds"), sorted(set(asked())))
def test_whatever_paper_a_step_asks_for_can_be_printed_there(step: str, kinds: str) -> None:
    """At the end of a case the papers of the earlier steps are put together."""
    found = of_kind(kinds)
    assert found, f"{step} asks for {kinds}: add a paper of that kind to documents.yaml"
    assert any(step in one.steps for one in found) or step == "admission/archiving"


def test_every_step_that_posts_or_votes_has_its_papers() -> None:
    plan = compose(PLUGINS.floor).plan("admission")
    steps = plan.on(date(2026, 6, 1), frozenset()).steps
    posting = {step for step, rules in steps.items() if any(one.clocks for one in rules.facets.values())}
    assert posting == {"prospect-notice"}
    noticed = {step for one in PAPERS if one.public for step in one.steps}
    assert {f"admission/{step}" for step in posting} <= noticed
    assert {
        "admission/admission-notice",
        "admission/conversion-notice",
        "admission/activist-notice",
    } <= noticed
    voted = {step for one in PAPERS if one.id == "ballot" for step in one.steps}
    assert voted == {
        "admission/admission-meeting",
        "admission/conversion-meeting",
        "disposal/disposal-meeting",
    }


@pytest.mark.parametrize("paper", PAPERS, ids=lambda one: one.id)
def test_a_template_asks_for_what_its_paper_says(paper: Paper) -> None:
    asked = {*SEALED_FIELD.findall(paper.content.decode())} if paper.sealed else names_in(paper.content)
    assert asked == {*paper.fields, *paper.words}


@pytest.mark.parametrize("paper", [one for one in PAPERS if one.sealed], ids=lambda one: one.id)
def test_what_stands_in_a_sealed_paper_is_never_a_part_of_its_program(paper: Paper) -> None:
    wicked = '#read("/etc/passwd")*㛃*$x$@y<z>'
    given = {name: f"{wicked}{number:02}" for number, name in enumerate(paper.fields)}
    code = {name: Code("http://a.test/letter") for name, source in paper.fields.items() if source in CODES}
    pages = PdfReader(io.BytesIO(sealed(paper.content, [{**given, **code}] * 2))).pages
    said = "".join(one.extract_text() for one in pages).replace("\n", "").replace(" ", "")
    assert len(pages) % 2 == 0
    assert [name for name, value in given.items() if name not in code and value not in said] == []


def test_a_sealed_paper_names_the_characters_that_its_font_does_not_have() -> None:
    assert rare(["张㛃𰻝"]) == ("㛃（U+36C3）", "𰻝（U+30EDD）")
    assert rare(["张㛃𰻝", Code("a")], sealed=True) == ("𰻝（U+30EDD）",)


def test_the_templates_are_made_from_their_texts() -> None:
    """When they are not: `python plugins/national/papers/make.py`."""
    template = runpy.run_path(str(NATIONAL / "papers" / "make.py"))["template"]
    texts = sorted((NATIONAL / "papers").glob("*.txt"))
    made = {text.stem: template(text.read_text("utf-8")) for text in texts}
    there = {
        one.stem: one.read_bytes() for one in (NATIONAL / "dangwu_national" / "documents").glob("*.docx")
    }
    assert made == there


def test_no_paper_asks_for_the_name_of_a_voter() -> None:
    ballot = next(one for one in PAPERS if one.id == "ballot")
    assert {*ballot.fields} == {"姓名", "党支部", "环节"}


def test_the_platform_knows_every_source_and_no_other() -> None:
    assert SOURCES.keys() == KNOWN
    assert STEP.keys() == WORDS


def test_no_paper_has_a_number_or_an_address_of_anybody() -> None:
    sources = {source for one in PAPERS for source in one.fields.values()}
    assert not [one for one in sources if re.search("national-id|phone|address", one)]
