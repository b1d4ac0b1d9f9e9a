"""What people type into a field: read as they write it, refused with the sentence that tells what to do, never lost."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from core.errors import Conflict, Forbidden, Invalid, Stale
from web.kit.forms import Form

SOME = UUID(int=3)


def typed(text: object) -> Form:
    """A form with one field."""
    return Form({"x": [text]})


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("5", 5, ""), (" 05 ", 5, ""), ("５０", 50, ""), ("0", 0, ""), ("", None, ""),
        ("-1", None, "人数不能小于 0。"), ("1.5", None, "人数“1.5”不是一个整数。请只填数字。"),
        ("五", None, "人数“五”不是一个整数。请只填数字。"), ("1e3", None, "不是一个整数"), ("9" * 16, None, "太大。请核对数字。"),
        ("9" * 15, 10**15 - 1, ""), ("٣", None, "不是一个整数"), ("1 000", None, "不是一个整数"), ("+1", None, "不是一个整数"),
        ("9" * 201, None, "人数最多 200 个字"),
    ],
)  # fmt: skip
def test_a_number(text: str, value: int | None, said: str) -> None:
    form = typed(text)
    assert form.number("x", "人数", required=False) == value
    assert said in form.errors.get("x", "")
    assert bool(said) == bool(form.errors)
    assert form.value("x") == text


@pytest.mark.parametrize(
    ("text", "value", "said"),
    [
        ("2", 2.0, ""), ("1.5", 1.5, ""), ("１．５", 1.5, ""), ("0.125", 0.125, ""), ("", None, ""),
        ("1.2345", None, "学时“1.2345”不是一个数。请只填数字，例如 2 或 1.5。"), ("-2", None, "不是一个数"),
        (".5", None, "不是一个数"),
        ("2.", None, "不是一个数"), ("两", None, "不是一个数"), ("1,5", None, "不是一个数"), ("1" * 10, None, "不是一个数"),
    ],
)  # fmt: skip
def test_an_amount(text: str, value: float | None, said: str) -> None:
    form = typed(text)
    assert form.amount("x", "学时", required=False) == value
    assert said in form.errors.get("x", "")
    assert bool(said) == bool(form.errors)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-06-16", date(2026, 6, 16)), ("20260616", date(2026, 6, 16)), ("2026/6/16", date(2026, 6, 16)),
        ("2026年6月16日", date(2026, 6, 16)), ("2026.6.16", date(2026, 6, 16)), (" 2026-06-16 ", date(2026, 6, 16)),
        ("2026-02-30", None), ("06-16", None), ("昨天", None), ("2026-6", None), ("0000-01-01", None),
    ],
)  # fmt: skip
def test_a_day(text: str, value: date | None) -> None:
    form = typed(text)
    assert form.date("x", "公示日期") == value
    assert form.day("x") == value
    if value is None:
        assert form.errors["x"] == f"公示日期“{text.strip()}”不是一个日期。请写成 2026-06-16 这样。"
    assert typed("").date("x", "公示日期", required=False) is None


@pytest.mark.parametrize("read", ["text", "number", "amount", "date"])
def test_what_is_asked_for_and_missing_is_named(read: str) -> None:
    for form in (typed(""), typed("   "), Form({})):
        getattr(form, read)("x", "理由")
        assert form.errors == {"x": "请填写理由。"}
    left = typed("")
    getattr(left, read)("x", "理由", required=False)
    assert not left.errors


def test_a_choice_is_one_of_those_that_are_offered() -> None:
    assert typed("a").choice("x", "类别", ["a", "b"]) == "a"
    for text in ("c", "", "A"):
        form = typed(text)
        assert form.choice("x", "类别", ["a", "b"]) == ""
        assert form.errors == {"x": "请选择类别。"}
    none = typed("")
    assert none.choice("x", "类别", ["a"], required=False) == ""
    assert not none.errors
    strange = typed("c")
    strange.choice("x", "类别", ["a"], required=False)
    assert strange.errors == {"x": "请选择类别。"}, (
        "what is strange is refused even where nothing need be chosen"
    )


def test_what_the_service_alone_knows_is_picked_or_asked_for() -> None:
    assert typed(" a b ").picked("x", "方案") == "a b"
    for text in ("", "  "):
        form = typed(text)
        assert form.picked("x", "方案") == ""
        assert form.errors == {"x": "请选择方案。"}


def test_several_are_of_those_that_are_offered_and_none_is_dropped_in_silence() -> None:
    form = Form({"x": ["a", "z", "y"]})
    assert form.many("x", ["a", "b"]) == ["a"]
    assert form.errors["x"].startswith("选中的有 2 项已经不在可选范围内")
    free = Form({"x": ["a", "z"]})
    assert free.many("x") == ["a", "z"]
    assert not free.errors


def test_a_thing_that_was_searched_for_and_not_picked_is_asked_for_by_what_was_typed() -> None:
    assert typed(str(SOME)).uuid("x", "党支部") == SOME
    bare = typed("东街")
    assert bare.uuid("x", "党支部") is None
    assert bare.errors == {"x": "请选择党支部。"}
    sought = Form({"x": [""], "x-q": ["东街"]})
    assert sought.uuid("x", "党支部") is None
    assert sought.errors == {"x": "请在按“东街”查到的里选择党支部。"}
    assert typed("").uuid("x", "党支部", required=False) is None


def test_the_first_word_on_a_field_stays_and_all_are_said_together() -> None:
    form = Form({"x": ["长" * 11], "y": [""]})
    form.text("x", "名称", longest=10)
    form.refuse("x", "后来的一句。")
    form.text("y", "事由")
    assert form.errors == {"x": "名称最多 10 个字，现在有 11 个字。", "y": "请填写事由。"}
    with pytest.raises(Invalid) as refused:
        form.check()
    assert refused.value.fields == form.errors
    assert refused.value.sentence.endswith("请按下面的提示改正。")
    Form({}).check()


@pytest.mark.parametrize(
    ("error", "status", "stale"),
    [
        (Invalid("填错了。", fields={"x": "这里。"}), 422, False), (Conflict("有人办过。"), 409, False),
        (Stale("改过了。", changes=("甲改了乙",)), 409, True),
    ],
)  # fmt: skip
def test_a_refusal_lies_on_the_form_with_what_was_typed(
    error: Invalid | Conflict, status: int, stale: bool
) -> None:
    form = Form({"x": ["写的"], "version": ["3"]})
    form.refuse("y", "先前的。")
    form.take(error)
    assert (form.status, form.sentence, form.stale, form.value("x")) == (
        status,
        error.sentence,
        stale,
        "写的",
    )
    assert form.errors["y"] == "先前的。"
    assert form.seen_version(7) == ("7" if stale else "3"), "the page goes out against what it has shown"
    form.against(7)
    assert form.version() == (7 if stale else 3)
    assert form.changes == (("甲改了乙",) if stale else ())
    assert not isinstance(error, Forbidden)


def test_a_blank_form_is_filled_with_what_is_known() -> None:
    form = Form.blank(a="字", b=None, c=True, d=False, e=["x", 2], f=date(2026, 6, 16), g=0)
    assert [form.values(name) for name in "abcdefg"] == [
        ["字"],
        [],
        ["1"],
        [],
        ["x", "2"],
        ["2026-06-16"],
        ["0"],
    ]
    assert (form.flag("c"), form.flag("d"), form.value("b", "无")) == (True, False, "无")
    form.put("a", "改")
    assert form.value("a") == "改"
    assert form.names() == tuple("abcdefg")


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("0", 0), ("-1", None), ("x", None), ("9" * 16, None), ("", None)]
)
def test_a_number_that_our_page_wrote_is_taken_or_nothing(text: str, value: int | None) -> None:
    form = typed(text)
    assert form.counted("x") == value
    assert not form.errors
