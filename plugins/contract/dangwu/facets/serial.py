"""`serial` 编号: a number from the quota that the level above allots."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import Finding, Requirement
from dangwu.facets.registry import facet
from dangwu.shapes.short import Plain
from dangwu.values.lattice import OR

_NARROW = {
    wide: wide - 0xFEE0
    for wide in (0xFF0D, *range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
"""Full-width hyphen, digits and letters; brackets stay as official documents write them."""


def _written(number: str) -> str:
    """A number without blanks and invisible characters, with narrow digits and letters."""
    return "".join(
        one for one in number.translate(_NARROW) if not one.isspace() and unicodedata.category(one) != "Cf"
    )


class Serial(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number from the quota of the level above; `state` is what the quota's keeper answered."""

    number: Annotated[str, Meta(title="编号", max_length=200)] = ""
    state: Annotated[Literal["issued", "exhausted", "duplicate"], Meta(title="编号情况")] = "issued"


@facet("serial", "编号")
class SerialFacet(Facet, frozen=True):
    """A number that the level above allots. Evidence: the number."""

    required: Annotated[bool, OR, Meta(title="须有编号")] = False
    allotted: Annotated[bool, OR, Meta(title="编号由上级核发，一号只用一次")] = False
    evidence = Serial
    order = 170
    answers = {"issued": "已编号", "exhausted": "编号用完", "duplicate": "编号重复"}
    sentences = {
        "missing": "还没有编号。请从上级分配的编号中取号后记录",
        "exhausted": "上级分配的编号已经用完。请申请追加后再办",
        "duplicate": "编号 {number} 已经用过，一号只能用于一人。请换号",
    }
    curable = frozenset({"duplicate"})
    titles = {"missing": "尚未编号", "exhausted": "编号用完", "duplicate": "编号重复"}

    @classmethod
    def tidy(cls, given: Plain) -> Plain:
        """A bare number for `{number: …}`; one number is written in one way."""
        if isinstance(given, str | int):
            return {"number": _written(str(given))}
        if isinstance(given, Mapping) and isinstance(number := given.get("number"), str):
            return {**given, "number": _written(number)}
        return given

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`missing`, `exhausted`, `duplicate`."""
        serials: list[Serial] = self.of(records)
        if not self.required or (serials and serials[-1].state == "issued" and serials[-1].number):
            return []
        if not serials or serials[-1].state == "issued":
            return [self.missing("required", ("",))]
        if serials[-1].state == "exhausted":
            return [self.missing("required", ("",), "exhausted")]
        return [self.negative("duplicate", "required", number=serials[-1].number)]

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """Some number."""
        return given if given is not None else {"number": "0001"}

    def allots(self) -> bool:
        """As the rule says."""
        return self.allotted

    @classmethod
    def number_of(cls, given: Plain | Serial) -> str:
        """Of evidence or of what was typed."""
        found = given if isinstance(given, Serial) else msgspec.convert(cls.tidy(given), Serial)
        return _written(found.number) if found.state == "issued" else ""

    def describe(self) -> list[Requirement]:
        """That a number is asked for, and that it is used once."""
        found = [Requirement("required", "", "须有上级分配的编号")] if self.required else []
        once = "编号由上级核发，一号只用一次，作废的不再用"
        return [*found, Requirement("allotted", "", once)] if self.allotted else found

    @classmethod
    def brief(cls, given: Plain, word: Callable[[str], str]) -> str:
        """The number, else what the quota's keeper answered."""
        return f"编号 {given['number']}" if given.get("number") else cls.answer(given.get("state", ""))
