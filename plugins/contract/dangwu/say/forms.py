"""Forms from evidence types: what to ask when a step is recorded. A plugin's new step or facet has a form without code."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from datetime import date
from typing import Literal, Union, get_args, get_origin

import msgspec

from dangwu.facets.base import Facet
from dangwu.facets.registry import FACETS
from dangwu.regime.effective import StepRules
from dangwu.regime.regime import Regime
from dangwu.say import explain
from dangwu.shapes.person import Someone
from dangwu.shapes.short import Plain, fields_of, hints_of


class Field(msgspec.Struct, frozen=True):
    """One field. `name` is dotted (`vote.eligible`, `review.branch.conclusion`); `kind` one of whole, number, text, date, yes,
    choice (one of `options`), choices (several of `options`), rows (a list of groups made of `fields`), person (a name; the field
    `….person` beside it, of the kind id, is for the one of the register who is meant)."""

    name: str
    kind: str
    title: str
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    required: bool = False
    wanted: tuple[str, ...] = ()
    """Of `options`, those that the rules ask for; an element `a|b` means either."""
    fields: tuple[Field, ...] = ()
    rows: int = 0
    group: str = ""


class Section(msgspec.Struct, frozen=True):
    """The fields of one facet, with what it requires and who says so."""

    facet: str
    title: str
    fields: tuple[Field, ...]
    requirements: tuple[explain.Line, ...]


def sections(regime: Regime, rules: StepRules) -> list[Section]:
    """What to ask for a step, facet by facet; facets without evidence come with no fields."""
    lines = explain.requirements(regime, rules)
    maker = _Maker(regime, rules)
    return [
        Section(
            name,
            FACETS[name].title,
            tuple(maker.fields(name, facet)) if facet.evidence is not None and not facet.absent else (),
            tuple(line for line in lines if line.facet == name),
        )
        for name, facet in rules.facets.items()
    ]


def collect(fields: typing.Iterable[Field], data: Mapping[str, list[str]]) -> dict[str, Plain]:
    """Evidence (plain builtins, by facet) from what was typed: `data` has every value of each field name as text.

    What was left empty is left out. Numbers and dates stay text: read_record converts and complains.
    """
    found: dict[str, Plain] = {}
    for field in fields:
        value = _value(field, data)
        if value not in (None, [], ""):
            _put(found, field.name, value)
    return _pruned(found)


def _value(field: Field, data: Mapping[str, list[str]]) -> Plain:
    typed = [one.strip() for one in data.get(field.name, []) if one.strip()]
    if field.kind == "choices":
        return typed
    if field.kind == "yes":
        return True if typed else None
    if field.kind == "rows":
        rows = []
        for row in range(max(field.rows, 1)):
            one = {
                part.name: _value(msgspec.structs.replace(part, name=f"{field.name}.{row}.{part.name}"), data)
                for part in field.fields
            }
            one = {key: value for key, value in one.items() if value not in (None, [], "")}
            if any(value is not True for value in one.values()):
                rows.append(one)
        return rows
    return typed[0] if typed else None


def _put(found: dict[str, Plain], name: str, value: Plain) -> None:
    *path, last = name.split(".")
    for part in path:
        found = found.setdefault(part, {})
    found[last] = value


def spread(fields: typing.Iterable[Field], evidence: Mapping[str, Plain]) -> dict[str, list[str]]:
    """What would have to be typed for this evidence: `collect` the other way round."""
    data: dict[str, list[str]] = {}
    for field in fields:
        value = _found(evidence, field.name)
        if field.kind == "rows":
            for row, one in enumerate(value or ()):
                data |= {
                    f"{field.name}.{row}.{part.name}": _texts(one.get(part.name)) for part in field.fields
                }
        elif texts := _texts(value):
            data[field.name] = texts
    return data


def _found(evidence: Mapping[str, Plain], name: str) -> Plain:
    value: Plain = evidence
    for part in name.removesuffix(".*").split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _texts(value: Plain) -> list[str]:
    if value is None or value is False:
        return []
    if isinstance(value, list):
        return [str(one) for one in value]
    return ["1" if value is True else f"{value:g}" if isinstance(value, float) else str(value)]


def _pruned(found: dict[str, Plain]) -> dict[str, Plain]:
    """Groups in which only a box was ticked or nothing was typed stay; `<facet>.*` wrappers of plain lists are unwrapped."""
    return {
        key: one["*"] if isinstance(one, dict) and set(one) == {"*"} else one for key, one in found.items()
    }


class _Maker:
    def __init__(self, regime: Regime, rules: StepRules) -> None:
        self.regime, self.rules = regime, rules
        self.step = regime.steps.get(rules.id)
        self.motions = bool(self.step and self.step.outcomes)

    def fields(self, name: str, facet: Facet) -> list[Field]:
        evidence = facet.evidence
        if isinstance(evidence, type) and issubclass(evidence, msgspec.Struct):
            return self._struct(name, evidence, facet, "")
        origin, args = get_origin(evidence), get_args(evidence)
        if origin is list and _is_text(args[0]):
            return [self._choices(f"{name}.*", FACETS[name].title, "", facet.options().get("", ()))]
        if origin is list:
            return [self._rows(f"{name}.*", args[0], facet)]
        if origin is dict:
            asked = facet.keys()
            return [field for key in asked for field in self._keyed(name, key, args[1], facet)]
        return [Field(f"{name}.*", "text", FACETS[name].title)]

    def _keyed(self, name: str, key: str, kind: object, facet: Facet) -> list[Field]:
        title = explain.title(self.regime, key)
        if kind is Someone:
            return [*_person(f"{name}.{key}.", title)]
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return self._struct(f"{name}.{key}", kind, facet, title)
        field = self._plain(f"{name}.{key}", kind, title, "", facet, "")
        return [msgspec.structs.replace(field, title=title, group="")]

    def _struct(self, name: str, kind: type[msgspec.Struct], facet: Facet, group: str) -> list[Field]:
        hints = hints_of(kind)
        found = []
        for field in fields_of(kind):
            if not facet.asks(field.encode_name, motions=self.motions):
                continue
            one = self._plain(
                f"{name}.{field.encode_name}",
                hints[field.name],
                _untitled(kind, field.encode_name, facet),
                "",
                facet,
                field.encode_name,
                required=field.required,
            )
            found.append(msgspec.structs.replace(one, group=group))
        return found

    def _plain(
        self,
        name: str,
        hint: object,
        title: str,
        help_: str,
        facet: Facet,
        key: str,
        *,
        required: bool = False,
    ) -> Field:
        kind, title, help_ = _described(hint, title, help_)
        options = facet.options()
        if key == "motion" and facet.moves and self.step is not None and self.step.outcomes:
            choices = tuple((one, explain.title(self.regime, one)) for one in self.step.outcomes)
            return Field(name, "choice", title, help_, choices, True)
        if get_origin(kind) is list:
            inner = get_args(kind)[0]
            if _is_text(inner):
                return self._choices(name, title, help_, options.get(key, ()))
            return msgspec.structs.replace(self._rows(name, inner, facet), title=title)
        if get_origin(kind) is Literal:
            return Field(
                name,
                "choice",
                title,
                help_,
                tuple((one, facet.answer(one)) for one in get_args(kind)),
                required,
            )
        kinds: dict[object, str] = {bool: "yes", int: "whole", float: "number", date: "date", str: "text"}
        return Field(name, kinds.get(kind, "text"), title, help_, (), required)

    def _choices(self, name: str, title: str, hint: str, wanted: tuple[str, ...]) -> Field:
        ids = tuple(dict.fromkeys(part for one in wanted for part in one.split("|")))
        return Field(
            name,
            "choices",
            title,
            hint,
            tuple((one, explain.title(self.regime, one)) for one in ids),
            False,
            wanted,
        )

    def _rows(self, name: str, kind: type[msgspec.Struct], facet: Facet) -> Field:
        hints = hints_of(kind)
        named = issubclass(kind, Someone)
        parts = tuple(_person("", _described(hints["name"], "姓名", "")[1])) if named else ()
        parts += tuple(
            self._plain(
                one.encode_name,
                hints[one.name],
                _untitled(kind, one.encode_name, facet),
                "",
                facet,
                one.encode_name,
                required=one.required,
            )
            for one in fields_of(kind)
            if facet.asks(one.encode_name, motions=self.motions)
            and not (named and _known(one.encode_name, facet))
        )
        return Field(name, "rows", facet.title, fields=parts, rows=facet.rows())


def _person(prefix: str, title: str) -> typing.Iterator[Field]:
    yield Field(f"{prefix}name", "person", title, "", (), True)
    yield Field(f"{prefix}person", "id", title)


def _known(field: str, facet: Facet) -> bool:
    """Whether of a person in evidence nobody is asked for this: it is his name, or what follows from who he is."""
    return field in ("name", "person", "post") or (field == "qualifications" and field not in facet.options())


def _untitled(kind: type[msgspec.Struct], name: str, facet: Facet) -> str:
    """What a field is called for which a plugin gives no `Meta(title=…)`: no field is without a label."""
    return facet.title if len(fields_of(kind)) == 1 else name


def _is_text(kind: object) -> bool:
    """Whether a type is text, or words of a category."""
    return (get_args(kind)[0] if hasattr(kind, "__metadata__") else kind) is str


def _described(hint: object, title: str, help_: str) -> tuple[object, str, str]:
    """The bare type with its Chinese title and hint; `T | None` counts as T."""
    if hasattr(hint, "__metadata__"):
        for extra in hint.__metadata__:
            if isinstance(extra, msgspec.Meta):
                title, help_ = extra.title or title, extra.description or help_
        hint = get_args(hint)[0]
    if get_origin(hint) in (Union, types.UnionType):
        return _described(next(one for one in get_args(hint) if one is not type(None)), title, help_)
    return hint, title, help_
