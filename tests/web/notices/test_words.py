"""What each kind of notice says, and where it leads."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from core.notices.model import KINDS, OF_CASES, Notice
from tests.web.routes import template_of
from web.notices.words import leads_to, said, what_of

SUBJECT, UNIT = UUID(int=7), UUID(int=9)
SAID = {
    "review": ("activist-filing", "报上级党委备案", "/cases/{case_id:uuid}"),
    "turn": ("applicant-talk", "党组织派人谈话", "/cases/{case_id:uuid}"),
    "request": ("applicant-talk", "党组织派人谈话", "/cases/{case_id:uuid}"),
    "returned": ("applicant-talk", "党组织派人谈话", "/cases/{case_id:uuid}"),
    "due": ("applicant-talk", "党组织派人谈话", "/cases/{case_id:uuid}"),
    "overdue": ("applicant-talk", "党组织派人谈话", "/cases/{case_id:uuid}"),
    "case-behind": ("applicant-talk", "党组织派人谈话", "/cases/{case_id:uuid}"),
    "duty": ("branch-meeting", "党员大会", "/duties/{unit_id:uuid}"),
    "duty-behind": ("lecture", "党课", "/duties/{unit_id:uuid}"),
    "branch-ending": ("防汛临时党支部", "防汛临时党支部", "/units/{unit_id:uuid}"),
    "branch-over": ("防汛临时党支部", "防汛临时党支部", "/units/{unit_id:uuid}"),
    "letter": ("2026-001", "介绍信 2026-001", "/transfers/offers/{letter_id:uuid}"),
    "letter-due": ("2026-001", "介绍信 2026-001", "/cases/{case_id:uuid}"),
    "letter-answered": ("2026-001", "介绍信 2026-001", "/cases/{case_id:uuid}"),
    "answered": (
        "correction-granted:applicant-talk",
        "同意更正“党组织派人谈话”的记录",
        "/cases/{case_id:uuid}",
    ),
    "plan": ("approve:发展党员年度计划", "批准了“发展党员年度计划”", "/plans/{plan_id:uuid}"),
    "export": ("done:党员名册", "党员名册已生成", "/exports"),
    "export-asked": ("党员名册", "党员名册", "/exports"),
    "minimise-asked": ("", "", "/people/minimise"),
    "reset": ("second-factor:", "动态口令已由他人重置，不是您本人要求的，请马上与组织部管理员联系", "/me"),
    "ledger": ("2 处", "2 处与封存时不同，可能有人改动过日志，请马上查看", "/accounts/log/seal"),
    "quota": ("near:登记过的人员", "登记过的人员已用到八成", "/jobs/usage"),
}
"""Kind → what is kept of it, what is said, the page it leads to."""


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_said_in_words_and_leads_to_its_page(kind: str) -> None:
    kept, words, page = SAID[kind]
    for seen in (True, False):
        notice = Notice(
            UUID(int=1),
            kind,
            SUBJECT,
            UNIT,
            "东街支部",
            kept,
            date(2026, 12, 1),
            "某人",
            datetime.now(UTC),
            None,
            "",
            seen,
        )
        found = said(notice)
        assert found.title == KINDS[kind]
        assert words in found.what, found.what
        assert found.href == (leads_to(kind, SUBJECT, UNIT) if seen else ""), "nowhere for who may not look"
    address = leads_to(kind, SUBJECT, UNIT)
    assert template_of(address) == page
    assert page != "/cases/{case_id:uuid}" or kind in OF_CASES
    assert "None" not in address
    assert not re.search("[a-z]{4}", found.what), "no word of ours stays untranslated"


@pytest.mark.parametrize(
    ("kind", "kept", "words"),
    [
        ("answered", "correction-refused:oath", "没有同意更正“入党宣誓”的记录"),
        ("plan", "return:发展党员年度计划", "退回了“发展党员年度计划”"),
        ("export", "refused:办理名单", "办理名单没有生成"),
        ("export", "lost:办理名单", "办理名单没有生成"),
        ("export", "asked:办理名单", "办理名单须另一人同意"),
        ("reset", "password:", "密码已由他人重置"),
        ("quota", "full:使用中的账号", "使用中的账号已到上限"),
    ],
)
def test_what_was_decided_is_said(kind: str, kept: str, words: str) -> None:
    assert words in what_of(kind, kept)
