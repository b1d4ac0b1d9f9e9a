"""The type errors of msgspec as Chinese clauses: users and authors of policies never read English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

import msgspec

from dangwu.shapes.short import fields_of, hints_of

_PATH = re.compile(r" - at `(?:key in )?\$\.?([^`]*)`$")
_TYPES = {
    "int": "整数", "float": "数", "str": "文字", "bool": "true 或 false", "date": "日期（2026-06-01）", "null": "空",
    "array": "列表", "set": "列表", "frozenset": "列表", "object": "各项名称与数值，例如 {months: 1}", "dict": "各项名称与数值",
}  # fmt: skip
_FORMS = (
    (re.compile(r"^Object missing required field `([^`]*)`$"), r"缺少“\1”"),
    (re.compile(r"^Object contains unknown field `([^`]*)`$"), r"有不认识的一项“\1”"),
    (re.compile(r"^Invalid enum value '?([^']*)'?$"), r"“\1”不是可选的值"),
    (re.compile(r"^Invalid RFC3339 encoded date$"), "日期应写作 2026-06-01"),
    (re.compile(r"^Expected `array` of length >= (\d+).*$"), r"至少要有 \1 项"),
    (re.compile(r"^Expected `array` of (?:at least |at most )?length (?:<= )?(\d+).*$"), r"应为 \1 项的列表"),
    (re.compile(r"^Expected `str` of length >= 1$"), "不能为空"),
    (re.compile(r"^Expected `(?:int|float)` >= (\d+)(?:\.0)?$"), r"不能小于 \1"),
    (re.compile(r"^Expected `(?:int|float)` <= (\d+)(?:\.0)?$"), r"不能大于 \1"),
    (re.compile(r"^Expected `str` matching regex '\^\(\|\(19.*$"), "应为年份，例如 2026"),
    (re.compile(r"^Expected `str` matching regex '\^\(https.*$"), "网址应以 http:// 或 https:// 开头"),
    (re.compile(r"^Expected `str` matching regex '\^\[a-z.*$"), "标识应为小写字母、数字和连字符"),
    (re.compile(r"^Expected `str` matching regex .*$"), "不能为空"),
    (re.compile(r"^Integer value out of range$"), "数太大"),
    (re.compile(r"^Expected `str` of length <= (\d+)$"), r"最多 \1 个字"),
)
_CONTENT = re.compile(
    r"^(Expected `(int|float)` [<>]= |Integer value out of range|Expected `str` of length |Object missing required field )"
)
_LACKING = re.compile(r"^缺少“(.*)”$")
_EXPECTED = re.compile(r"^Expected `([^`]*)`(?:, got `([^`]*)`)?$")


def clause(error: Exception) -> tuple[str, str]:
    """What is wrong, as a clause without full stop, and the path of the field (`vote.eligible` without the first part)."""
    text = str(error)
    found = _PATH.search(text)
    head = _PATH.sub("", text)
    for form, chinese in _FORMS:
        if form.match(head):
            return form.sub(chinese, head), found[1] if found else ""
    expected = _EXPECTED.match(head)
    if expected:
        what = "小数" if expected[2] == "float" else _type(expected[2] or "").split("，")[0].split("（")[0]
        got = f"，得到的是{what}" if expected[2] else ""
        head = f"应为{_type(expected[1])}{got}"
    return head, found[1] if found else ""


def is_form(error: Exception) -> bool:
    """Whether a field or word is unknown or of the wrong type; not so for figures that cannot be, or that lack."""
    return not _CONTENT.match(str(error))


def _type(names: str) -> str:
    parts = [_TYPES.get(name.strip(), name.strip()) for name in names.split("|")]
    return "或".join(part for part in parts if part != "空" or len(parts) == 1)


def evidence_clause(kind: Any, error: Exception) -> str:
    """What is wrong with evidence of a type, with the titles of its fields as the form shows them."""
    what, path = clause(error)
    for one in ("object", "dict"):  # they are worded, and the first is shown, as a policy writes them
        what = what.replace(_TYPES[one], "各项名称与内容")
    lacking = _LACKING.match(what)
    if lacking:
        return f"缺少“{_field_title(kind, lacking[1])}”"
    title = _field_title(kind, path)
    return f"“{title}”{what}" if title else what


def _field_title(kind: Any, path: str) -> str:
    """The Chinese title of the field that a path ends in (see `Meta(title=…)`), else the field's own name."""
    name = next(
        (
            part
            for part in reversed(re.split(r"[.\[\]]+", path))
            if part and part != "..." and not part.isdigit()
        ),
        "",
    )
    return next((title for field, title in field_titles(kind) if field == name), name)


def field_titles(kind: Any) -> Iterator[tuple[str, str]]:
    """The fields of a type, and of those within it, that have a Chinese title (`Meta(title=…)`)."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = hints_of(kind)
        for field in fields_of(kind):
            hint = hints[field.name]
            notes = getattr(hint, "__metadata__", ())
            title = next((one.title for one in notes if isinstance(one, msgspec.Meta) and one.title), "")
            if title:
                yield field.encode_name, title
            yield from field_titles(hint)
    for part in get_args(kind):
        if not isinstance(part, str | int):
            yield from field_titles(part)
