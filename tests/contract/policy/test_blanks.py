"""Blanks: what the source leaves to the place. The activation fills it, the program never does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dangwu import Adoption, Known, PolicyError, Regime, Share, compose, misfits, read_record, strange
from dangwu.plugins.plugins import Plugins
from dangwu.policy import fill
from dangwu.policy.policy import Policy
from dangwu.say import explain

DAY = date(2026, 6, 1)
RULES = frozenset({"blanks.notice", "blanks.poll", "blanks.inquiry"})
FILLED = {
    "days": 9,
    "share": ">=2/3",
    "agencies": ["justice", "tax"],
    "place": "committee-site",
    "scope": "全体村民",
}


def regime(plugins: Plugins, filled: dict[str, Any]) -> Regime:
    return compose(plugins.floor, [Adoption(plugins.policies["trial"], also=RULES, fill=filled)])


def facet(plugins: Plugins, step: str, name: str, filled: dict[str, Any]) -> Any:
    return regime(plugins, filled).on(DAY).steps[step].facets[name]


def test_until_it_is_filled_the_rule_binds_with_what_is_known(trial: Plugins) -> None:
    notice = facet(trial, "prospect-notice", "notice", {})
    assert notice.days == 0
    assert notice.workdays == 5
    assert notice.places == {"workplace|residence|outflow|inflow", "village-office"}
    assert facet(trial, "mass-appraisal-admission", "poll", {}).share is None
    assert facet(trial, "joint-review", "inquiry", {}).agencies == {"public-security"}


def test_the_open_blanks_are_listed_with_their_title_and_purpose(trial: Plugins) -> None:
    names = ("days", "share", "agencies", "place", "scope")
    assert set(regime(trial, {}).open_blanks) == {f"trial.{name}" for name in names}
    assert regime(trial, {}).open_blanks["trial.days"].for_ == "办法没有写天数"
    assert set(regime(trial, {"days": 9, "place": "workplace"}).open_blanks) == {
        "trial.share", "trial.agencies", "trial.scope",
    }  # fmt: skip


def test_blanks_of_rules_that_are_not_adopted_are_not_waited_for(trial: Plugins) -> None:
    adoption = Adoption(trial.policies["trial"], also=frozenset({"blanks.inquiry"}))
    assert set(compose(trial.floor, [adoption]).open_blanks) == {"trial.agencies"}


def test_each_type_is_filled_in(trial: Plugins) -> None:
    assert facet(trial, "prospect-notice", "notice", FILLED).days == 9
    assert "committee-site" in facet(trial, "prospect-notice", "notice", FILLED).places
    assert facet(trial, "mass-appraisal-admission", "poll", FILLED).share == Share(">=2/3")
    assert facet(trial, "joint-review", "inquiry", FILLED).agencies == {"public-security", "justice", "tax"}
    assert regime(trial, FILLED).open_blanks == {}


def test_what_a_fill_sets_is_traced_to_its_rule(trial: Plugins) -> None:
    step = regime(trial, FILLED).on(DAY).steps["prospect-notice"]
    assert step.origins["notice", "days", ""] == ("trial.blanks.notice",)


def test_a_fill_that_is_weaker_than_the_floor_is_absorbed(trial: Plugins) -> None:
    weak: Policy = trial.policies["liaoyuan-1443"]
    rule = next(rule for rule in weak.rules if "pass-share" in rule.blanks)
    found = compose(trial.floor, [Adoption(weak, fill={"pass-share": ">=1/4"})])
    strong = compose(trial.floor, [Adoption(weak)])
    for step in rule.steps:
        vote: Any = found.on(DAY).steps[step].facets["vote"]
        assert vote == strong.on(DAY).steps[step].facets["vote"]
        assert vote.pass_ > Share(">=1/4")
        assert any(one.rule == rule.id for one in found.on(DAY).steps[step].absorbed)


@pytest.mark.parametrize(
    ("blank", "value", "expected"),
    [
        ("days", "九", "填空“公示天数”（days）应填不小于 0 的数，例如 7，填的是“九”"),
        ("days", -1, "填空“公示天数”（days）应填不小于 0 的数，例如 7，填的是“-1”"),
        ("days", True, "填空“公示天数”（days）应填不小于 0 的数，例如 7，填的是“true”"),
        ("share", "0.6", "填空“测评通过比例”（share）应填比例，例如 >1/2 或 >=2/3，填的是“0.6”"),
        ("share", 0.6, "填空“测评通过比例”（share）应填比例，例如 >1/2 或 >=2/3，填的是“0.6”"),
        ("share", ">3/2", "填空“测评通过比例”（share）应填比例，例如 >1/2 或 >=2/3，填的是“>3/2”"),
        ("agencies", "justice", "填空“其他函询部门”（agencies）应填一项或多项"),
        ("agencies", [], "填空“其他函询部门”（agencies）应填一项或多项"),
        ("agencies", [7], "填空“其他函询部门”（agencies）应填一项或多项"),
        ("place", 3, "填空“另一处公示地点”（place）应填文字，不能为空，填的是“3”"),
        ("scope", "  ", "填空“测评的范围”（scope）应填文字，不能为空"),
    ],
)
def test_a_fill_of_another_type_is_refused_in_words(
    trial: Plugins, blank: str, value: Any, expected: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        regime(trial, {**FILLED, blank: value})
    (problem,) = caught.value.problems
    assert problem.startswith("政策“试验县做法”的")
    assert expected in problem
    assert problem.endswith("请按填空说明重新填写。")


@pytest.mark.parametrize(
    ("days", "why"),
    [(7.5, "应为整数"), (99999, "不能大于 3660"), (float("inf"), "应为整数"), (10**20, "不能大于 3660")],
)
def test_a_number_that_fits_the_blank_but_not_the_requirement_is_refused_too(
    trial: Plugins, days: float, why: str
) -> None:
    with pytest.raises(PolicyError) as caught:
        regime(trial, {"days": days})
    (problem,) = caught.value.problems
    assert problem.startswith(f"政策“试验县做法”的填空“公示天数”（days）填的是“{days}”：“notice.days”的值")
    assert why in problem


def known(trial: Plugins) -> Known:
    return Known(trial.everything)


def test_words_are_words_by_id_or_title(trial: Plugins) -> None:
    """“公安”填进去就是 public-security，不会成为另一个部门。"""
    filled = {"agencies": ["公安", "justice", "税务"], "place": "居住地"}
    assert facet(trial, "joint-review", "inquiry", filled).agencies == {"public-security", "justice", "tax"}
    assert "residence" in facet(trial, "prospect-notice", "notice", filled).places
    assert list(misfits(trial.policies["trial"], filled, known(trial))) == []
    assert regime(trial, FILLED).terms["tax"] == "税务"  # filled in by its id it keeps its title


def test_a_new_word_is_declared_with_its_title(trial: Plugins) -> None:
    filled = {"agencies": ["公安", {"sports-bureau": "体育局"}], "place": {"village-gate": "村口"}}
    assert list(misfits(trial.policies["trial"], filled, known(trial))) == []
    assert facet(trial, "joint-review", "inquiry", filled).agencies == {"public-security", "sports-bureau"}
    assert "village-gate" in facet(trial, "prospect-notice", "notice", filled).places
    found = regime(trial, filled)
    assert (found.terms["sports-bureau"], found.terms["village-gate"]) == ("体育局", "村口")
    lines = explain.requirements(found, found.on(DAY).steps["joint-review"])
    assert "须有体育局的复函" in [line.text for line in lines]
    answered = read_record("joint-review", DAY, {"inquiry": {"sports-bureau": "clear"}})
    assert strange(found, answered) == []


@pytest.mark.parametrize(
    ("blank", "value", "said"),
    [
        ("agencies", ["公安局"], "没有叫“公安局”的函询部门。可用的有："),
        ("agencies", ["publik-security"], "没有叫“publik-security”的函询部门，是不是“public-security”"),
        ("agencies", ["公示栏"], "确实是新的，写作 {标识: 名称}，例如 {sports-bureau: 体育局}"),
        ("place", "bulletin-board", "“bulletin-board”（公开栏）是公示渠道，这里要写的是公示地点"),
        ("agencies", [{"police": "公安"}], "“公安”已有标识“public-security”，直接填“公安”即可"),
        ("agencies", [{"tax": "体育局"}], "“tax”已定名为“税务”，不能改称“体育局”"),
        ("agencies", [{"体育局": "体育局"}], "新词的标识“体育局”应为小写字母、数字和连字符"),
        ("agencies", [{"sports": ""}], "新词“sports”要写明名称"),
        ("agencies", [{"a": "甲", "b": "乙"}], "应填一项或多项"),
        ("scope", {"all-villagers": "全体村民"}, "这里只填文字，不声明词语"),
    ],
)
def test_a_word_that_nobody_declared_is_refused_with_the_nearest(
    trial: Plugins, blank: str, value: Any, said: str
) -> None:
    (problem,) = misfits(trial.policies["trial"], {blank: value}, known(trial))
    assert said in problem
    assert problem.endswith("请按填空说明重新填写。")


def test_all_wrong_fills_are_reported_at_once(trial: Plugins) -> None:
    with pytest.raises(PolicyError) as caught:
        regime(trial, {"days": "九", "share": 1})
    assert len(caught.value.problems) == 2


def test_every_type_says_what_it_expects(trial: Plugins) -> None:
    assert {blank.type for blank in trial.policies["trial"].blanks.values()} == set(fill.EXPECTED)


def test_an_open_blank_is_cited_where_its_rule_is(trial: Plugins) -> None:
    """So that a page can say of a requirement that something in it is still open."""
    found = regime(trial, {})
    lines = explain.requirements(found, found.on(DAY).steps["joint-review"])
    rules = [found.rules[one.rule] for line in lines for one in line.citations]
    assert [rule.blanks for rule in rules] == [("agencies",)]


@pytest.mark.parametrize(("filled", "said"), [
    ({"days": 7.5}, "“notice.days”的值“7.5”不对：应为整数，得到的是小数"), ({"days": 10**9}, "不能大于 3660"),
    ({"days": True}, "应填不小于 0 的数，例如 7，填的是“true”"), ({"days": "7"}, "应填不小于 0 的数"),
    ({"days": float("nan")}, "应填不小于 0 的数"), ({"days": float("inf")}, "应为整数"), ({"days": -1}, "应填不小于 0 的数"),
    ({"share": ">1/1"}, "应填比例，例如 >1/2 或 >=2/3"), ({"share": 0.5}, "应填比例"), ({"share": "1"}, "应填比例"),
    ({"agencies": []}, "应填一项或多项，不能为空"), ({"agencies": "tax"}, "应填一项或多项"),
    ({"agencies": [" "]}, "应填一项或多项"),
    ({"place": ""}, "应填文字，不能为空"), ({"place": " \n"}, "填的是“ ↵”"), ({"place": 3}, "应填文字"),
    ({"place": {"new": "新址", "other": "别处"}}, "应填文字"), ({"scope": {"new": "新的"}}, "这里只填文字，不声明词语"),
    ({"place": {"New": "新址"}}, "新词的标识“New”应为小写字母、数字和连字符"),
    ({"place": {"new\n": "新址"}}, "新词的标识“new↵”应为小写字母、数字和连字符"),
    ({"place": {"new": " "}}, "新词“new”要写明名称，写作 {new: 名称}"),
])  # fmt: skip
def test_what_does_not_fit_a_blank_is_said(trial: Plugins, filled: dict[str, Any], said: str) -> None:
    """In one line, with the blank's title, before anything is switched on."""
    policy = trial.policies["trial"]
    (why,) = misfits(policy, filled, Known(trial.everything))
    (name,) = filled
    assert said in why
    assert why.startswith(f"填空“{policy.blanks[name].title}”（{name}）")
    assert "\n" not in why
