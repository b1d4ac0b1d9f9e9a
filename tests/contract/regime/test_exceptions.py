"""“一般”: what a rule may be excepted from, what absorbs it, and how it is said."""

from __future__ import annotations

import re
from datetime import date

import pytest
from msgspec.structs import replace

from dangwu import (
    DONE,
    Adoption,
    Case,
    End,
    Exemption,
    Subject,
    add_months,
    compose,
    explain,
    judged,
    not_exempt,
    offers,
)
from dangwu.errors import PolicyError
from dangwu.plugins.plugins import Plugins
from dangwu.policy.policy import Policy
from tests.contract.made import made

DAY = date(2026, 9, 10)
WANTED = Exemption("pre-review", "timing", "blackout", DAY, "突发工作变动", "department")


def window(plugin: str, months: int, exception: str = "") -> Policy:
    beside = f", exception: {exception}" if exception else ""
    return made(
        plugin,
        f"""
        - id: leaving.window
          tighten: admission/pre-review
          timing: {{blackout: {{departure: {{months: {months}}}}}{beside}}}
        """,
    )


def asked(plugins: Plugins, months: int, *adopted: Policy) -> tuple[set[str], set[str]]:
    """Of somebody who leaves in so many months: why the exception cannot be, and what is found on the step once it is entered."""
    steps = plugins.floor.steps()
    given = dict.fromkeys(steps[: steps.index("pre-review")], date(2026, 8, 1))
    case = Case(Subject(dates={"departure": add_months(DAY, months)}), given=given)
    before = judged(compose(plugins.floor, [Adoption(one) for one in adopted]), case, DAY)
    refused = {one.code for one in not_exempt(before, WANTED)}
    found = before.with_entry(WANTED).standing.steps["pre-review"].findings
    return refused, {one.code for one in found if one.kind == "forbidden"}


@pytest.mark.parametrize(
    ("adopted", "months", "refused", "found"),
    [
        ([], 2, set(), set()),
        ([window("equal", 3)], 2, {"step.exception-void"}, {"timing.blackout"}),
        ([window("weaker", 1)], 2, set(), set()),
        ([window("stronger", 6)], 2, {"step.exception-void"}, {"timing.blackout"}),
        ([window("stronger", 6, "department")], 5, set(), set()),
        ([window("one", 6, "department"), window("two", 5)], 2, {"step.exception-void"}, {"timing.blackout"}),
        ([window("one", 6, "department"), window("two", 1)], 5, set(), set()),
    ],
)
def test_a_demand_without_exception_stands(
    plugins: Plugins, adopted: list[Policy], months: int, refused: set[str], found: set[str]
) -> None:
    assert asked(plugins, months, *adopted) == (refused, found)


def test_what_cannot_be_excepted_is_named_in_words(plugins: Plugins) -> None:
    """The demand, those that can be, and the rule that stands, by their titles: no identifier is shown."""
    steps = plugins.floor.steps()
    given = dict.fromkeys(steps[: steps.index("intensive-training")], date(2026, 8, 1))
    case = Case(Subject(dates={"departure": add_months(DAY, 2)}), given=given)
    regime = compose(plugins.floor, [])
    wanted = Exemption("intensive-training", "documents", "kinds", DAY, "突发变动")
    said = [explain.sentence(regime, one) for one in not_exempt(judged(regime, case, DAY), wanted)]
    assert said == ["“短期集中培训”的这项要求（“材料”）没有规定可以例外。可以例外的有：“培训的学时”。"]
    given = dict.fromkeys(steps[: steps.index("pre-review")], date(2026, 8, 1))
    firm = compose(plugins.floor, [Adoption(window("firm", 3))])
    [void] = not_exempt(judged(firm, Case(case.subject, given=given), DAY), WANTED)
    assert "另有规则同样要求，没有规定可以例外：《" in (shown := explain.sentence(firm, void))
    assert "（某县做法）" in shown
    assert not re.search("[a-z]", shown)


def test_papers_that_a_county_only_advises_go_with_what_they_are_about(plugins: Plugins) -> None:
    """Nothing is recorded where the training itself is not asked for; neither the floor's papers nor a county's are."""
    advised = made(
        "advised",
        """
        - id: training.papers
          tighten: admission/intensive-training
          documents: {kinds: [training-certificate, talk-record], advisory: true}
        """,
    )
    steps = plugins.floor.steps()
    given = dict.fromkeys(steps[: steps.index("intensive-training")], date(2026, 8, 1))
    before = judged(compose(plugins.floor, [Adoption(advised)]), Case(given=given), DAY)
    [offer] = offers(before, "intensive-training")
    assert (offer.wanted.facet, offer.wanted.by) == ("training", "committee")
    assert [one.code for one in offer.frees if one.facet == "training"] == ["training.missing"]
    assert offer.after.standing.steps["intensive-training"].state == DONE


def test_who_makes_a_demand_firm_is_not_absorbed(plugins: Plugins) -> None:
    """The same window as the floor's, but for everybody; one that can be excepted more easily says nothing new."""
    firm, loose = window("firm", 3), window("loose", 3, "committee")
    rules = compose(plugins.floor, [Adoption(firm), Adoption(loose)]).on(DAY).steps["pre-review"]
    assert [one.rule for one in rules.absorbed] == ["loose.leaving.window"]
    assert "firm.leaving.window" in rules.attaining


def test_the_page_says_who_can_agree(plugins: Plugins) -> None:
    for adopted, said in (([], True), ([window("firm", 3)], False)):
        regime = compose(plugins.floor, [Adoption(one) for one in adopted])
        lines = explain.requirements(regime, regime.on(DAY).steps["pre-review"])
        texts = {line.key: line.text for line in lines if line.param == "blackout"}
        suffix = "（个别特殊情况，经县委组织部事先书面同意的除外）"
        assert texts["departure.months"].endswith(suffix) is said
        assert texts["graduation.months"].endswith(suffix)


@pytest.mark.parametrize(
    ("facet", "said"),
    [
        (
            "notice: {days: 7, channels: [meeting], exception: committee}",
            "“notice.exception”只能放在一项要求旁边，这里有 days、channels。请分成几条规则（可以共用一个 id）。",
        ),
        (
            "notice: {days: 7, exception: commitee}",
            "“notice.exception”中，没有叫“commitee”的层级，是不是“committee”"
            "。可用的有：person、branch、general-branch、committee、department。",
        ),
        (
            "notice: {days: 7, exception: [committee]}",
            "“notice.exception”中，应为一个层级，得到的是“[committee]”。",
        ),
        (
            "documents: {kinds: [talk-record], advisory: true, exception: committee}",
            "“documents”只是提醒，本来就不妨碍办理，不必写 exception。请删去。",
        ),
    ],
)
def test_an_exception_stands_beside_one_demand(facet: str, said: str) -> None:
    with pytest.raises(PolicyError) as caught:
        made("county", f"- id: notice.long\n  tighten: admission/prospect-notice\n  {facet}\n")
    assert caught.value.problems == (f"county.yaml 第 9 行：规则 notice.long：{said}",)


@pytest.mark.parametrize(
    ("adopted", "months", "by"),
    [
        ([], 2, "department"),  # the floor's own window
        ([], 4, ""),  # nothing stops it
        ([window("one", 6, "committee")], 5, "committee"),  # only the county's is in the way
        ([window("one", 6, "committee")], 2, "department"),  # the floor's, too
        ([window("one", 6, "department"), window("two", 6, "committee")], 5, "department"),
        ([window("one", 6, "committee"), window("two", 6)], 5, ""),  # somebody asks it of everybody
    ],
)
def test_the_lowest_level_whose_agreement_is_enough_is_asked(
    plugins: Plugins, adopted: list[Policy], months: int, by: str
) -> None:
    """It frees the step of that demand, and lower ones that try are told who can."""
    steps = plugins.floor.steps()
    given = dict.fromkeys(steps[: steps.index("pre-review")], date(2026, 8, 1))
    case = Case(Subject(dates={"departure": add_months(DAY, months)}), given=given)
    before = judged(compose(plugins.floor, [Adoption(one) for one in adopted]), case, DAY)
    made_ = [
        one
        for one in offers(before, "pre-review")
        if (one.wanted.facet, one.wanted.param) == ("timing", "blackout")
    ]
    if not by or not any(
        one.code == "timing.blackout" for one in before.standing.steps["pre-review"].findings
    ):
        assert not any(one.frees for one in made_)
        return
    (offer,) = made_
    assert offer.wanted.by == by
    assert [one.code for one in offer.frees] == ["timing.blackout"]
    assert "timing.blackout" not in offer.after.standing.steps["pre-review"].because()
    higher = {"committee": ["department"], "department": []}[by]
    for level in (by, *higher):
        assert not_exempt(before, replace(offer.wanted, by=level, reason="突发变动")) == (), level
    assert not_exempt(before, replace(offer.wanted, by="branch", reason="突发变动")) != ()
    (silent,) = not_exempt(before, replace(offer.wanted, reason=" "))
    assert silent.code == "step.no-reason"


def test_nothing_is_offered_for_a_step_that_there_is_not(plugins: Plugins) -> None:
    """Nor once it is done, nor where the case has ended."""
    steps = plugins.floor.steps()
    given = dict.fromkeys(steps[: steps.index("pre-review")], date(2026, 8, 1))
    regime, case = compose(plugins.floor), Case(Subject(dates={"departure": add_months(DAY, 2)}), given=given)
    assert offers(judged(regime, case, DAY), "joint-review") == []
    wanted = replace(WANTED, step="joint-review")
    assert {one.code for one in not_exempt(judged(regime, case, DAY), wanted)} == {"step.absent"}
    assert offers(judged(regime, case, DAY), "cultivation") == []
    ended = judged(regime, case.with_entry(End("withdrawn", DAY)), DAY)
    assert offers(ended, "pre-review") == []
    assert {one.code for one in not_exempt(ended, WANTED)} == {"step.closed"}
