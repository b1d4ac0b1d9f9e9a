"""`signoff` 签认: who must sign by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated

from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import Finding, Requirement
from dangwu.facets.registry import facet
from dangwu.shapes.short import Plain
from dangwu.values.lattice import UNION
from dangwu.values.wanted import fewest, unmet
from dangwu.values.word import Role


@facet("signoff", "签认")
class Signoff(Facet, frozen=True):
    """Who must sign by name. Evidence `{role: name}`."""

    roles: Annotated[frozenset[Role], UNION, Meta(title="签认人员")] = frozenset()
    evidence = dict[Role, Annotated[str, Meta(min_length=1, max_length=200)]]
    order = 180
    keeping = True
    supplements = frozenset({"*"})
    sentences = {"missing": "还缺签认：{keys}。请由本人签名后记录姓名"}
    titles = {"missing": "签认不全"}

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`signoff.missing`."""
        lacking = unmet(self.roles, self.listed(records))
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
