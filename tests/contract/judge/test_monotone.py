"""Single cases of the law that adding a plugin permits nothing, each of which has once been broken."""

from __future__ import annotations

from datetime import date

import pytest

from dangwu import Adoption, Case, ConflictError, compose, evaluate, read_record, refusals
from dangwu.author.check import remarks
from dangwu.plugins.plugins import Plugins
from dangwu.policy.policy import Policy
from dangwu.say import explain
from tests.contract.made import made
from tests.floor import STEPS

DECLARED = """
    - id: relative.declares
      add: admission/relative-declaration
      since: 2026-06-10
      {order}
      signoff: {{roles: [branch-secretary]}}
"""
BEFORE_THE_MEETING = made("one", DECLARED.format(order="title: 申报"))
BEFORE_THE_TRAINING = made("two", DECLARED.format(order="before: [intensive-training]"))
ORDER = made(
    "three",
    """
    - id: relative.first
      tighten: admission/relative-declaration
      before: [intensive-training]
    """,
)
NOTICE = date(2026, 6, 1)
TRAINED = Case(
    entries=(read_record("intensive-training", date(2026, 6, 5), {"training": {"hours": 24, "days": 3}}),)
)


@pytest.mark.parametrize("further", [BEFORE_THE_TRAINING, ORDER], ids=["its own place", "an order"])
def test_a_step_is_not_waived_because_a_further_plugin_puts_it_earlier(
    plugins: Plugins, further: Policy
) -> None:
    """The declaration is too late for the training but not for the meeting; to ask for it before the training asks no less."""
    day = date(2026, 6, 20)

    def state(*policies: Policy) -> str:
        regime = compose(plugins.floor, [Adoption(one) for one in policies])
        return evaluate(regime, TRAINED, day).steps["relative-declaration"].state

    assert state(BEFORE_THE_MEETING) == "blocked"
    assert state(BEFORE_THE_MEETING, further) == "blocked"
    assert state(BEFORE_THE_TRAINING) == "waived"


def test_a_time_to_wait_does_not_vanish_when_what_it_counts_from_takes_longer(plugins: Plugins) -> None:
    """The training ten days after the review: a plugin that asks more of the review does not let the training go first."""
    wait = made(
        "wait",
        """
        - id: training.ten-days
          tighten: admission/intensive-training
          timing: {earliest: {political-review: {days: 10}}}
        """,
    )
    more = made(
        "more",
        """
        - id: review.signed
          tighten: admission/political-review
          signoff: {roles: [secretary]}
        """,
    )
    given = dict.fromkeys(STEPS[:9], NOTICE)
    aspects = ["ideals", "loyalty", "party-line", "political-history", "law-and-morals", "family-relations"]
    evidence = {
        "review": {"branch": {"conclusion": "pass", "aspects": aspects}},
        "documents": ["political-review-conclusion"],
    }
    case = Case(given=given, entries=(read_record("political-review", date(2026, 6, 2), evidence),))
    training = read_record("intensive-training", date(2026, 6, 5), {"training": {"hours": 24, "days": 3}})
    alone = compose(plugins.floor, [Adoption(wait)])
    both = compose(plugins.floor, [Adoption(wait), Adoption(more)])
    assert {one.code for one in refusals(alone, case, training)} == {"timing.early"}
    assert {one.code for one in refusals(both, case, training)} == {"step.blocked"}


def test_what_is_only_advised_stays_advice_beside_a_demand(plugins: Plugins) -> None:
    """The floor advises papers of the meeting, a place demands another one: only that one stops the step."""
    demand = made(
        "demand",
        """
        - id: meeting.proof
          tighten: admission/admission-meeting
          documents: {kinds: [plan]}
        """,
        head="terms: {kind: {plan: 培养计划}}\n",
    )
    regime = compose(plugins.floor, [Adoption(demand)])
    rules = regime.on(NOTICE).steps["admission-meeting"]
    brought = read_record("admission-meeting", NOTICE, {"documents": ["meeting-minutes"]})
    standing = evaluate(regime, Case(entries=(brought,)), NOTICE).steps["admission-meeting"]
    lacking = [one for one in standing.findings if one.code == "documents.missing"]
    assert [(one.keys, one.blocks) for one in lacking] == [(("plan",), True), (("resolution",), False)]
    cited = [[rule.rule for rule in explain.citations(regime, rules, one)] for one in lacking]
    assert cited == [["demand.meeting.proof"], ["national.article-21.resolution"]]
    papers = [one for one in explain.requirements(regime, rules) if one.facet == "documents"]
    assert {one.key: one.advisory for one in papers} == {
        "plan": False,
        "meeting-minutes": True,
        "resolution": True,
    }


def test_an_author_whose_advice_stands_beside_a_demand_need_not_be_told(plugins: Plugins) -> None:
    advice = made(
        "advice",
        """
        - id: letter.advice
          tighten: admission/application
          documents: {kinds: [plan], advisory: true}
        """,
        head="terms: {kind: {plan: 培养计划}}\n",
    )
    assert remarks(plugins.floor, advice) == []


def test_a_failure_cannot_lead_back_to_what_does_not_come_before(plugins: Plugins) -> None:
    """Nor to a step beside it: the failed record would still count."""
    beside = made(
        "beside",
        """
        - id: review.beside
          tighten: admission/political-review
          on_failure: {return_to: intensive-training}
        """,
    )
    with pytest.raises(ConflictError, match="退回到“短期集中培训”，可它不在“政治审查”之前"):
        compose(plugins.floor, [Adoption(beside)])


def test_a_further_demand_lengthens_no_deadline(plugins: Plugins) -> None:
    """The month before the meeting runs from the committee's own conclusion, whatever else a plugin wants of that step (C22)."""
    audit = made(
        "audit",
        """
        - id: review.audit
          tighten: admission/pre-review
          review: {levels: [committee, department]}
        """,
    )
    by_floor, by_plugin = date(2026, 9, 1), date(2026, 9, 20)
    given = dict.fromkeys(STEPS[:13], NOTICE)
    reviews = tuple(
        read_record("pre-review", day, {"review": {level: {"conclusion": "pass"}}})
        for level, day in (("committee", by_floor), ("department", by_plugin))
    )
    form = read_record("admission-form", by_plugin, {"documents": ["membership-form"]})
    case = Case(given=given, entries=(*reviews, form))
    for adopted in ((), (Adoption(audit),)):
        meeting = evaluate(compose(plugins.floor, adopted), case, by_plugin).steps["admission-meeting"]
        assert (meeting.state, meeting.due) == ("open", date(2026, 10, 1))
