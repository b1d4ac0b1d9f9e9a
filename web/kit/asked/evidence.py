"""What was typed into the form of a step, read as evidence; what is wrong is said at its field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from core.errors import Invalid
from dangwu import EvidenceError, forms, read_record
from web.kit.asked.blocks import DONE, Block, Group, row_fields
from web.kit.forms import DIGITS, Form
from web.kit.picks import OUTSIDER


def evidence_of(
    step: str, day: date | None, entered: date, asked: Sequence[Block], form: Form
) -> dict[str, Any]:
    """The evidence that was typed, as plain builtins. Puts what is wrong on the form's fields; raises Invalid at its `check`."""
    fields = [field for block in asked for field in block.fields]
    data = {name: form.values(name) for name in form.names()}
    for block in asked:
        for group in block.groups:
            _check_group(group, data, form)
    form.check()
    typed = forms.collect((field for field in fields if not field.name.startswith(DONE)), data)
    for field in fields:
        if field.name.startswith(DONE) and data.get(field.name):
            typed.setdefault(field.name.removeprefix(DONE), {})
    if fields and not typed:
        raise Invalid("还没有填写办理的内容。请按实际办理情况勾选、填写。", code="empty")
    try:
        made = read_record(step, day or entered, typed, entered=entered)
    except EvidenceError as error:
        raise Invalid("".join(error.problems), code="evidence") from error
    return {name: msgspec.to_builtins(value) for name, value in made.evidence.items()}


def _check_group(group: Group, data: dict[str, list[str]], form: Form) -> None:
    leaves = list(leaves_of(group.fields))
    for field in leaves:
        _check(field, data, form)
    for prefix, listed in _together(leaves).items():
        if any(_typed(field, data) for field in listed):
            for field in listed:
                if field.required and not _typed(field, data):
                    form.refuse(field.name, f"请填写{_whose(group, prefix)}{field.title}。")


def leaves_of(fields: Iterable[forms.Field]) -> Iterator[forms.Field]:
    """The fields into which something is typed: those of each row by their full names."""
    for field in fields:
        if field.kind == "rows":
            for row in range(field.rows):
                yield from (
                    replace(part, name=f"{field.name}.{row}.{part.name}") for part in row_fields(field)
                )
        else:
            yield field


def _together(leaves: Iterable[forms.Field]) -> Mapping[str, list[forms.Field]]:
    found: dict[str, list[forms.Field]] = {}
    for field in leaves:
        found.setdefault(field.name.rpartition(".")[0], []).append(field)
    return found


def _typed(field: forms.Field, data: Mapping[str, list[str]]) -> bool:
    return any(one.strip() for one in data.get(field.name, []))


def _whose(group: Group, prefix: str) -> str:
    row = prefix.rpartition(".")[2]
    return f"第 {int(row) + 1} 行的" if row.isdecimal() else f"{group.title}的" if group.title else ""


def _check(field: forms.Field, data: dict[str, list[str]], form: Form) -> None:
    typed = [one.strip() for one in data.get(field.name, []) if one.strip()]
    if not typed:
        return
    if field.kind in ("choice", "choices"):
        form.many(field.name, [value for value, _ in field.options])
    elif field.kind == "whole":
        data[field.name] = [typed[0].translate(DIGITS)]
        if not data[field.name][0].isdecimal() or len(data[field.name][0]) > 6:
            form.refuse(field.name, f"{field.title}“{typed[0]}”不是一个整数。请只填数字。")
    elif field.kind == "number":
        data[field.name] = [typed[0].translate(DIGITS)]
        if not re.fullmatch(r"\d{1,6}(\.\d{1,3})?", data[field.name][0]):
            form.refuse(field.name, f"{field.title}“{typed[0]}”不是一个数。请只填数字，可以有小数。")
    elif field.kind == "date":
        day = form.date(field.name, field.title, required=False)
        data[field.name] = [str(day or "")]
    elif field.kind == "id":
        data[field.name] = [one for one in typed if one != OUTSIDER]
    elif field.kind in ("text", "person") and len(typed[0]) > 200:
        form.refuse(field.name, f"{field.title}最多 200 个字，现在有 {len(typed[0])} 个字。")
