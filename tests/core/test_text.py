"""What people type: tidied, counted, refused by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from core.errors import Invalid
from core.text import (
    LONGEST_REMARK,
    lines,
    name_of,
    no_letter,
    one_line,
    refuse_future,
    refuse_malformed,
    remark,
    tidy,
)

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("typed", "tidied"),
    [
        ("张三", "张三"), ("  张   三 ", "张 三"), ("张\u3000三", "张 三"), ("张\u00a0三", "张 三"), ("张\n三\t李", "张 三 李"),
        ("张\u2028三", "张 三"), ("张\u200b三", "张三"), ("\ufeff张三", "张三"), ("\u202e张三", "张三"),
        ("\x00张\x1f三", "张 三"),
        ("\u200b", ""), ("   ", ""), ("", ""),
    ],
)  # fmt: skip
def test_what_is_not_seen_is_not_kept(typed: str, tidied: str) -> None:
    """Blanks of any kind are one blank; marks without a shape are nothing."""
    assert tidy(typed) == tidied
    assert tidy(tidied) == tidied


@pytest.mark.parametrize(
    ("text", "sign"),
    [("买买提·吐尔逊", None), ("Tom 李", None), ("吕㛃", None), ("张<三", "<"), ("张>", ">"), ("张☺三", "☺")],
)
def test_a_name_has_no_pictures(text: str, sign: str | None) -> None:
    assert no_letter(text) == sign
    if sign is None:
        assert name_of("name", "姓名", text, most=20) == text
    else:
        with pytest.raises(Invalid, match=f"姓名“{text}”里的“{sign}”不是文字") as caught:
            name_of("name", "姓名", text, most=20)
        assert set(caught.value.fields) == {"name"}


def test_a_line_has_its_length() -> None:
    """Counted as it is kept, without the blanks around it."""
    assert one_line("f", "理由", " " + "长" * 5 + "  ", most=5) == "长" * 5
    with pytest.raises(Invalid, match="理由有 6 个字，最多 5 个字"):
        one_line("f", "理由", "长" * 6, most=5)
    for nothing in ("", "  ", "\u200b", None):
        with pytest.raises(Invalid, match="没有填写理由") as caught:
            one_line("f", "理由", nothing, most=5)
        assert caught.value.fields == {"f": "请填写理由。"}


def test_lines_stay_lines() -> None:
    assert lines("f", "内容", " 第一行 \r\n\n  第二\u3000行\n\n", most=20) == "第一行\n\n第二 行"
    assert lines("f", "内容", " \n ", most=1) == ""
    assert lines("f", "内容", "一\n二", most=3) == "一\n二"
    with pytest.raises(Invalid, match="内容有 4 个字，最多 3 个字。请缩短，或者作为附件上传"):
        lines("f", "内容", "一\n二三", most=3)


def test_a_remark_may_be_none() -> None:
    assert (remark(" "), remark("\u200b"), remark(" 同意 ")) == ("", "", "同意")
    assert len(remark("长" * LONGEST_REMARK)) == LONGEST_REMARK
    with pytest.raises(Invalid, match=f"备注有 {LONGEST_REMARK + 1} 个字"):
        remark("长" * (LONGEST_REMARK + 1))


@pytest.mark.parametrize("word", ["", "A", "a_b", "-a", "a-", "a--b", "甲", "a b", "a\n"])
def test_a_word_of_policies_is_one(word: str) -> None:
    refuse_malformed("tags", ["rural", "work-unit-2"])
    with pytest.raises(Invalid, match="请从列出的选项中选择"):
        refuse_malformed("tags", ["rural", word])


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_today_has_come(days: int) -> None:
    day = TODAY + timedelta(days=days)
    check: Callable[[], None] = lambda: refuse_future("day", "日期", day, TODAY)  # noqa: E731
    if days <= 0:
        check()
        return
    with pytest.raises(Invalid, match="日期 2026-11-22 还没有到（今天是 2026-11-21）") as caught:
        check()
    assert caught.value.fields == {"day": "日期不能晚于今天。"}
