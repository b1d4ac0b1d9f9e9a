"""The floor: every step, every article, and the two editions of the rules side by side."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from dangwu import Rule, compose
from tests.floor import FLOOR, STEPS
from tests.plugins.policies import FOLDER, policy

REVISION = date(2026, 5, 11)
NATIONAL = policy("national")
ADDED = {rule.steps[0]: rule for rule in NATIONAL.rules if rule.kind == "add"}
ARTICLES = (
    5, 6, 7, 8, 9, 10, 11, 13, 14, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 28, 29, 30, 31, 32, 33, 36,
)  # fmt: skip
"""The articles that ask something of a single admission."""
ELSEWHERE = (12, 22, 27, 34, 35, 39, 41)
"""The articles that bear on admissions as a transfer or a register, or name no term: listed as coming later."""
DIGITS = "一二三四五六七八九"


def number(name: str) -> int:
    """An article's number from its Chinese numeral (1 to 99)."""
    tens, ten, ones = name.rpartition("十")
    return (10 * (DIGITS.index(tens) + 1 if tens else 1) if ten else 0) + (
        DIGITS.index(ones) + 1 if ones else 0
    )


def articles(rule: Rule) -> list[int]:
    """The numbers of the articles that a rule cites."""
    found = re.findall(r"第([一二三四五六七八九十]+)条", rule.cite.clause)
    return [number(name) for name in found] if rule.cite.source.startswith("rules-") else []


def on(step: str, facet: str) -> list[Rule]:
    """The rules that put this kind of requirement on a step."""
    return [rule for rule in NATIONAL.rules if step in rule.steps and facet in rule.facets]


def test_all_twenty_six_steps_are_there_each_added_once_in_order() -> None:
    added = [rule.steps[0] for rule in NATIONAL.rules if rule.kind == "add" and rule.procedure == "admission"]
    assert added == list(STEPS)
    assert len(set(added)) == 26


def test_stages_come_in_order_and_have_chinese_titles() -> None:
    procedure = NATIONAL.procedures["admission"]
    assert list(procedure.stages) == ["application", "activist", "prospect", "admission", "conversion"]
    stages = [ADDED[step].step.stage for step in STEPS]
    assert stages == sorted(stages, key=list(procedure.stages).index)


def test_steps_go_side_by_side_where_the_rules_leave_the_order_open() -> None:
    after = {step: set(rule.step.after) for step, rule in ADDED.items()}
    assert after["activist-filing"] == after["mentor-appointment"]
    assert after["sponsor-appointment"] == after["political-review"] == after["intensive-training"]
    side_by_side = ("admission-filing", "group-assignment", "oath", "probation")
    assert [after[step] for step in side_by_side] == [{"admission-approval"}] * 4
    assert after["conversion-application"] == set(side_by_side)


def test_numerals() -> None:
    assert [number(name) for name in ("五", "十", "十三", "二十", "三十六")] == [5, 10, 13, 20, 36]


def test_every_article_that_asks_something_of_an_admission_is_cited() -> None:
    assert {one for rule in NATIONAL.rules if rule.procedure == "admission" for one in articles(rule)} == set(
        ARTICLES
    )


def test_the_other_articles_that_bear_on_admissions_are_listed_for_later() -> None:
    later = {int(note.id.split(".")[0].removeprefix("article-")) for note in NATIONAL.later}
    assert later >= set(ELSEWHERE)


@pytest.mark.parametrize("rule", NATIONAL.rules, ids=lambda rule: rule.id)
def test_a_rule_is_named_after_its_article(rule: Rule) -> None:
    """What another document asks of an admission is named after that document."""
    document = rule.cite.source.rpartition("-")[0]
    name = rule.id.split(".")[1]
    assert int(name.removeprefix("article-")) in articles(rule) if document == "rules" else name == document


@pytest.mark.parametrize("day", [date(2020, 1, 1), REVISION - timedelta(days=1), REVISION, date(2030, 1, 1)])
def test_every_number_that_holds_on_a_day_is_traced_to_an_article(day: date) -> None:
    regime = compose(FLOOR)
    for tags in (frozenset[str](), frozenset({"mobile"})):
        for step in regime.on(day, tags).steps.values():
            assert step.origins or not step.facets
            assert all(rules for rules in step.origins.values())


@pytest.mark.parametrize("rule", NATIONAL.rules, ids=lambda rule: rule.id)
def test_a_rule_has_a_title(rule: Rule) -> None:
    assert rule.title


def test_the_old_rules_end_on_the_day_on_which_the_revision_begins() -> None:
    dated = [rule for rule in NATIONAL.rules if rule.since or rule.until]
    assert {rule.until for rule in dated if rule.cite.source == "rules-2014"} == {REVISION}
    assert {rule.since for rule in dated if rule.cite.source == "rules-2026"} == {REVISION}


def test_nothing_of_the_old_rules_claims_to_have_been_read() -> None:
    old = [rule for rule in NATIONAL.rules if rule.cite.source == "rules-2014"]
    assert old
    assert all(rule.checked != "verified" and rule.until == REVISION for rule in old)


def test_the_readme_names_every_rule_of_the_revision_that_needs_signing_off() -> None:
    readme = (FOLDER / "national" / "README.md").read_text("utf-8")
    open_ones = [r.id for r in NATIONAL.rules if r.cite.source == "rules-2026" and r.checked != "verified"]
    assert [one for one in open_ones if f"`{one.removeprefix('national.')}`" not in readme] == []


@pytest.mark.parametrize(
    ("step", "facet", "old", "new"),
    [
        ("prospect-consent", "filing", True, False),
        ("prospect-consent", "consent", False, True),
        ("prospect-notice", "notice", False, True),
        ("oath", "timing", False, True),
    ],
)
def test_what_the_revision_changed(step: str, facet: str, old: bool, new: bool) -> None:
    rules = on(step, facet)
    assert any(rule.since is None for rule in rules) is old
    assert any(rule.until is None for rule in rules) is new


def test_four_aspects_then_six() -> None:
    old, new = sorted(
        (rule for rule in on("political-review", "review") if "aspects" in rule.facets["review"]),
        key=lambda rule: rule.since is not None,
    )
    assert (old.until, len(old.facets["review"]["aspects"])) == (REVISION, 4)
    assert (new.since, len(new.facets["review"]["aspects"])) == (REVISION, 6)


def test_membership_follows_from_the_steps() -> None:
    states = {state.id: (state.after, state.from_) for state in NATIONAL.procedures["admission"].states}
    assert states == {
        "applicant": ("application", ""),
        "activist": ("activist-decision", ""),
        "prospect": ("prospect-notice", ""),
        "probationary": ("admission-approval", "admission-meeting"),
        "full": ("conversion-approval", "probation"),
    }


def test_probation_and_the_outcomes_of_the_conversion_meeting_are_fixed() -> None:
    span = ADDED["probation"].step.span
    assert span is not None
    assert (span.from_, span.months) == ("admission-meeting", 12)
    outcomes = ADDED["conversion-meeting"].step.outcomes
    extend = outcomes["extend"]
    assert (extend.repeat, extend.times, tuple(extend.months)) == ("probation", 1, (6, 12))
    assert outcomes["convert"].then == "continue"
    assert outcomes["revoke"].then == "close"
    assert ADDED["conversion-approval"].step.confirms == "conversion-meeting"
