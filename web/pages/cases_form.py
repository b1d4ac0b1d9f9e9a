"""The form of a step: what its requirements ask of one level, read back as evidence. Fields come from the contract."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from core.casework.levels import BY_LEVEL
from core.errors import Invalid
from dangwu.case import Record
from dangwu.effective import StepRules
from dangwu.errors import EvidenceError
from dangwu.explain import title
from dangwu.facet import FACETS
from dangwu.forms import Field, Section, collect, sections
from dangwu.regime import Regime
from web.forms import Form
from web.pages.cases_acts import Part
from web.pages.cases_cite import CitedRule, cited_all
from web.pages.cases_reckon import Reckoning, reckonings

MOST_ROWS = 30
DONE = "done:"
"""What the names of boxes begin with that stand for a facet's evidence as a whole."""
_DIGITS = str.maketrans("０１２３４５６７８９．", "0123456789.")
_DAY = re.compile(r"(\d{4})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})\D?")


class Hint(msgspec.Struct, frozen=True):
    """A requirement above the fields, with the rules that set it."""

    text: str
    advisory: bool
    rules: tuple[CitedRule, ...]


class Group(msgspec.Struct, frozen=True):
    """Fields under one heading ("" for none), such as those of one level or one group of people."""

    title: str
    fields: tuple[Field, ...]
    reckonings: tuple[Reckoning, ...]


class Block(msgspec.Struct, frozen=True):
    """One facet of the form. Without groups it only says what it requires.

    `hints` are the requirements that no field says by itself; `folded` those that stand in the fields as choices.
    """

    facet: str
    title: str
    hints: tuple[Hint, ...]
    folded: tuple[Hint, ...]
    groups: tuple[Group, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields of the block."""
        return tuple(field for group in self.groups for field in group.fields)


def blocks(regime: Regime, rules: StepRules, part: Part, form: Form | None = None) -> list[Block]:
    """What the form asks of this level, facet by facet; rows as many as the form has."""
    found = []
    for section in sections(regime, rules):
        fields = [_rowed(field, form) for field in _of_level(section.facet, section.fields, part)]
        if part.own and (done := _done(section, fields)):
            fields.insert(0, done)
        if fields or (part.own and section.facet not in BY_LEVEL and section.requirements):
            shown, folded = _hints(regime, section, fields)
            groups = tuple(_groups(regime, section.facet, rules, fields))
            found.append(Block(section.facet, section.title, shown, folded, groups))
    # In the order of the act: when and who and what was decided, then the papers that come of it.
    return sorted(found, key=lambda block: block.facet == "documents")


def _done(section: Section, fields: Sequence[Field]) -> Field | None:
    """A box that says that it took place, where nothing else that is asked would say so."""
    evidence = FACETS[section.facet].evidence
    if not (isinstance(evidence, type) and issubclass(evidence, msgspec.Struct)):
        return None
    if any(field.required or field.kind == "choices" for field in fields if field.kind != "rows"):
        return None
    return Field(f"{DONE}{section.facet}", "yes", f"这一次进行了{section.title}")


def _hints(
    regime: Regime, section: Section, fields: Sequence[Field]
) -> tuple[tuple[Hint, ...], tuple[Hint, ...]]:
    """The requirements that no field says by itself, and those that stand in the fields as choices or boxes."""
    said = {value for field in fields for one in (field, *field.fields) for value, _ in one.options}
    said |= {name for field in fields for name in field.name.split(".")[1:2]}
    boxes = {field.name.rpartition(".")[2] for field in fields if field.kind == "yes"}
    shown: list[Hint] = []
    folded: list[Hint] = []
    for line in section.requirements:
        hint = Hint(line.text, line.advisory, cited_all(regime, line.citations))
        in_fields = bool(said.intersection(line.key.split("|"))) or line.param in boxes
        (folded if in_fields or (section.facet in BY_LEVEL and line.key) else shown).append(hint)
    return tuple(shown), tuple(folded)


def _groups(regime: Regime, facet: str, rules: StepRules, fields: Iterable[Field]) -> Iterator[Group]:
    groups: dict[str, list[Field]] = {}
    for field in fields:
        groups.setdefault(field.group, []).append(_said(regime, field))
    for name, listed in groups.items():
        yield Group(name, tuple(listed), tuple(reckonings(facet, rules.facets[facet], listed)))


def _of_level(facet: str, fields: Iterable[Field], part: Part) -> Iterator[Field]:
    for field in fields:
        if facet not in BY_LEVEL:
            if part.own:
                yield field
        elif field.name.endswith(".*"):
            kept = tuple(option for option in field.options if option[0] in part.keys[facet])
            if kept:
                yield replace(field, options=kept)
        elif field.name.split(".")[1] in part.keys[facet]:
            yield field


def _rowed(field: Field, form: Form | None) -> Field:
    if field.kind != "rows" or form is None:
        return field
    shown = form.value(f"rows:{field.name}")
    count = int(shown) if shown.isdigit() else field.rows
    if form.value("more") == field.name:
        count += 1
    return replace(field, rows=max(1, min(count, MOST_ROWS)))


def _said(regime: Regime, field: Field) -> Field:
    """Alternatives are said in the hint: of `a|b` either is enough."""
    either = [title(regime, one) for one in field.wanted if "|" in one]
    if not either:
        return field
    hint = "；".join(f"{one}有其一即可" for one in either) + "。"
    return replace(field, hint=f"{field.hint}。{hint}" if field.hint else hint)


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
    typed = collect((field for field in fields if not field.name.startswith(DONE)), data)
    for field in fields:
        if field.name.startswith(DONE) and data.get(field.name):
            typed.setdefault(field.name.removeprefix(DONE), {})
    if fields and not typed:
        raise Invalid(
            "还没有填写办理的内容。请按实际办理情况填写后再记录；只是备注的，请用“写备注”。", code="empty"
        )
    try:
        made = Record.of(step, day or entered, typed, entered=entered)
    except EvidenceError as error:
        raise Invalid("".join(error.problems), code="evidence") from error
    return {name: msgspec.to_builtins(value) for name, value in made.evidence.items()}


def _check_group(group: Group, data: dict[str, list[str]], form: Form) -> None:
    leaves = list(_leaves(group.fields))
    for field in leaves:
        _check(field, data, form)
    for prefix, listed in _together(leaves).items():
        if any(_typed(field, data) for field in listed):
            for field in listed:
                if field.required and not _typed(field, data):
                    form.refuse(field.name, f"请填写{_whose(group, prefix)}{field.title}。")


def _leaves(fields: Iterable[Field]) -> Iterator[Field]:
    for field in fields:
        if field.kind == "rows":
            for row in range(field.rows):
                yield from (
                    replace(part, name=f"{field.name}.{row}.{part.name}") for part in row_fields(field)
                )
        else:
            yield field


def row_fields(field: Field) -> tuple[Field, ...]:
    """The fields of one row, named by their last part."""
    return tuple(replace(part, name=part.name.rpartition(".")[2]) for part in field.fields)


def _together(leaves: Iterable[Field]) -> Mapping[str, list[Field]]:
    found: dict[str, list[Field]] = {}
    for field in leaves:
        found.setdefault(field.name.rpartition(".")[0], []).append(field)
    return found


def _typed(field: Field, data: Mapping[str, list[str]]) -> bool:
    return any(one.strip() for one in data.get(field.name, []))


def _whose(group: Group, prefix: str) -> str:
    row = prefix.rpartition(".")[2]
    return f"第 {int(row) + 1} 行的" if row.isdigit() else f"{group.title}的" if group.title else ""


def _check(field: Field, data: dict[str, list[str]], form: Form) -> None:
    typed = [one.strip() for one in data.get(field.name, []) if one.strip()]
    if not typed:
        return
    if field.kind in ("choice", "choices"):
        data[field.name] = [one for one in typed if one in {value for value, _ in field.options}]
    elif field.kind == "whole":
        data[field.name] = [typed[0].translate(_DIGITS)]
        if not data[field.name][0].isdigit() or len(data[field.name][0]) > 6:
            form.refuse(field.name, f"{field.title}“{typed[0]}”不是一个整数。请只填数字。")
    elif field.kind == "number":
        data[field.name] = [typed[0].translate(_DIGITS)]
        if not re.fullmatch(r"\d{1,6}(\.\d{1,3})?", data[field.name][0]):
            form.refuse(field.name, f"{field.title}“{typed[0]}”不是一个数。请只填数字，可以有小数。")
    elif field.kind == "date":
        data[field.name] = [_day(field, typed[0], form)]
    elif field.kind == "text" and len(typed[0]) > 200:
        form.refuse(field.name, f"{field.title}最多 200 个字，现在有 {len(typed[0])} 个字。")


def _day(field: Field, typed: str, form: Form) -> str:
    match = _DAY.fullmatch(typed.translate(_DIGITS))
    try:
        found = date(*map(int, match.groups())) if match else None
    except ValueError:
        found = None
    if found is None:
        form.refuse(field.name, f"{field.title}“{typed}”不是一个日期。请写成 2026-06-16 这样。")
    return found.isoformat() if found else ""
