"""The form of a step: what its requirements ask of one level, read back as evidence. Fields come from the contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec.structs import replace

from core.casework.acts.parts import Part
from dangwu import Citation, Regime, StepRules, explain, forms, kind_of
from web.kit.asked.reckon import Line, reckonings
from web.kit.forms import Form

MOST_ROWS = 30
DONE = "done:"
"""What the names of boxes begin with that stand for a facet's evidence as a whole."""


class Hint(msgspec.Struct, frozen=True):
    """A requirement above the fields, with the rules that set it."""

    text: str
    advisory: bool
    rules: tuple[Citation, ...]


class Group(msgspec.Struct, frozen=True):
    """Fields under one heading ("" for none), such as those of one level or one group of people."""

    title: str
    fields: tuple[forms.Field, ...]
    reckonings: tuple[Line, ...]


class Block(msgspec.Struct, frozen=True):
    """One facet of the form. Without groups it only says what it requires.

    `hints` are the requirements that no field says by itself; `folded` those that stand in the fields as choices.
    """

    facet: str
    title: str
    hints: tuple[Hint, ...]
    folded: tuple[Hint, ...]
    groups: tuple[Group, ...]
    rolled: str = ""
    """The field for a number that follows from the register by name ("": none)."""

    @property
    def fields(self) -> tuple[forms.Field, ...]:
        """All fields of the block."""
        return tuple(field for group in self.groups for field in group.fields)


def blocks(regime: Regime, rules: StepRules, part: Part, form: Form | None = None) -> list[Block]:
    """What the form asks of this level, facet by facet; rows as many as the form has."""
    found = []
    for section in forms.sections(regime, rules):
        fields = [_rowed(field, form) for field in _of_level(section.facet, section.fields, part)]
        if part.own and (done := _done(section, fields)):
            fields.insert(0, done)
        if fields or (part.own and not kind_of(section.facet).by_level and section.requirements):
            shown, folded = _hints(section, fields)
            groups = tuple(_groups(regime, section.facet, rules, fields))
            rolled = rules.facets[section.facet].rolled()
            number = f"{section.facet}.{rolled.counted}" if rolled else ""
            found.append(Block(section.facet, section.title, shown, folded, groups, number))
    # In the order of the act: when and who and what was decided, then the papers that come of it.
    return sorted(found, key=lambda block: kind_of(block.facet).papers)


def supplementing(asked: Iterable[Block]) -> list[Block]:
    """Of these blocks what only completes an act already recorded."""
    found = []
    for block in asked:
        takes = kind_of(block.facet).supplements
        groups = [_completing(group, takes) for group in block.groups]
        if left := tuple(group for group in groups if group.fields):
            found.append(replace(block, groups=left))
    return found


def _completing(group: Group, takes: frozenset[str]) -> Group:
    """The group with those fields alone that `takes` names (`*`: all)."""
    fields = (one for one in group.fields if "*" in takes or {*one.name.split(".")[1:]} & takes)
    return replace(group, fields=tuple(fields), reckonings=())


def _done(section: forms.Section, fields: Sequence[forms.Field]) -> forms.Field | None:
    """A box that says that it took place, where nothing else that is asked would say so."""
    evidence = kind_of(section.facet).evidence
    if not (isinstance(evidence, type) and issubclass(evidence, msgspec.Struct)):
        return None
    if any(field.required or field.kind == "choices" for field in fields if field.kind != "rows"):
        return None
    return forms.Field(f"{DONE}{section.facet}", "yes", f"这一次进行了{section.title}")


def _hints(
    section: forms.Section, fields: Sequence[forms.Field]
) -> tuple[tuple[Hint, ...], tuple[Hint, ...]]:
    """The requirements that no field says by itself, and those that stand in the fields as choices or boxes."""
    said = {value for field in fields for one in (field, *field.fields) for value, _ in one.options}
    said |= {name for field in fields for name in field.name.split(".")[1:2]}
    boxes = {field.name.rpartition(".")[2] for field in fields if field.kind == "yes"}
    shown: list[Hint] = []
    folded: list[Hint] = []
    for line in section.requirements:
        hint = Hint(line.text, line.advisory, tuple(dict.fromkeys(line.citations)))
        in_fields = bool(said.intersection(line.key.split("|"))) or line.param in boxes
        (folded if in_fields or (kind_of(section.facet).by_level and line.key) else shown).append(hint)
    return tuple(shown), tuple(folded)


def _groups(regime: Regime, facet: str, rules: StepRules, fields: Iterable[forms.Field]) -> Iterator[Group]:
    groups: dict[str, list[forms.Field]] = {}
    for field in fields:
        groups.setdefault(field.group, []).append(_said(regime, field))
    for name, listed in groups.items():
        yield Group(name, tuple(listed), tuple(reckonings(rules.facets[facet], listed)))


def _of_level(facet: str, fields: Iterable[forms.Field], part: Part) -> Iterator[forms.Field]:
    for field in fields:
        if not kind_of(facet).by_level:
            if part.own:
                yield field
        elif field.name.endswith(".*"):
            kept = tuple(option for option in field.options if option[0] in part.keys.get(facet, ()))
            if kept:
                yield replace(field, options=kept)
        elif field.name.split(".")[1] in part.keys.get(facet, ()):
            yield field


def _rowed(field: forms.Field, form: Form | None) -> forms.Field:
    if field.kind != "rows" or form is None:
        return field
    shown = form.counted(f"rows:{field.name}")
    count = field.rows if shown is None else shown
    if form.value("more") == field.name:
        count += 1
    return replace(field, rows=max(1, min(count, MOST_ROWS)))


def _said(regime: Regime, field: forms.Field) -> forms.Field:
    """Alternatives are said in the hint: of `a|b` either is enough."""
    either = [
        f"{explain.title(regime, one)}有其一即可"
        if one.count("|") == 1
        else f"{_listed(regime, one)}中有其一即可"
        for one in field.wanted
        if "|" in one
    ]
    if not either:
        return field
    hint = "；".join(either) + "。"
    return replace(field, hint=f"{field.hint}。{hint}" if field.hint else hint)


def _listed(regime: Regime, alternatives: str) -> str:
    return "、".join(explain.title(regime, one) for one in alternatives.split("|"))


def row_fields(field: forms.Field) -> tuple[forms.Field, ...]:
    """The fields of one row, named by their last part."""
    return tuple(replace(part, name=part.name.rpartition(".")[2]) for part in field.fields)
