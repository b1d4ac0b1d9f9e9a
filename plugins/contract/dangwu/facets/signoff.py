"""`signoff` 签认, `visit` 回访 and `serial` 编号."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import Finding, Requirement
from dangwu.facets.registry import facet
from dangwu.shapes.short import Plain
from dangwu.values.lattice import OR, UNION
from dangwu.values.wanted import fewest, unmet
from dangwu.values.word import Aspect, Party, Role


@facet("signoff", "签认")
class Signoff(Facet, frozen=True):
    """Who must sign by name. Evidence `{role: name}`."""

    roles: Annotated[frozenset[Role], UNION] = frozenset()
    evidence = dict[Role, Annotated[str, Meta(min_length=1, max_length=200)]]
    order = 180
    supplements = frozenset({"*"})
    sentences = {"missing": "还缺签认：{keys}。请由本人签名后记录姓名"}
    titles = {"missing": "签认不全"}

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`signoff.missing`."""
        signed = self.of(records)
        lacking = unmet(
            self.roles, signed[0] if len(signed) == 1 else {role for one in signed for role in one}
        )
        return [self.missing("roles", lacking)] if lacking else []

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """A name for each role that lacks."""
        given = given or {}
        return {**dict.fromkeys(fewest(self.roles, given), "已签"), **given}

    def describe(self) -> list[Requirement]:
        """Each role."""
        return [Requirement("roles", key, f"须由{{{key}}}签认") for key in sorted(self.roles)]

    def keys(self) -> tuple[str, ...]:
        """The roles."""
        return tuple(sorted({one.split("|")[0] for one in self.roles}))

    def together(self) -> bool:
        """A list is signed for all who stand on it."""
        return True

    @classmethod
    def brief(cls, given: Plain, word: Callable[[str], str]) -> str:
        """Who signed as what."""
        return "、".join(f"{word(role)} {name}" for role, name in given.items()) + " 签认" if given else ""


class Visit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One visit."""

    aspects: Annotated[list[Aspect], Meta(title="回访内容")] = msgspec.field(default_factory=list)
    by: Annotated[list[Party], Meta(title="回访人")] = msgspec.field(default_factory=list)


@facet("visit", "回访")
class VisitFacet(Facet, frozen=True):
    """A visit of these `aspects` `by` these persons; several visits add up."""

    aspects: Annotated[frozenset[Aspect], UNION] = frozenset()
    by: Annotated[frozenset[Party], UNION] = frozenset()
    evidence = Visit
    order = 160
    sentences = {
        "missing": "还没有回访，或回访人还缺：{keys}。请回访后记录",
        "aspect": "回访还缺内容：{keys}",
    }
    titles = {"missing": "尚未回访", "aspect": "回访内容不全"}

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`missing` (no visit, or not by all), `aspect`."""
        visits: list[Visit] = self.of(records)
        lacking = unmet(self.by, {one for visit in visits for one in visit.by})
        found = [self.missing("by", lacking)] if lacking or not visits else []
        if visits and (short := unmet(self.aspects, {one for visit in visits for one in visit.aspects})):
            found.append(self.missing("aspects", short, "aspect"))
        return found

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """All aspects by all."""
        return {"aspects": fewest(self.aspects), "by": fewest(self.by), **(given or {})}

    def describe(self) -> list[Requirement]:
        """By whom, of what."""
        return [Requirement("by", key, f"由{{{key}}}回访") for key in sorted(self.by)] + [
            Requirement("aspects", key, f"回访{{{key}}}") for key in sorted(self.aspects)
        ]

    def options(self) -> dict[str, tuple[str, ...]]:
        """Aspects and visitors."""
        return {"aspects": tuple(sorted(self.aspects)), "by": tuple(sorted(self.by))}

    @classmethod
    def brief(cls, given: Plain, word: Callable[[str], str]) -> str:
        """What it was about."""
        return f"回访{'、'.join(map(word, given['aspects']))}" if given.get("aspects") else "已回访"


class Serial(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A number from the quota of the level above; `state` is what the quota's keeper answered."""

    number: Annotated[str, Meta(title="编号", max_length=200)] = ""
    state: Annotated[Literal["issued", "exhausted", "duplicate"], Meta(title="编号情况")] = "issued"


@facet("serial", "编号")
class SerialFacet(Facet, frozen=True):
    """A number that the level above allots. Evidence: the number."""

    required: Annotated[bool, OR] = False
    evidence = Serial
    order = 170
    answers = {"issued": "已编号", "exhausted": "编号用完", "duplicate": "编号重复"}
    sentences = {
        "missing": "还没有编号。请从上级分配的编号中取号后记录",
        "exhausted": "上级分配的编号已经用完。请申请追加后再办",
        "duplicate": "编号 {number} 已经用过，一号只能用于一人。请换号",
    }
    titles = {"missing": "尚未编号", "exhausted": "编号用完", "duplicate": "编号重复"}

    @classmethod
    def tidy(cls, given: Plain) -> Plain:
        """A bare number for `{number: …}`."""
        return {"number": str(given)} if isinstance(given, str | int) else given

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

    def describe(self) -> list[Requirement]:
        """That a number is asked for."""
        return [Requirement("required", "", "须有上级分配的编号")] if self.required else []

    @classmethod
    def brief(cls, given: Plain, word: Callable[[str], str]) -> str:
        """The number, else what the quota's keeper answered."""
        return f"编号 {given['number']}" if given.get("number") else cls.answer(given.get("state", ""))
