"""`talk`: whom to talk with, and who talks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import Finding, Requirement
from dangwu.facets.registry import facet
from dangwu.shapes.person import Named, Someone, listed, said
from dangwu.shapes.short import Plain
from dangwu.values.lattice import UNION
from dangwu.values.wanted import fewest, unmet
from dangwu.values.word import Party


class Talk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Evidence: whom was talked with, by whom."""

    with_: Annotated[list[Party], Meta(title="谈话对象")] = msgspec.field(name="with", default_factory=list)
    by: Annotated[list[Party], Meta(title="谈话人")] = msgspec.field(default_factory=list)
    talkers: Annotated[list[Someone], Meta(title="谈话人姓名")] = msgspec.field(default_factory=list)

    @property
    def posts(self) -> list[str]:
        """Who it was by: the words, and the posts of those who are named."""
        named = [one.post for one in self.talkers if one.post] if self.talkers else []
        return [*self.by, *named]


@facet("talk", "谈话")
class TalkFacet(Facet, frozen=True, rename={"with_": "with"}):
    """Talks with each of `with` by each of `by`, at once or one after another. Evidence `{with: [], by: []}`."""

    with_: Annotated[frozenset[Party], UNION, Meta(title="谈话对象")] = frozenset()
    by: Annotated[frozenset[Party], UNION, Meta(title="谈话人")] = frozenset()
    evidence = Talk
    order = 50
    keeping = True
    sentences = {
        "missing": "还没有同{keys}谈话。请谈话并记录后再办",
        "party": "谈话人还缺：{keys}。请由规定的人员谈话",
        "post": "按名册登记，{name}那天没有担任{keys}，不能由其谈话。请由规定的人员谈话；确已任职的，先在名册登记职务",
    }
    titles = {"missing": "尚未谈话", "party": "谈话人不全", "post": "谈话人没有职务"}
    refuses = frozenset({"post"})

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`talk.missing` (nobody, or not everybody, was talked with), `talk.party` (not by whom it must be)."""
        talks: list[Talk] = self.of(records)
        found = []
        lacking = unmet(self.with_, [one for talk in talks for one in talk.with_])
        if lacking or not talks:
            found.append(self.missing("with_", lacking))
        met = [self._about(one, talks) for one in sorted(self.with_.difference(lacking))] or [talks]
        if absent := {
            one for some in met for one in unmet(self.by, [post for talk in some for post in talk.posts])
        }:
            found.append(self.missing("by", sorted(absent), "party"))
        return found

    @staticmethod
    def _about(wanted: str, talks: Sequence[Talk]) -> list[Talk]:
        """The talks with him, and those that do not say with whom: who has talked with one has not talked with the others."""
        return [one for one in talks if not one.with_ or not {*wanted.split("|")}.isdisjoint(one.with_)]

    def people(self, given: Plain) -> Iterable[Named]:
        """Those who talked, by the posts that are asked for."""
        return listed(given, "talkers", self.by)

    def misnamed(self, given: Talk, at: Moment) -> Iterable[Finding]:
        """`post`."""
        return self.unheld(given.talkers, self.by, "by")

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """Talks with everybody by everybody that lacks."""
        given = given or {}
        return {
            **given,
            "with": given.get("with", fewest(self.with_)),
            "by": given.get("by", fewest(self.by)),
        }

    def describe(self) -> list[Requirement]:
        """With whom, by whom."""
        return [Requirement("with_", key, f"须同{{{key}}}谈话") for key in sorted(self.with_)] + [
            Requirement("by", key, f"由{{{key}}}谈话") for key in sorted(self.by)
        ]

    def options(self) -> dict[str, tuple[str, ...]]:
        """Whom and who."""
        return {"with": tuple(sorted(self.with_)), "by": tuple(sorted(self.by))}

    @classmethod
    def brief(cls, given: Plain, word: Callable[[str], str]) -> str:
        """With whom, and by whom."""
        by = "、".join(said({**one, "post": word(one.get("post", ""))}) for one in given.get("talkers", ()))
        return by + (f"同{'、'.join(map(word, given['with']))}谈话" if given.get("with") else "已谈话")
