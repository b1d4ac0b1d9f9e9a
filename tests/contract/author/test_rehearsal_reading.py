"""Rehearsals that cannot be read, and rehearsals whose expectations do not hold: each says where and what."""

from __future__ import annotations

import pytest

from dangwu.author.rehearse import rehearse
from dangwu.errors import DangwuError
from dangwu.plugins.plugins import Plugins

GIVEN = "given: {through: prospect-consent, day: 2026-05-20}\n"

UNREADABLE = [
    ("- 不是排演", "r.yaml：排演应以 title、given、script 各项开头。"),
    ("titel: 题目", "r.yaml 第 1 行：有不认识的“titel”，是不是“title”。可用的有：title、procedure、"),
    ("policies: yakeshi", "r.yaml：policies 应为列表，得到的是“yakeshi”。"),
    ("policies: [yakesi]", "r.yaml：没有安装插件“yakesi”，是不是“yakeshi”。"),
    ("policies: [{plugin: yakeshi, form: 2026-01-01}]", "r.yaml 第 1 行：policies 有不认识的“form”，是不是“from”。"),
    ("policies: [{plugin: yakeshi, from: 去年}]", "r.yaml：policies.from 应为日期（2026-06-01），得到的是“去年”。"),
    ("policies: [{plugin: trial, also: [poll.mases]}]", "r.yaml：插件 trial 没有规则“poll.mases”，是不是“poll.masses”。"),
    ("policies: [{plugin: trial, without: {poll: 1}}]", "r.yaml：policies.without 应为列表，得到的是“{'poll': 1}”。"),
    ("compile: refuse", "r.yaml：compile 只能写 refused（不能同时启用），得到的是“refuse”。"),
    ("compile: refused\nscript: [{day: 2026-06-01, do: application}]", "r.yaml：写了 compile: refused，就不用写 script"),
    ("title: 空", "r.yaml：排演没有写 script（经过），什么也没有核对。"),
    ("procedure: admision", "r.yaml：没有流程“admision”，是不是“admission”。可用的有：admission"),
    ("policies: [{plugin: trial, fill: {dais: 7}}]", "r.yaml 第 1 行：插件 trial 的填空有不认识的“dais”，是不是“days”。"),
    ("policies: [{plugin: trial, fill: {days: 七}}]", "政策“试验县做法”的填空“公示天数”（days）应填不小于 0 的数"),
    ("subject: {birth: 1999-01-01}", "r.yaml 第 1 行：subject 有不认识的“birth”。可用的有：born、tags、dates、person。"),
    ("subject: {born: 1999}", "r.yaml：subject.born 应为日期（2026-06-01），得到的是“1999”。"),
    ("subject: {tags: {rural: true}}", "r.yaml：subject.tags 应为列表，得到的是“{'rural': True}”。"),
    ("subject: {tags: [rurel]}", "r.yaml：subject.tags 中的标签“rurel”没有声明，是不是“rural”。"),
    ("subject: {dates: {graduation: 夏天}}", "r.yaml：subject.dates.graduation 应为日期"),
    ("given: {through: oath}", "r.yaml：given 写了 through，还要写 day：应为日期（2026-06-01），得到的是“空”。"),
    ("given: {through: oaths, day: 2026-06-01}", "r.yaml：given.through“oaths”不是国家规定的环节，是不是“oath”。"),
    ("given: {oaths: 2026-06-01}", "r.yaml：这些政策下没有环节“oaths”，是不是“oath”。请核对环节标识，或检查是否漏写政策。"),
    ("given: {oath: 夏天}", "r.yaml：given.oath 应为日期（2026-06-01），得到的是“夏天”。"),
    ("given: {day: 2026-06-01}", "r.yaml 第 1 行：given 写了 day，还要写 through（到哪一环节为止）"),
    ("given: [oath]", "r.yaml：given 应写成 through、day 或各环节的日期，得到的是“['oath']”。"),
    ("script: {day: 2026-06-01}", "r.yaml：script 应为列表"),
    ("script: [2026-06-01]", "r.yaml：script 第 1 项应写成各项名称与内容，得到的是“2026-06-01”。"),
    ("script: [{do: application}]", "r.yaml：script 第 1 项的 day 应为日期（2026-06-01），得到的是“空”。"),
    ("script: [{day: 2026-06-01, doo: application}]", "r.yaml 第 1 行：script 第 1 项有不认识的“doo”，是不是“do”。"),
    ("script: [{day: 2026-06-01, do: aplication}]", "r.yaml：这些政策下没有环节“aplication”，是不是“application”。"),
    ("script: [{day: 2026-06-01, expect: {steps: oath}}]",
     "r.yaml 第 1 行：第 1 项（2026-06-01） expect 有不认识的“steps”，是不是“step”。"),
    ("script: [{day: 2026-06-01, do: application, entered: 明天}]", "r.yaml：第 1 项（2026-06-01） entered 应为日期"),
    ("script: [{day: 2026-06-01 08:00:00, do: application}]",
     "r.yaml 第 1 行：day：“2026-06-01 08:00:00”写了时刻，只写日期。"),
    ("script: [{day: 2026-06-01, do: application, record: application}]",
     "r.yaml 第 1 行：script 第 1 项同时写了 do、record，一项只写一个。"),
    ("script: [{day: 2026-06-01}]", "r.yaml 第 1 行：script 第 1 项没有写做什么。"),
    ("script: [{day: 2026-06-01, refused: true, expect: {status: running}}]",
     "r.yaml 第 1 行：script 第 1 项写了 refused，却没有写是哪一环节的记录。"),
    ("script: [{day: 2026-06-01, documents: [x], return: application}]",
     "r.yaml 第 1 行：script 第 1 项写了 documents，却没有写是哪一环节的记录。"),
    ("script: [{day: 2026-06-01, do: application, refused: 是}]", "r.yaml 第 1 行：script 第 1 项的 refused 应为 true 或 false"),
    ("script: [{day: 2026-06-01, do: application, because: [step.closed]}]",
     "r.yaml 第 1 行：script 第 1 项的 because 是拒绝的理由，还要写 refused: true。"),
    ("script: [{day: 2026-06-01, do: application, refused: true, rule: [national.article-05.age]}]",
     "r.yaml 第 1 行：script 第 1 项的 rule 是评级被拒绝的依据，还要写 rate、refused: true。"),
    ("script: [{day: 2026-06-01, expect: {state: done}}]",
     "r.yaml 第 1 行：第 1 项（2026-06-01） expect 写了 state，还要写 step（哪一环节）。"),
    ("script: [{day: 2026-06-01, expect: {}}]", "r.yaml 第 1 行：第 1 项（2026-06-01） expect 没有写要核对什么。"),
    ("script: [{day: 2026-06-01, expect: {step: application, until: 明天}}]",
     "r.yaml：第 1 项（2026-06-01） expect.until 应为日期"),
    ("script: [{day: 2026-06-01, expect: {step: application, not_because: [documents.misssing]}}]",
     "r.yaml：第 1 项（2026-06-01）：没有“documents.misssing”这一结论，是不是“documents.missing”。"),
    ("script: [{day: 2026-06-01, expect: {step: application, rule: [1]}}]",
     "r.yaml：第 1 项（2026-06-01） expect.rule 应为词语的列表，得到的是“[1]”。"),
    ("script: [{day: 2026-06-01, do: application, documents: {a: 1}}]",
     "r.yaml 第 1 行：第 1 项（2026-06-01）：“材料”的内容不对："),
    ("script: [{day: 2026-06-01, do: admission-meeting, vote: {eligibel: 9}, refused: true}]",
     "r.yaml 第 1 行：第 1 项（2026-06-01）：“票决”的内容不对：有不认识的一项“eligibel”。"),
    ("script: [{day: 2026-06-01, do: admission-meeting, vote: 9}]",
     "r.yaml 第 1 行：第 1 项（2026-06-01）：“票决”的内容不对：应为"),
    ("script: [{day: 2026-06-01, do: admission-meeting, timing: {due: 1}, refused: true}]",
     "r.yaml 第 1 行：第 1 项（2026-06-01）：环节 admission-meeting 的记录中有不认识的内容“timing”。"),
    ("script: [{day: 2026-06-01, tags: [mobil]}]", "r.yaml：tags 中的标签“mobil”没有声明，是不是“mobile”。"),
    ("script: [{day: 2026-06-01, expect: {step: application, lacks: [resolution]}}]",
     "r.yaml 第 1 行：第 1 项（2026-06-01） expect 写了 lacks，还要写 because。"),
    ("script: [{day: 2026-06-01, expect: {step: application, asks: {by: 01-31}}}]",
     "r.yaml 第 1 行：第 1 项（2026-06-01） expect 写了 asks，还要写 plan 或 rating。"),
    ("script: [{day: 2026-06-01, expect: {plan: admission-plan, asks: {filing: [department]}}}]",
     "r.yaml 第 1 行：第 1 项（2026-06-01） expect.asks 有不认识的“filing”。可用的有：owes、by、approves"),
    ("script: [{day: 2026-12-01, expect: {rating: democratic-apraisal, state: none}}]",
     "r.yaml：第 1 项（2026-12-01）：没有评级方案“democratic-apraisal”，是不是“democratic-appraisal”。"),
    ("people: {li: {membership: activist}}\n"
     "script: [{day: 2026-12-01, rate: {rating: democratic-appraisal, round: 2026-1, of: li}}]",
     "r.yaml：第 1 项（2026-12-01）：“民主评议党员”评的是党员，people 中写的是入党积极分子。"),
    ("title: [", "r.yaml 第 2 行：不是正确的 YAML（引号或括号没有成对）。"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"), UNREADABLE, ids=[text.split(":")[0] + str(i) for i, (text, _) in enumerate(UNREADABLE)]
)
def test_a_rehearsal_that_cannot_be_read_says_where(trial: Plugins, text: str, said: str) -> None:
    with pytest.raises(DangwuError) as caught:
        rehearse(trial, text + "\n", where="r.yaml")
    assert caught.value.problems[0].startswith(said)
    assert caught.value.problems[0].endswith("。")


DIFFERENT = [
    ("{do: prospect-notice}\n  - {day: 2026-06-01, expect: {step: prospect-notice, state: done}}",
     "第 2 项（2026-06-01） prospect-notice：state 期望 done，实际 waiting。公示尚未期满，最后一日为 2026-06-08"),
    ("{expect: {step: prospect-notice, because: [notice.place]}}",
     "第 1 项（2026-06-01） prospect-notice：期望有 notice.place，实际有 notice.missing、step.record（open）。还没有公示。"),
    ("{expect: {step: prospect-notice, not_because: [notice.missing]}}",
     "第 1 项（2026-06-01） prospect-notice：不应有 notice.missing。"),
    ("{expect: {step: prospect-notice, rule: [national.article-13.notise]}}",
     "第 1 项（2026-06-01） prospect-notice：没有引用规则 national.article-13.notise，是不是“national.article-13.notice”。"),
    ("{expect: {step: sponsor-appointment, because: [appointment.count], rule: [national.article-14.sanctions]}}",
     "第 1 项（2026-06-01） sponsor-appointment：没有引用规则 national.article-14.sanctions，是不是"),
    ("{expect: {step: political-review, level: committee}}",
     "第 1 项（2026-06-01） political-review：level 期望 committee，实际 branch。"),
    ("{expect: {step: political-review, side: receiving}}",
     "第 1 项（2026-06-01） political-review：side 期望 receiving，实际 sending。"),
    ("{expect: {plan: admission-plan, asks: {by: 01-31}}}",
     "第 1 项（2026-06-01） admission-plan：asks.by 期望 01-31，实际 无。"),
    ("{expect: {step: political-review, because: [documents.missing], lacks: [resolution]}}",
     "第 1 项（2026-06-01） political-review：lacks 期望 resolution，实际 political-review-conclusion。"),
    ("{expect: {step: sponsor-appointment, not_rule: [national.article-14.sanctions]}}",
     "第 1 项（2026-06-01） sponsor-appointment：不应引用规则 national.article-14.sanctions。"),
    ("{expect: {step: prospect-notice, follows: close}}",
     "第 1 项（2026-06-01） prospect-notice：follows 期望 close，实际 retry。"),
    ("{expect: {rating: democratic-appraisal, state: none}}",
     "第 1 项（2026-06-01） democratic-appraisal：期望这时没有这一评级，实际有。"),
    ("{expect: {open: [oath]}}", "第 1 项（2026-06-01）：open 期望 oath，实际 prospect-notice。现在：发展对象公示（open）"),
    ("{expect: {stage: admission}}", "第 1 项（2026-06-01）：stage 期望 admission，实际 prospect。现在："),
    ("{expect: {membership: full}}", "第 1 项（2026-06-01）：membership 期望 full，实际 activist。"),
    ("{do: oath}", "第 1 项（2026-06-01）：不能记录“入党宣誓”：现在还不能办理“入党宣誓”，须先办结：发展对象公示。"),
    ("{do: prospect-notice, refused: true}", "第 1 项（2026-06-01）：期望不能记录“发展对象公示”，实际可以。"),
    ("{do: oath, refused: true, because: [vote.count]}",
     "第 1 项（2026-06-01）：期望因 vote.count 不能记录，实际是 step.blocked：现在还不能办理“入党宣誓”"),
    ("{record: prospect-notice, notice: {objections: [{received: 2026-05-01, number: -1}]}}",
     "第 1 项（2026-06-01）：“公示”的内容不对：“当日第几件”不能小于 1"),
    ("{return: oath}", "第 1 项（2026-06-01）：不能退回到“入党宣誓”：“入党宣誓”还没有开始，不能退回到这一环节。"),
    ("{return: cultivation, refused: true}", "第 1 项（2026-06-01）：期望不能退回到“培养教育考察”，实际可以。"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("act", "said"), DIFFERENT, ids=[f"{i}-{act[1:8]}" for i, (act, _) in enumerate(DIFFERENT)]
)
def test_an_expectation_that_does_not_hold_says_what_is(trial: Plugins, act: str, said: str) -> None:
    text = f"title: 题目\n{GIVEN}script:\n  - {act.replace('{', '{day: 2026-06-01, ', 1)}\n"
    outcome = rehearse(trial, text, where="r.yaml")
    assert not outcome.passed
    assert outcome.problems[0].startswith(said), outcome.problems


def test_what_a_scheme_asks_otherwise_is_said(trial: Plugins) -> None:
    asks = "{decide: committee, due: [12-31], scale: [excellent], formal: false}"
    told = f"{{rating: democratic-appraisal, round: 2026-1, of: li, asks: {asks}}}"
    found = rehearse(
        trial, f"title: 题目\npeople: {{li: {{}}}}\nscript: [{{day: 2026-12-01, expect: {told}}}]\n"
    )
    name = "第 1 项（2026-12-01） li 的民主评议党员：asks."
    assert found.problems == (
        f"{name}decide 期望 committee，实际 branch。",
        f"{name}scale 期望 excellent，实际 barely-qualified、excellent、not-qualified、qualified。",
        f"{name}formal 期望 False，实际 True。",
    )


def test_policies_that_cannot_be_together_are_a_difference_unless_expected(trial: Plugins) -> None:
    text = "title: 矛盾\npolicies: [sunny-county, cloudy-county]\n"
    outcome = rehearse(trial, text)
    assert outcome.problems[0].startswith("这些政策不能同时启用：环节的先后顺序相互矛盾")
    assert rehearse(trial, text + "compile: refused\n").passed
    assert rehearse(trial, "title: 相容\npolicies: [yakeshi]\ncompile: refused\n").problems == (
        "期望这些政策不能同时启用，实际可以。",
    )
