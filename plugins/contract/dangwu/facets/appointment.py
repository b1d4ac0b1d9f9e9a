"""`appointment`: who is appointed (mentors, sponsors), how many, with which qualifications. Source: 细则第九、十四条."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Annotated

import msgspec
from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet, Part
from dangwu.facets.finding import IMPOSSIBLE, Finding, Requirement
from dangwu.facets.registry import facet
from dangwu.shapes.person import Named, Someone, everybody, said
from dangwu.shapes.short import Plain
from dangwu.values.bounds import Count
from dangwu.values.lattice import DOWN, UNION, UP
from dangwu.values.wanted import fewest, unmet
from dangwu.values.word import Qualification

STEMS = "甲乙丙丁戊己庚辛壬癸"


class Appointee(Someone, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One person; a newer entry about him replaces the older; `released` when he no longer serves."""

    released: Annotated[bool, Meta(title="不再担任")] = False


@facet("appointment", "指定人员")
class AppointmentFacet(Facet, frozen=True):
    """At least `count` and at most `at_most` persons, each with all `qualifications`.

    Lacking one that is only `advised` warns.
    """

    count: Annotated[Count, UP, Meta(title="至少几人")] = 0
    at_most: Annotated[Count, DOWN, Meta(title="至多几人")] = 0
    qualifications: Annotated[frozenset[Qualification], UNION, Meta(title="应具备的条件")] = frozenset()
    advised: Annotated[frozenset[Qualification], UNION, Meta(title="宜具备的条件")] = frozenset()
    evidence = list[Appointee]
    posted = frozenset({"name"})
    order = 130
    sentences = {
        "count": "已确定 {have} 名，须{wanted} 名。{then}",
        "unsuitable": "{name}不宜担任：不符合{keys}。确需由其担任的，请说明理由",
        "self": "{name}就是本人，不能由本人担任。请另行确定人选",
        "twice": "{name}填了两次。几名人选须是不同的人，请另选一人",
        "unqualified": "{name}不具备条件：{keys}。请核实，确不具备的另行确定人选",
    }
    titles = {
        "count": "人选不足",
        "unsuitable": "人选不宜担任",
        "self": "本人不能担任",
        "twice": "同一人填了两次",
        "unqualified": "人选不合条件",
    }
    refuses = frozenset({"self", "twice"})

    def contradiction(self) -> str:
        """At most fewer than at least."""
        if 0 < self.at_most < self.count:
            return f"至多 {self.at_most} 名（at_most），少于至少要有的 {self.count} 名（count）"
        return ""

    def outdone(self) -> dict[Part, Part]:
        """What each should have and must have."""
        return {("advised", one): ("qualifications", one) for one in self.advised & self.qualifications}

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`count`, `unqualified`."""
        serving = self._serving(records)
        found = []
        for one in serving:
            if lacking := unmet(self.qualifications, one.qualifications):
                found.append(self.negative("unqualified", "qualifications", lacking, name=one.name))
            if advised := unmet(self.advised, one.qualifications):
                found.append(self.warning("unsuitable", "advised", advised, name=one.name))
        have, least = len(serving), max(self.count, 1)
        if have < least:
            then = "请确定人选后记录"
            found.append(
                self.missing("count", ("",), "count", have=have, wanted=f"不少于 {least}", then=then)
            )
        if self.at_most and have > self.at_most:
            then = "更换人选的，请把原来的人记为“不再担任”"
            found.append(self.impossible("count", have=have, wanted=f"不多于 {self.at_most}", then=then))
        return found

    def _serving(self, records: Sequence[Record]) -> list[Appointee]:
        newest = {one.key: one for listed in self.of(records) for one in listed}
        return [one for one in newest.values() if not one.released]

    def holds(self, records: Sequence[Record]) -> Plain:
        """Those who serve."""
        return msgspec.to_builtins(self._serving(records)) or None

    def people(self, given: Plain) -> Iterable[Named]:
        """Everybody; any post will do."""
        return everybody(given)

    def misnamed(self, given: list[Appointee], at: Moment) -> Iterable[Finding]:
        """`self`, `twice`, and at once `unqualified`: the register knows who is a full member and whose rights are intact."""
        known = [one for one in given if one.person and not one.released]
        param = "count" if self.count else "at_most"
        for key, often in Counter(one.person for one in known).items():
            name = next(one.name for one in known if one.person == key)
            if key == at.case.subject.person:
                yield Finding(
                    "appointment.self", IMPOSSIBLE, "qualifications", ("full-member",), {"name": name}
                )
            elif often > 1:
                yield Finding("appointment.twice", IMPOSSIBLE, param, ("",), {"name": name})
        for one in known if not self.advisory else ():
            lacking = unmet(self.qualifications, one.qualifications)
            if lacking and one.person != at.case.subject.person:
                yield Finding(
                    "appointment.unqualified", IMPOSSIBLE, "qualifications", (*lacking,), {"name": one.name}
                )

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """Those who serve, and as many more as are asked for, all qualified."""
        qualifications = fewest(self.advised, fewest(self.qualifications))
        if given is not None:
            return [{"qualifications": qualifications, **one} for one in given]
        serving = [one.name for one in self._serving(records)]
        others = (f"党员{stem}" for stem in STEMS if f"党员{stem}" not in serving)
        names = [*serving, *islice(others, max(0, max(self.count, 1) - len(serving)))]
        return [{"name": name, "qualifications": qualifications} for name in names]

    def describe(self) -> list[Requirement]:
        """How many, with which qualifications."""
        found = [Requirement("count", "", f"不少于 {self.count} 名")] if self.count else []
        if self.at_most:
            found.append(Requirement("at_most", "", f"不多于 {self.at_most} 名"))
        found += [
            Requirement("qualifications", key, f"须符合：{{{key}}}") for key in sorted(self.qualifications)
        ]
        return found + [Requirement("advised", key, f"一般应符合：{{{key}}}") for key in sorted(self.advised)]

    def options(self) -> dict[str, tuple[str, ...]]:
        """The qualifications."""
        return {"qualifications": tuple(sorted(self.qualifications | self.advised))}

    def rows(self) -> int:
        """As many as may serve."""
        return max(self.at_most, self.count, 1)

    def begin(self, before: Sequence[Plain]) -> dict[str, list[dict[str, Plain]]]:
        """Rows for those still to be appointed, not for those who are."""
        newest = {
            one.get("person") or one["name"]: one.get("released", False)
            for listed in before
            for one in listed
        }
        serving = sum(1 for released in newest.values() if not released)
        return {"*": [{}] * max(1, self.count - serving)} if serving else {}

    @classmethod
    def brief(cls, given: Plain, word: Callable[[str], str]) -> str:
        """The names, with posts."""
        return "、".join(said(one) + ("（不再担任）" if one.get("released") else "") for one in given)
