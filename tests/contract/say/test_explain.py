"""Every "no" has a reason in plain Chinese: a whole sentence, with the rule, the document and the clause behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Any

import pytest
from msgspec import Meta

from dangwu import Adoption, Case, Finding, compose, evaluate
from dangwu.author import rehearse
from dangwu.facets.base import Facet
from dangwu.facets.registry import FACETS
from dangwu.judge.standing import Standing
from dangwu.plugins.plugins import Plugins
from dangwu.regime.regime import Regime
from dangwu.say import explain
from dangwu.say.sentences import STEP_SENTENCES
from dangwu.values.lattice import OR, UNION, UP
from tests.contract.conftest import HERE

FILES = sorted((HERE / "rehearsals").glob("*.yaml"))
UNCITED = {code for code in STEP_SENTENCES if code != "step.record"} | {
    "timing.span",
    "vote.count",
    "poll.count",
    "vote.motion",
}
"""What rests on no single rule: what cannot be recorded at all, and the fixed time of probation."""


@pytest.fixture
def heard(trial: Plugins, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Regime, Any, Finding]]:
    """Every finding that occurs while all rehearsals of this folder are played, with its step."""
    found: list[tuple[Regime, Any, Finding]] = []

    def listening(regime: Regime, case: Case, today: date) -> Standing:
        standing = evaluate(regime, case, today)
        found.extend((regime, step.rules, one) for step in standing.steps.values() for one in step.findings)
        return standing

    told = rehearse._Stage._refused

    def refusing(
        stage: Any, act: Mapping[str, Any], about: str, why: Sequence[Finding], where: str
    ) -> Iterator[str]:
        step = evaluate(stage.regime, stage.case, act["day"]).steps.get(about)
        found.extend((stage.regime, step.rules if step else None, one) for one in why)
        return told(stage, act, about, why, where)

    monkeypatch.setattr(rehearse, "evaluate", listening)
    monkeypatch.setattr(rehearse._Stage, "_refused", refusing)
    for file in FILES:
        assert rehearse.rehearse(trial, file.read_text("utf-8"), where=file.name).passed
    return found


def test_every_finding_is_a_whole_sentence_in_chinese(heard: list[tuple[Regime, Any, Finding]]) -> None:
    # What an author is told of an exception names parameters.
    said = [one for one in heard if "exception" not in one[2].code]
    sentences = {explain.sentence(regime, one) for regime, _, one in said}
    assert len(sentences) > 100
    for text in sentences:
        assert text.endswith("。")
        assert not re.search(r"[{}]|None|True|False|\[|\]|'|，，|：。|：，|（）|“”", text), text
        assert not re.search(r"[a-z]{3,}-?[a-z]*", text.replace("“postpone”", "")), text


def test_every_finding_of_a_rule_cites_it(heard: list[tuple[Regime, Any, Finding]]) -> None:
    for regime, rules, one in heard:
        cited = explain.citations(regime, rules, one)
        assert cited or one.code in UNCITED, one
        assert all(line.source.startswith("《") and line.clause and line.policy for line in cited)


def test_a_failed_step_that_must_go_back_cites_the_rule_that_says_so(
    heard: list[tuple[Regime, Any, Finding]],
) -> None:
    cited = {
        line.rule
        for regime, rules, one in heard
        if one.code == "step.return"
        for line in explain.citations(regime, rules, one)
    }
    assert cited == {"trial.poll.return"}


def test_sentences_name_no_field_that_nobody_fills() -> None:
    """Every `{field}` of a sentence is filled by the finding, by its keys or by the plugin's title."""
    for name, kind in FACETS.items():
        for reason, form in kind.sentences.items():
            assert form, (name, reason)
            assert not form.endswith("。"), "the full stop is added"


def test_requirements_say_each_part_with_who_set_it(trial: Plugins) -> None:
    adoption = Adoption(trial.policies["trial"], also=frozenset({"notice.ten-days"}))
    regime = compose(trial.floor, [adoption])
    lines = explain.requirements(regime, regime.on(date(2026, 6, 1)).steps["prospect-notice"])
    assert [(line.text, [one.rule for one in line.citations]) for line in lines] == [
        ("公示不少于 10 天", ["trial.notice.ten-days"]),
        ("公示不少于 5 个工作日", ["national.article-13.notice"]),
        ("在工作（学习）单位、居住地、流出地或流入地公示", ["national.article-13.notice"]),
        ("通过公开栏公示", ["trial.notice.ten-days"]),
        ("通过网站公示", ["trial.notice.ten-days"]),
        ("收到异议后 7 天内核查答复", ["trial.notice.ten-days"]),
    ]


def _everything(plugins: Plugins) -> Iterator[tuple[Regime, Any]]:
    every = [
        Adoption(policy, also=frozenset(rule.id for rule in policy.rules if rule.off))
        for policy in plugins.policies.values()
    ]
    regime = compose(plugins.floor, every)
    tags = frozenset().union(*(bound.rule.when for bound in regime.bound))
    for day in (date(2020, 1, 1), date(2026, 6, 1)):
        for rules in regime.on(day, tags).steps.values():
            yield regime, rules


def test_every_part_of_every_installed_policy_is_said_and_cited(plugins: Plugins) -> None:
    """Whatever a facet traces to a rule it also says in words, and the other way round; a blank that is open says nothing yet."""
    for regime, rules in _everything(plugins):
        lines = explain.requirements(regime, rules)
        said = {(line.facet, line.param, line.key) for line in lines}
        traced = {(facet, param.rstrip("_"), key) for facet, param, key in rules.origins}
        traced = {one for one in traced if one[1]} | (traced & said)
        assert traced - said <= {("training", "both", "")}, rules.id
        assert said - traced <= {("training", "both", ""), ("assessment", "count", "")}, rules.id
        assert all(line.citations and "{" not in line.text for line in lines)


def test_what_was_not_checked_against_the_source_is_marked(plugins: Plugins) -> None:
    regime = compose(plugins.floor)
    assert explain.citation(regime, "national.article-13.consent").checked == "二手材料，待核对"
    assert explain.citation(regime, "national.article-32.secret-ballot").basis == "由原文推断"
    assert explain.citation(regime, "national.article-06.application").checked == ""


def test_that_nothing_was_recorded_goes_without_saying_beside_what_lacks(plugins: Plugins) -> None:
    findings = evaluate(compose(plugins.floor), Case(), date(2026, 6, 1)).steps["application"].findings
    assert [one.code for one in explain.worth_saying(findings)] == ["documents.missing"]
    alone = [one for one in findings if one.code == "step.record"]
    assert explain.worth_saying(alone) == alone


def test_what_a_facet_asks_for_is_said_even_if_its_author_says_nothing() -> None:
    """Policies, previews and cases show what `describe` gives: a requirement nobody can see would break the second promise."""

    class Quiet(Facet, frozen=True):
        pages: Annotated[int, UP, Meta(title="页数")] = 0
        kinds: Annotated[frozenset[str], UNION] = frozenset()
        bound: Annotated[bool, OR] = False

    Quiet.title = "装订"
    asked = Quiet(pages=3, kinds=frozenset({"ballot", "letter"}), bound=True, advisory=True)
    assert [(one.param, one.key, one.text) for one in asked.describe()] == [
        ("pages", "", "装订：页数 3"),
        ("kinds", "ballot", "装订：kinds {ballot}"),
        ("kinds", "letter", "装订：kinds {letter}"),
        ("bound", "", "装订：bound"),
    ]
    assert Quiet().describe() == []
