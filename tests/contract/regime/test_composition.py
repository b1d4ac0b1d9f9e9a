"""Policies joined: where each number comes from, what is absorbed, what cannot be in force together."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dangwu import Adoption, ConflictError, Period, Regime, compose
from dangwu.author.check import remarks
from dangwu.plugins.plugins import Plugins
from dangwu.policy.policy import OnFailure, Policy
from dangwu.say import explain
from tests.contract.made import made

DAY = date(2026, 6, 1)
TEN = made(
    "ten",
    """
    - id: notice.ten
      tighten: admission/prospect-notice
      title: 公示十天
      notice: {days: 10, channels: [website]}
    """,
    title="十天县做法",
)
SEVEN = made(
    "seven",
    """
    - id: notice.seven
      tighten: admission/prospect-notice
      title: 公示七天
      notice: {days: 7, channels: [website, broadcast]}
    """,
    title="七天县做法",
)


def joined(plugins: Plugins, *policies: Policy) -> Regime:
    return compose(plugins.floor, [Adoption(policy) for policy in policies])


def test_each_parameter_comes_from_the_rules_that_attain_it(plugins: Plugins) -> None:
    step = joined(plugins, SEVEN, TEN).on(DAY).steps["prospect-notice"]
    assert step.origins["notice", "days", ""] == ("ten.notice.ten",)
    assert step.origins["notice", "workdays", ""] == ("national.article-13.notice",)
    assert step.origins["notice", "channels", "website"] == ("seven.notice.seven", "ten.notice.ten")
    assert step.origins["notice", "channels", "broadcast"] == ("seven.notice.seven",)


def test_a_weaker_number_is_reported_as_absorbed_with_what_holds_instead(plugins: Plugins) -> None:
    regime = joined(plugins, SEVEN, TEN)
    rules = regime.on(DAY).steps["prospect-notice"]
    (one,) = rules.absorbed
    assert (one.rule, one.facet, one.param, one.by) == (
        "seven.notice.seven", "notice", "days", ("ten.notice.ten",),
    )  # fmt: skip
    assert list(explain.absorbed(regime, rules)) == [
        "七天县做法“公示七天”（《七天县做法文件》第一条）关于公示的要求（公示不少于 7 天）已含于十天县做法的规定，"
        "现行要求为（公示不少于 10 天），不另起作用。"
    ]
    assert "seven.notice.seven" in rules.attaining, "it still sets a channel"


BARE = made(
    "bare",
    """
    - id: training.held
      tighten: admission/cultivation
      title: 办班培训
      training: {}
    - id: training.longer
      tighten: admission/intensive-training
      title: 培训发展对象
      training: {hours: {blank: hours}}
    """,
    title="培训县做法",
    head="""
    blanks:
      hours: {type: number, title: 学时, for: 没有给学时}
    """,
)


def test_a_facet_asked_for_without_a_number_is_traced_to_who_asks_for_it(plugins: Plugins) -> None:
    rules = joined(plugins, BARE).on(DAY).steps["cultivation"]
    assert rules.rules_of("training", "days") == ("bare.training.held",)
    assert "bare.training.held" in rules.attaining
    asked = [line for line in explain.requirements(joined(plugins, BARE), rules) if line.facet == "training"]
    assert [(line.text, [one.rule for one in line.citations]) for line in asked] == [
        ("须有培训的记录", ["bare.training.held"])
    ]


def test_a_number_still_blank_is_absorbed_where_others_ask_for_one(plugins: Plugins) -> None:
    regime = joined(plugins, BARE)
    rules = regime.on(DAY).steps["intensive-training"]
    (one,) = rules.absorbed
    assert (one.rule, one.facet, one.param) == ("bare.training.longer", "training", "")
    assert "bare.training.longer" not in rules.attaining
    (said,) = explain.absorbed(regime, rules)
    assert said.startswith("培训县做法“培训发展对象”")
    assert "还没有填写" in said
    filled = compose(plugins.floor, [Adoption(BARE, fill={"hours": 40})]).on(DAY).steps["intensive-training"]
    assert filled.origins["training", "hours", ""] == ("bare.training.longer",)


def test_two_that_ask_for_the_same_both_attain_it_and_neither_is_absorbed(plugins: Plugins) -> None:
    twin = made(
        "twin",
        """
        - id: notice.ten
          tighten: admission/prospect-notice
          notice: {days: 10}
        """,
    )
    step = joined(plugins, TEN, twin).on(DAY).steps["prospect-notice"]
    assert step.origins["notice", "days", ""] == ("ten.notice.ten", "twin.notice.ten")
    assert step.absorbed == ()


def test_a_rule_that_makes_binding_what_the_floor_only_advises_is_not_absorbed(plugins: Plugins) -> None:
    """The oath within a month is advice; a local rule with the same month makes it a demand."""
    binding = made(
        "binding",
        """
        - id: oath.in-time
          tighten: admission/oath
          timing: {due: {admission-approval: {months: 1}}}
        """,
    )
    step = joined(plugins, binding).on(DAY).steps["oath"]
    assert step.facets["timing"].advisory is False
    assert step.absorbed == ()
    assert "binding.oath.in-time" in step.attaining


def test_advice_stays_advice_while_everybody_advises(plugins: Plugins) -> None:
    advice = made(
        "advice",
        """
        - id: oath.in-time
          tighten: admission/oath
          timing: {due: {admission-approval: {days: 20}}, advisory: true}
        """,
    )
    timing: Any = joined(plugins, advice).on(DAY).steps["oath"].facets["timing"]
    assert timing.advisory is True
    assert timing.due["admission-approval"] == Period(months=1, days=20)


def test_the_check_tells_an_author_what_changes_nothing(plugins: Plugins) -> None:
    weak = made(
        "weak",
        """
        - id: training.twelve
          tighten: admission/intensive-training
          title: 培训十二学时
          training: {hours: 12, days: 3, exception: committee}
        - id: letters.all
          tighten: admission/joint-review
          inquiry: {agencies: [tax]}
        """,
    )
    said = remarks(plugins.floor, weak)
    assert said[:2] == [
        "短期集中培训：某县做法“培训十二学时”（《某县做法文件》第一条）关于培训的要求（培训不少于 12 学时）"
        "已含于国家规定的规定，现行要求为（培训不少于 24 学时），不另起作用。",
        "短期集中培训：某县做法“培训十二学时”（《某县做法文件》第一条）关于培训的要求（培训不少于 3 天）"
        "已含于国家规定的规定，与现行要求相同，不另起作用。",
    ]
    assert said[2] == (
        "规则 weak.letters.all 收紧的环节“联审”（joint-review）现行规定里没有，本政策也没有增设，"
        "只有同时启用增设它的政策才起作用。"
    )


def test_a_rule_on_a_step_that_nobody_inserted_is_idle_until_somebody_does(plugins: Plugins) -> None:
    tighter = made(
        "tighter",
        """
        - id: letters.tax
          tighten: admission/joint-review
          inquiry: {agencies: [tax]}
        """,
    )
    alone = joined(plugins, tighter).on(DAY)
    assert "joint-review" not in alone.steps
    assert alone.idle == {"joint-review": ["tighter.letters.tax"]}
    inserts = made(
        "inserts",
        """
        - id: letters.police
          add: admission/joint-review
          inquiry: {agencies: [public-security]}
        """,
    )
    both: Any = joined(plugins, tighter, inserts).on(DAY)
    assert both.steps["joint-review"].facets["inquiry"].agencies == {"tax", "public-security"}
    assert both.idle == {}


def test_orders_that_contradict_are_refused_naming_both_rules_and_sources(trial: Plugins) -> None:
    policies = [trial.policies["cloudy-county"], trial.policies["sunny-county"]]
    with pytest.raises(ConflictError) as caught:
        joined(trial, *policies)
    assert caught.value.problems == (
        "环节的先后顺序相互矛盾，不能同时启用：“超前考察”须在“确定发展对象前函询”之前"
        "（规则 sunny-county.inspection.first，《阳光县发展党员工作办法》第三条）；“确定发展对象前函询”须在“超前考察”之前"
        "（规则 cloudy-county.letters.first，《多云县发展党员工作办法》第五条）。请停用其中一条规则后再启用。",
    )


def test_orders_that_contradict_are_refused_even_at_different_times(trial: Plugins) -> None:
    """A case may outlive a policy: its steps need one order."""
    early = Adoption(trial.policies["sunny-county"], until=date(2026, 1, 1))
    late = Adoption(trial.policies["cloudy-county"], since=date(2026, 1, 1))
    with pytest.raises(ConflictError):
        compose(trial.floor, [early, late])


def test_leaving_the_contradicting_rule_out_settles_it(trial: Plugins) -> None:
    one = Adoption(trial.policies["cloudy-county"], without=frozenset({"letters.first"}))
    steps = list(compose(trial.floor, [one, Adoption(trial.policies["sunny-county"])]).on(DAY).steps)
    assert steps[5:8] == ["cultivation", "early-inspection", "prospect-selection"]


OWN_STEP = """
    - id: visit.home
      add: admission/home-visit
      title: {title}
      stage: prospect
      level: {level}
      after: [cultivation]
      before: [prospect-selection]
      visit: {{}}
    """


def test_two_policies_that_mean_different_steps_by_one_id_are_refused(plugins: Plugins) -> None:
    one = made("one", OWN_STEP.format(title="家访", level="branch"))
    two = made("two", OWN_STEP.format(title="走访", level="committee"))
    with pytest.raises(ConflictError) as caught:
        joined(plugins, one, two)
    assert caught.value.problems[0].startswith(
        "规则 one.visit.home 与规则 two.visit.home 增设的环节“home-visit”名称不同（“家访”与“走访”），不能同时启用。"
    )
    assert "承办层级不同（“branch”与“committee”）" in caught.value.problems[1]


def test_two_policies_that_mean_the_same_step_meet_in_it(plugins: Plugins) -> None:
    one = made("one", OWN_STEP.format(title="家访", level="branch"))
    two = made(
        "two",
        OWN_STEP.format(title="家访", level="branch").replace("visit: {}", "signoff: {roles: [secretary]}"),
    )
    step = joined(plugins, one, two).on(DAY).steps["home-visit"]
    assert list(step.facets) == ["visit", "signoff"]
    assert step.rules == ("one.visit.home", "two.visit.home")


FAILS = """
    - id: poll.fails
      add: admission/mass-appraisal-admission
      poll: {{among: [masses]}}
      on_failure: {after}
    """


@pytest.mark.parametrize(
    ("one", "two", "together"),
    [
        ("retry", "{return_to: cultivation}", OnFailure(return_to="cultivation")),
        ("{return_to: prospect-selection}", "{return_to: cultivation}", OnFailure(return_to="cultivation")),
        ("{return_to: cultivation}", "close", OnFailure(close=True)),
        ("retry", "retry", OnFailure()),
    ],
)
def test_of_two_consequences_of_a_failure_the_stricter_holds(
    plugins: Plugins, one: str, two: str, together: OnFailure
) -> None:
    policies = [made("one", FAILS.format(after=one)), made("two", FAILS.format(after=two))]
    for order in (policies, policies[::-1]):
        assert joined(plugins, *order).on(DAY).steps["mass-appraisal-admission"].on_failure == together


def test_words_that_a_rule_declares_are_known_by_their_title(plugins: Plugins) -> None:
    words = made(
        "words",
        """
        - id: word.chat
          term: {channel: {village-chat: 村务微信群}}
        - id: word.cadre
          tag: {village-cadre: 村干部}
        - id: notice.chat
          tighten: admission/prospect-notice
          when: [village-cadre]
          notice: {channels: [village-chat]}
        """,
    )
    regime = joined(plugins, words)
    assert explain.title(regime, "village-chat|website") == "村务微信群或网站"
    assert explain.title(regime, "village-cadre") == "村干部"
    notice: Any = regime.on(DAY, frozenset({"village-cadre"})).steps["prospect-notice"].facets["notice"]
    assert notice.channels == {"village-chat"}
