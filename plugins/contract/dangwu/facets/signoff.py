"""`signoff` 签认: who must sign by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated

from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import Finding, Requirement
from dangwu.facets.registry import facet
from dangwu.shapes.person import Named, Someone
from dangwu.shapes.short import Plain
from dangwu.values.lattice import UNION
from dangwu.values.wanted import fewest, unmet
from dangwu.values.word import Role

_NOBODY: dict[Role, Someone] = {}


@facet("signoff", "签认")
class Signoff(Facet, frozen=True):
    """Who must sign by name. Evidence `{role: name}`; of somebody in the register the post is known, and must be that one."""

    roles: Annotated[frozenset[Role], UNION, Meta(title="签认人员")] = frozenset()
    evidence = dict[Role, Someone]
    order = 180
    keeping = True
    supplements = frozenset({"*"})
    sentences = {
        "missing": "还缺签认：{keys}。请由本人签名后记录姓名",
        "post": "按名册登记，{name}那天没有担任{keys}，不能以此职务签认。请由任此职务的人签认；确已任职的，先在名册登记职务",
    }
    titles = {"missing": "签认不全", "post": "签认人没有职务"}
    refuses = frozenset({"post"})

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`signoff.missing`."""
        signed = {
            role
            for record in records
            for role, one in record.evidence.get("signoff", _NOBODY).items()
            if not one.person or one.post == role
        }
        lacking = unmet(self.roles, signed)
        return [self.missing("roles", lacking)] if lacking else []

    def people(self, given: Plain) -> Iterable[Named]:
        """Whoever signs, by the post for which he does."""
        signed = given if isinstance(given, dict) else {}
        return [Named(one, frozenset({role})) for role, one in signed.items() if isinstance(one, dict)]

    def misnamed(self, given: dict[str, Someone], at: Moment) -> Iterable[Finding]:
        """`post`."""
        for role, one in given.items():
            yield from self.unheld((one,), (role,), "roles")

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """A name for each role that lacks."""
        given = given or {}
        return {**{role: {"name": "已签"} for role in fewest(self.roles, given)}, **given}

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
        names = (
            f"{word(role)} {one if isinstance(one, str) else one['name']}" for role, one in given.items()
        )
        return "、".join(names) + " 签认" if given else ""
