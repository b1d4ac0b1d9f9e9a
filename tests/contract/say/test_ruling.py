"""A rule as it is said on the page of its plugin: what it asks for, of whom, how often, and what follows."""

from __future__ import annotations

from datetime import date

import pytest

from dangwu import Act, Policy
from dangwu.duties.act import lacks
from dangwu.policy.blanks import bind
from dangwu.policy.stated import bound as stated
from dangwu.say import ruling
from dangwu.say.owing import lack
from dangwu.say.titles import Titles
from tests.contract.made import made
from tests.floor import FLOOR

HEAD = """\
terms:
  grade: {low: 低, middle: 中, high: 高}
  item: {deeds: 服务群众, study: 学习}
  kind: {proof: 活动证, letter: 介绍信}
  theme: {law: 党章党规, story: 党史}
"""


def policy(rule: str) -> Policy:
    """One rule, and whichever of these words it uses."""
    used = []
    for line in HEAD.splitlines()[1:]:
        sort, _, words = line.strip().partition(": ")
        kept = [one for one in words.strip("{}").split(", ") if one.partition(":")[0] in rule]
        used += [f"  {sort}: {{{', '.join(kept)}}}\n"] if kept else []
    return made("one", f"- id: a.b\n  {rule}\n", head="terms:\n" + "".join(used) if used else "")


def said(rule: str) -> list[str]:
    text = policy(rule)
    (one,) = text.rules
    known = Titles.among([*FLOOR.policies, text])
    return [
        *ruling.place(one, known, opener=one.kind == "add"),
        *ruling.requires(one, bind(one, {}), known),
        *ruling.bounds(one, known),
    ]


DUTY = "duty: mass-service\n  owes: {level: branch}\n  demand: "


@pytest.mark.parametrize(("demand", "says"), [
    ("{times: 2, per: week}", "联系服务群众：党支部每周不少于 2 次"),
    ("{times: 1, per: half-year}", "联系服务群众：党支部每半年不少于 1 次"),
    ("{hours: 32, per: year}", "联系服务群众：党支部每年不少于 32 学时"),
    ("{hours: 8, per: quarter}", "联系服务群众：党支部每季度不少于 8 学时"),
    ("{by: [07-31, 01-05]}", "联系服务群众：党支部每年 7 月 31 日、1 月 5 日以前各一次"),
    ("{by: [07-31], opens: {months: 1}}", "联系服务群众：党支部每年 7 月 31 日以前各一次（提前 1 个月起）"),
    ("{every: {months: 6}}", "联系服务群众：党支部每隔不超过 6 个月一次"),
    ("{after: founding, within: {days: 30}}", "联系服务群众：党支部在建立党组织后 30 天以内一次"),
])  # fmt: skip
def test_how_often_something_is_owed(demand: str, says: str) -> None:
    assert said(DUTY + demand) == [
        says.replace(" 起", "起").replace("月 一", "月一").replace("天 以", "天以")
    ]


@pytest.mark.parametrize(("owes", "says"), [
    ("{level: person}", "每名党员"), ("{level: committee}", "基层党委"),
    ("{level: branch, post: branch-secretary}", "党支部书记"),
])  # fmt: skip
def test_who_owes_it(owes: str, says: str) -> None:
    assert said(f"duty: heart-to-heart\n  owes: {owes}\n  demand: {{times: 1, per: year}}") == [
        f"谈心谈话：{says}每年不少于 1 次"
    ]


@pytest.mark.parametrize(("evidence", "says"), [
    ("{activity: [mass-service]}", []),
    ("{activity: [mass-service, party-day]}", ["可以是联系服务群众、主题党日"]),
    ("{attendance: '>=2/3'}", ["到会人数不少于应到的 2/3"]),
    ("{documents: [letter, proof]}", ["要有介绍信、活动证"]),
    ("{documents: [letter|proof]}", ["要有介绍信或活动证"]),
    ("{themes: [story, law]}", ["内容要有党章党规、党史"]),
    ("{by: [branch-secretary, committee-secretary]}", ["由党支部书记或基层党委书记主讲或主持"]),
])  # fmt: skip
def test_what_shows_that_it_was_done(evidence: str, says: list[str]) -> None:
    often = "联系服务群众：党支部每月不少于 1 次"
    assert said(f"{DUTY}{{times: 1, per: month}}\n  evidence: {evidence}") == [often, *says]


def test_who_hears_of_it_and_a_rule_that_only_says_how() -> None:
    told = said(
        "duty: mass-service\n  owes: {level: branch}\n  escalate: {committee: {days: 0}, department: {days: 30}}"
    )
    assert told == [
        "联系服务群众：党支部每一次都这样办",
        "逾期没有办的，由基层党委督促",
        "逾期 30 天没有办的，由县委组织部督促",
    ]


@pytest.mark.parametrize(("evidence", "act", "says"), [
    ("{attendance: '>=2/3'}", {"eligible": 12, "present": 7}, ["到会人数不足"]),
    ("{attendance: '>=2/3'}", {"eligible": 12, "present": 8}, []),
    ("{documents: [letter, proof]}", {"papers": frozenset({"proof"})}, ["缺少介绍信"]),
    ("{documents: [letter|proof]}", {}, ["缺少介绍信或活动证"]),
    ("{documents: [letter|proof]}", {"papers": frozenset({"proof"})}, []),
    ("{themes: [law, story]}", {"themes": frozenset({"law"})}, ["没有写明党史的内容"]),
    ("{by: [branch-secretary, committee-secretary]}", {"by": frozenset({"other"})}, ["不是由党支部书记或基层党委书记主讲或主持"]),
    ("{by: [branch-secretary, committee-secretary]}", {"by": frozenset({"committee-secretary"})}, []),
    ("{documents: [letter], attendance: '>=1/2'}", {"eligible": 4, "present": 1}, ["到会人数不足", "缺少介绍信"]),
])  # fmt: skip
def test_why_an_activity_does_not_count(evidence: str, act: dict[str, object], says: list[str]) -> None:
    text = policy(f"{DUTY}{{times: 1, per: month}}\n  evidence: {evidence}")
    known = Titles.among([*FLOOR.policies, text])
    duty = stated(text.rules[0], {})
    assert duty is not None
    one = Act(id="1", day=date(2026, 6, 1), kinds=frozenset({"mass-service"}), **act)  # type: ignore[arg-type]
    assert [lack(each, known) for each in lacks(duty.evidence, one)] == says


STARS = "title: 星级\n  rating: stars\n  of: members\n  scale: [low, middle, high]"
SCALE = "评定党员，等次由低到高为低、中、高"


@pytest.mark.parametrize(("rule", "says"), [
    (STARS, [SCALE]),
    (f"{STARS}\n  having: [rural, student]", ["评定党员中的农村、学生，等次由低到高为低、中、高"]),
    ("title: 星级\n  rating: stars\n  of: units\n  level: committee\n  scale: [low, high]",
     ["评定基层党委，等次由低到高为低、高"]),
    ("title: 星级\n  rating: stars\n  of: units\n  scale: [low, high]", ["评定党支部，等次由低到高为低、高"]),
    (f"{STARS}\n  round: {{per: half-year}}", [SCALE, "每半年评定一次"]),
    ("rating: stars\n  round: {by: [07-31, 01-05]}", ["每年于 7 月 31 日、1 月 5 日前各评定一次"]),
    ("rating: stars\n  items: [deeds, study]", ["评议的内容有服务群众、学习"]),
    ("rating: stars\n  propose: {level: branch}", ["由党支部提出建议"]),
    ("rating: stars\n  decide: {level: committee, notice: {days: 7}}", ["由基层党委评定，公示不少于 7 天"]),
    ("rating: stars\n  exempt: {when: [rural], on: own-application}", ["农村本人申请不参加评定的，经研究同意，可以不评"]),
    ("rating: stars\n  pending: {when: [mobile], until: proof}", ["流动人员须查验活动证后评定，未查验的待评，不给默认等次"]),
    ("rating: stars\n  share: {high: '<=1/3'}", ["高最多占 1/3"]),
    ("rating: stars\n  follows: {low: guidance}", ["评为低的，提请研究：指出差距，帮助改进"]),
])  # fmt: skip
def test_what_a_rating_is(rule: str, says: list[str]) -> None:
    assert said(rule) == says


@pytest.mark.parametrize(("more", "says"), [
    ("notice: {days: 10, advisory: true}", ["公示不少于 10 天（只作提醒）"]),
    ("notice: {days: 10, exception: department}", ["公示不少于 10 天（个别特殊情况，经县委组织部事先书面同意的除外）"]),
    ("notice: {days: 10}\n  on_failure: close", ["公示不少于 10 天", "没有通过的，终止办理"]),
    ("notice: {days: 10}\n  on_failure: {return_to: cultivation}", ["公示不少于 10 天", "没有通过的，退回到“培养教育考察”"]),
    ("notice: {days: 10}\n  when: [student, rural]\n  since: 2026-01-01\n  until: 2027-01-01",
     ["公示不少于 10 天", "只适用于农村、学生", "自 2026-01-01 起", "到 2027-01-01 止（不含）"]),
    ("notice: {days: 10}\n  off: true", ["公示不少于 10 天", "默认不启用"]),
])  # fmt: skip
def test_what_a_rule_about_a_step_asks(more: str, says: list[str]) -> None:
    assert said(f"tighten: admission/prospect-notice\n  {more}") == says
