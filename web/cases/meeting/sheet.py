"""The form of a meeting: what all who were dealt with have in common is asked once, the rest for each of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from dangwu import StepRules, forms
from web.cases.file.opened import CaseFile
from web.cases.record.sheet import Sheet, sheet
from web.kit.asked.blocks import Block, Group
from web.kit.forms import Form
from web.kit.here import Here

ROWS = "rows:"
AGAIN = "again"
"""That of one of them the same was done once more on that day."""


class Person(msgspec.Struct, frozen=True):
    """Somebody whose step can be decided: his form as for himself alone (`whole`), and what is asked of him here (`own`)."""

    file: CaseFile
    sheet: Sheet
    whole: list[Block]
    own: list[Block]

    @property
    def prefix(self) -> str:
        """What the names of his own fields begin with."""
        return f"p:{self.file.id}:"

    def form(self, typed: Form) -> Form:
        """What was typed for him, with what is common to all, under the names of his own form."""
        values = {
            name: typed.values(name) for name in typed.names() if not name.startswith(("p:", f"{ROWS}p:"))
        }
        for name in typed.names():
            for head in ("", ROWS):
                if name.startswith(head + self.prefix):
                    values[head + name.removeprefix(head + self.prefix)] = typed.values(name)
        return Form(values)

    def named(self, field: str) -> str:
        """The name of one of his fields on the form of the meeting."""
        own = {one.name.removeprefix(self.prefix) for block in self.own for one in block.fields}
        mine = field == AGAIN or any(field == one or field.startswith(f"{one}.") for one in own)
        return self.prefix + field if mine else field


def person(here: Here, file: CaseFile, step: str, typed: Form) -> Person:
    """The form of one of them."""
    found = sheet(here, file, step, "")
    mine = Person(file, found, [], [])
    whole = found.blocks(file.regime, mine.form(typed))
    own = [_cut(block, found.rules, mine.prefix, shared=False) for block in whole]
    return Person(file, found, whole, [block for block in own if block.groups])


def common(people: Iterable[Person]) -> list[Block]:
    """What is asked once for all of them: the fields of each facet, with every choice that one of them has."""
    merged: dict[str, Block] = {}
    for one in people:
        for block in one.whole:
            cut = _cut(block, one.sheet.rules, "", shared=True)
            if cut.groups:
                merged[block.facet] = _merged(merged[block.facet], cut) if block.facet in merged else cut
    return list(merged.values())


def _cut(block: Block, rules: StepRules, prefix: str, *, shared: bool) -> Block:
    facet = rules.facets[block.facet]

    def kept(field: forms.Field) -> bool:
        inner = field.name.split(".")[1] if "." in field.name else ""
        return inner not in facet.attended and shared == (facet.together() or inner in facet.common)

    rolled = msgspec.json.encode(facet.attended).decode()
    groups = (
        replace(
            group,
            fields=tuple(_named(one, prefix) for one in group.fields if kept(one)),
            reckonings=()
            if shared
            else tuple(
                replace(line, prefix=prefix + line.prefix, rolled=rolled) for line in group.reckonings
            ),
        )
        for group in block.groups
    )
    hints = () if shared else block.hints
    return replace(
        block,
        groups=tuple(one for one in groups if one.fields),
        hints=hints,
        folded=() if shared else block.folded,
    )


def _named(field: forms.Field, prefix: str) -> forms.Field:
    return replace(field, name=prefix + field.name)


def _merged(one: Block, other: Block) -> Block:
    fields: dict[str, forms.Field] = {}
    for field in (*one.fields, *other.fields):
        known = fields.get(field.name)
        options = tuple(dict.fromkeys((*known.options, *field.options))) if known else field.options
        fields[field.name] = replace(known or field, options=options)
    return replace(one, groups=(Group("", tuple(fields.values()), ()),))


def taken(people: Sequence[Person], typed: Form) -> list[Person]:
    """Those who were decided on."""
    return [one for one in people if typed.flag(f"{one.prefix}taken")]
