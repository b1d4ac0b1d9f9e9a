"""A floor declares its procedures: what opens a case, its states, its ends. What would lead nowhere is said beforehand."""

from __future__ import annotations

import pytest

from dangwu.errors import PolicyError
from dangwu.policy.load import load_policy
from dangwu.policy.policy import Policy

FLOOR = """\
plugin: small
title: 小底线
floor: true
requires: dangwu>=1,<2
sources:
  law: {title: 某规定, year: 2026}
procedures:
  errand:
    title: 外出证明
    stages:
      granted: {title: 申请和开具}
    opens:
      step: errand-request
      title: 申请证明
      said: 为{name}申请证明
      day: 申请日期
      of: [probationary, full]
    states:
      - {id: certified, title: 持证明外出, after: errand-issue}
    ends:
      withdrawn: {title: 不再外出, level: branch, before: certified}
rules:
  - {id: errand.request, add: errand/errand-request, title: 申请, stage: granted, level: branch,
     documents: {kinds: [errand-letter]}, cite: {source: law, clause: 一}}
  - {id: errand.issue, add: errand/errand-issue, title: 开具, stage: granted, level: committee, after: [errand-request],
     documents: {kinds: [errand-paper]}, cite: {source: law, clause: 二}}
terms:
  kind: {errand-letter: 申请, errand-paper: 证明}
"""


def load(before: str = "", after: str = "") -> Policy:
    assert before in FLOOR
    return load_policy(FLOOR.replace(before, after, 1) if before else FLOOR, where="small.yaml", floor=True)


def test_it_is_read_as_it_is_written() -> None:
    procedure = load().procedures["errand"]
    assert procedure.opens.step == "errand-request"
    assert [state.id for state in procedure.states] == ["certified"]
    assert procedure.ends["withdrawn"].before == "certified"


@pytest.mark.parametrize(("before", "after", "said"), [
    ("step: errand-request", "step: errand-reqest",
     "opens.step 中的环节“errand-reqest”没有用 add 写明，是不是“errand-request”。"),
    ("after: errand-issue}", "after: errand-isue}",
     "状态 certified 的 after 中的环节“errand-isue”没有用 add 写明，是不是“errand-issue”。"),
    ("after: errand-issue}", "after: errand-issue, from: errand-isue}",
     "状态 certified 的 from 中的环节“errand-isue”没有用 add 写明，是不是“errand-issue”。"),
    ("of: [probationary, full]", "of: [probationery]", "opens.of 中没有人员类别“probationery”，是不是“probationary”。"),
    ("of: [probationary, full]", "of: []", "opens.of 要写明哪些人员类别可以开始办理。"),
    ("level: branch, before", "level: branh, before", "ends.withdrawn.level 中没有层级“branh”，是不是“branch”。"),
    ("before: certified", "before: certifed", "ends.withdrawn.before 中没有状态“certifed”，是不是“certified”。"),
    ("after: errand-issue}", "after: errand-issue, makes: lost}", "状态 certified 的 makes"),
    ("title: 不再外出, level", "title: 不再外出, makes: nowhere, level", "ends.withdrawn.makes 写的“nowhere”不是名册的变动"),
    ("of: [probationary, full]", "of: [full]\n      standing: normall",
     "opens.standing 中没有党籍状态“normall”，是不是“normal”。"),
    ("    ends:", "    approvals: [errand-isue]\n    ends:", "approvals“errand-isue” 中的环节“errand-isue”没有用 add 写明"),
    ("said: 为{name}申请证明", "said: 申请证明", "opens.said 写的是“申请证明”，应含一处 {name}（姓名）"),
    ("    stages:\n      granted: {title: 申请和开具}\n", "    stages: {}\n", "要写 stages（各阶段），至少一个。"),
    ("    title: 外出证明\n", "    title: 外出证明\n    confers: unit\n", "要写 opens.goes（去的党组织怎样称呼）"),
    ("    title: 外出证明\n", "    title: 外出证明\n    confers: nobody\n", "confers"),
])  # fmt: skip
def test_what_leads_nowhere_is_said(before: str, after: str, said: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load(before, after)
    assert any(said in why for why in caught.value.problems), caught.value.problems
    assert all(why.startswith("small.yaml ") and why.endswith("。") for why in caught.value.problems)
