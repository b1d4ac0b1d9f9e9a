"""`vote` 票决: quorum and majority of those entitled to attend and vote.

Source: 细则（2026）第十九至二十一条、第三十二条: more than half of those entitled must attend, more than half of those
entitled must be for it, by secret ballot, one person at a time; opinions handed in in writing beforehand count as votes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet, Part
from dangwu.facets.finding import IMPOSSIBLE, Finding, Reckoning, Requirement
from dangwu.facets.registry import facet
from dangwu.shapes.person import Named, Rolled, Someone, listed
from dangwu.shapes.short import Plain
from dangwu.values.bounds import Months, People
from dangwu.values.lattice import OR, UNION, UP
from dangwu.values.share import Share
from dangwu.values.wanted import fewest, unmet
from dangwu.values.word import Party, Topic


class Vote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One vote's figures; a newer vote replaces the older whole. Observers never count."""

    eligible: Annotated[People, Meta(title="应到会有表决权的人数", description="没有表决权的人不计入")]
    present: Annotated[
        People, Meta(title="实到会有表决权的人数", description="不含列席人员；会前书面意见不计入")
    ]
    for_: Annotated[People, Meta(title="到会赞成票")] = msgspec.field(name="for")
    against: Annotated[People, Meta(title="反对票")] = 0
    abstain: Annotated[People, Meta(title="弃权票")] = 0
    written_for: Annotated[
        People, Meta(title="会前书面赞成", description="因故不能到会、会前正式提出书面赞成意见的人数")
    ] = 0
    secret: Annotated[bool, Meta(title="采取无记名投票")] = False
    one_by_one: Annotated[bool, Meta(title="逐个讨论、逐个表决")] = False
    observers: Annotated[list[Party], Meta(title="列席人员")] = msgspec.field(default_factory=list)
    observing: Annotated[list[Someone], Meta(title="列席人员姓名")] = msgspec.field(default_factory=list)
    presence: Annotated[list[Party], Meta(title="到场人员")] = msgspec.field(default_factory=list)
    briefed: Annotated[list[Topic], Meta(title="表决前讲清的事项")] = msgspec.field(default_factory=list)
    reckoned: Annotated[People, Meta(title="按名册推算的应到人数")] = 0
    difference: Annotated[
        str,
        Meta(
            title="应到人数与名册不一致的原因",
            description="与按名册推算的人数一致的，不填",
            max_length=200,
        ),
    ] = ""
    motion: Annotated[str, Meta(title="表决事项")] = ""
    months: Annotated[Months, Meta(title="延长的月数")] = 0

    @property
    def posts(self) -> list[str]:
        """Who observed: the words, and the posts of those who are named."""
        return [*self.observers, *(one.post for one in self.observing if one.post)]

    @property
    def votes(self) -> int:
        """All votes for it."""
        return self.for_ + self.written_for

    @property
    def adds_up(self) -> bool:
        """Whether the figures can be."""
        cast = self.for_ + self.against + self.abstain
        return self.eligible > 0 and cast <= self.present and self.present + self.written_for <= self.eligible


@facet("vote", "票决")
class VoteFacet(Facet, frozen=True):
    """A vote; `quorum` and `pass` are shares of those entitled, `pass_present` of those present."""

    quorum: Annotated[Share | None, UP, Meta(title="到会比例")] = None
    pass_: Annotated[Share | None, UP, Meta(title="占应到会人数的赞成比例")] = msgspec.field(
        name="pass", default=None
    )
    pass_present: Annotated[Share | None, UP, Meta(title="占实到会人数的赞成比例")] = None
    secret: Annotated[bool, OR, Meta(title="无记名投票")] = False
    one_by_one: Annotated[bool, OR, Meta(title="逐个讨论、逐个表决")] = False
    observers: Annotated[frozenset[Party], UNION, Meta(title="列席人员")] = frozenset()
    presence: Annotated[frozenset[Party], UNION, Meta(title="到场人员")] = frozenset()
    roll: Annotated[bool, OR, Meta(title="应到会为支部全体有表决权的党员")] = False
    """Those entitled are all members of the branch with a vote: the platform reckons them by name from its register."""
    briefed: Annotated[frozenset[Topic], UNION, Meta(title="表决前讲清的事项")] = frozenset()
    advised: Annotated[frozenset[Topic], UNION, Meta(title="表决前一般应讲清的事项")] = frozenset()
    """What should be explained before the vote: a warning, where `briefed` is a condition."""
    evidence = Vote
    adds_up = False
    decides = True
    order = 70
    newest_tells = True
    replaces = True
    moves = True
    attended = {"eligible": "eligible", "present": "present", "difference": "why"}
    common = frozenset({"secret", "one_by_one", "observers", "observing"})
    sentences = {
        "missing": "还没有表决。请开会表决后记录人数",
        "quorum": "应到会 {eligible} 人、实到会 {present} 人，须{share}才能开会，会议无效。请另行召开",
        "failed": "赞成 {votes} 票，须{share}，没有通过",
        "secret": "没有采取无记名投票，表决无效。请重新投票",
        "one-by-one": "没有逐个讨论、逐个表决，表决无效。请逐个重新表决",
        "observer": "缺少列席人员：{keys}。请由规定的人员列席",
        "roll": "应到会填了 {eligible} 人，按名册推算是 {reckoned} 人。请对照名册逐人核对；确有不同的，写明原因后再记录",
        "post": "按名册登记，{name}那天没有担任{keys}，不能以此身份列席。请由规定的人员列席；确已任职的，先在名册登记职务",
        "presence": "应到场而没有到场：{keys}",
        "briefing": "表决前还没有讲清：{keys}",
        "advised": "会议记录没有写明：{keys}。确已进行的请补记，没有进行的请说明",
        "count": "票数不合：应到 {eligible}、实到 {present}、到会赞成 {for_}、"
        "反对 {against}、弃权 {abstain}、会前书面赞成 {written_for}。"
        "到会票数不能多于实到人数，实到与书面意见之和不能多于应到人数。请核对会议记录后重填",
        "motion": "表决事项不对：{why}",
    }  # fmt: skip
    titles = {
        "missing": "尚未表决",
        "quorum": "到会人数不足",
        "failed": "表决未通过",
        "secret": "未用无记名投票",
        "one-by-one": "未逐个表决",
        "observer": "列席人员不全",
        "presence": "应到人员未到",
        "briefing": "表决前未讲清",
        "advised": "表决前的汇报没有写明",
        "count": "票数不合",
        "motion": "表决事项不对",
        "post": "列席人没有职务",
        "roll": "应到与名册不一致",
    }
    ends = frozenset({"quorum", "failed", "secret", "one-by-one", "observer", "presence", "briefing"})
    refuses = frozenset({"count", "motion", "post", "roll"})

    def outdone(self) -> dict[Part, Part]:
        """What should be explained and must be."""
        return {("advised", one): ("briefed", one) for one in self.advised & self.briefed}

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """The reasons of the design's table; figures that cannot be exclude the rest."""
        votes: list[Vote] = self.of(records)
        if not votes:
            return [self.missing("pass_")]
        vote = votes[-1]
        if not vote.adds_up:
            return [self.impossible("count", **msgspec.structs.asdict(vote))]
        return self._figures(vote) + self._manner(vote)

    def _figures(self, vote: Vote) -> list[Finding]:
        found = []
        if self.quorum is not None and not self.quorum.met(vote.present, vote.eligible):
            share = self.quorum.of("应到会人数")
            found.append(
                self.negative("quorum", "quorum", eligible=vote.eligible, present=vote.present, share=share)
            )
        if self.pass_ is not None and not self.pass_.met(vote.votes, vote.eligible):
            share = self.pass_.of(f"应到会 {vote.eligible} 人")
            found.append(self.negative("failed", "pass_", votes=vote.votes, share=share))
        if self.pass_present is not None and not self.pass_present.met(vote.for_, vote.present):
            share = self.pass_present.of(f"实到会 {vote.present} 人")
            found.append(self.negative("failed", "pass_present", votes=vote.for_, share=share))
        return found

    def _manner(self, vote: Vote) -> list[Finding]:
        found = []
        if self.secret and not vote.secret:
            found.append(self.negative("secret", "secret"))
        if self.one_by_one and not vote.one_by_one:
            found.append(self.negative("one-by-one", "one_by_one"))
        if self.observers and (lacking := unmet(self.observers, vote.posts)):
            found.append(self.negative("observer", "observers", lacking))
        if lacking := unmet(self.presence, vote.presence):
            found.append(self.negative("presence", "presence", lacking))
        if lacking := unmet(self.briefed, vote.briefed):
            found.append(self.negative("briefing", "briefed", lacking))
        if unsaid := unmet(self.advised, vote.briefed):
            found.append(self.warning("advised", "advised", unsaid))
        return found

    def people(self, given: Plain) -> Iterable[Named]:
        """The observers, by the posts that are asked for."""
        return listed(given, "observing", self.observers)

    def misnamed(self, given: Vote, at: Moment) -> Iterable[Finding]:
        """`post`; `roll`: not as many as by the register, and no reason why."""
        yield from self.unheld(given.observing, self.observers, "observers")
        if self.roll and given.reckoned not in (0, given.eligible) and not given.difference.strip():
            figures = {"eligible": given.eligible, "reckoned": given.reckoned}
            yield Finding("vote.roll", IMPOSSIBLE, "roll", ("",), figures)

    def rolled(self) -> Rolled | None:
        """The fields for those entitled."""
        return Rolled("eligible", "reckoned") if self.roll else None

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """Everybody present and for it, in the manner that is asked for, unless `given` says otherwise."""
        given = dict(given or {})
        against, written = given.get("against", 0), given.get("written_for", 0)
        cast = given.get("for", 0) + against + given.get("abstain", 0)
        eligible = given.get("eligible", max(given.get("present", cast or 10) + written, cast + written))
        present = given.get("present", max(cast, eligible - written))
        manner = {
            "eligible": eligible,
            "present": present,
            "for": present - against - given.get("abstain", 0),
            "secret": True,
            "one_by_one": True,
            "observers": fewest(self.observers),
            "presence": fewest(self.presence),
            "briefed": fewest(self.advised, fewest(self.briefed)),
        }
        return {**manner, **given}

    def describe(self) -> list[Requirement]:
        """Figures and manner."""
        found = []
        if self.quorum:
            found.append(Requirement("quorum", "", f"实到会有表决权的人数须{self.quorum.words}（占应到会）"))
        if self.pass_:
            found.append(Requirement("pass_", "", f"赞成票须{self.pass_.words}（占应到会有表决权的人数）"))
        if self.pass_present:
            found.append(
                Requirement("pass_present", "", f"赞成票须{self.pass_present.words}（占实到会人数）")
            )
        if self.secret:
            found.append(Requirement("secret", "", "采取无记名投票"))
        if self.one_by_one:
            found.append(Requirement("one_by_one", "", "逐个讨论、逐个表决"))
        if self.roll:
            found.append(Requirement("roll", "", "应到会是支部全体有表决权的党员，按名册逐人核对"))
        found += [
            Requirement("observers", key, f"{{{key}}}列席，不计入人数") for key in sorted(self.observers)
        ]
        found += [Requirement("presence", key, f"{{{key}}}到场") for key in sorted(self.presence)]
        found += [Requirement("briefed", key, f"表决前讲清{{{key}}}") for key in sorted(self.briefed)]
        return found + [
            Requirement("advised", key, f"表决前一般应有：{{{key}}}") for key in sorted(self.advised)
        ]

    def options(self) -> dict[str, tuple[str, ...]]:
        """Observers, those present, and what is explained."""
        named = {param: tuple(sorted(getattr(self, param))) for param in ("observers", "presence")}
        return {**named, "briefed": tuple(sorted(self.briefed | self.advised))}

    def asks(self, field: str, *, motions: bool = False) -> bool:
        """A motion where there are several, and of the manner what is asked for."""
        if field in ("motion", "months"):
            return motions
        if field == "observing":
            return bool(self.observers)
        if field == "difference":
            return self.roll
        if field in ("secret", "one_by_one"):
            return bool(getattr(self, field))
        if field == "reckoned":  # the platform's own, by the roll
            return False
        return super().asks(field)

    def reckonings(self) -> list[Reckoning]:
        """That no more votes are counted than can be cast, and the shares."""
        here, entitled = ("present",), ("eligible",)
        found = [
            Reckoning(("for", "against", "abstain"), "到会票数", here, "实到"),
            Reckoning(("present", "written_for"), "实到与书面意见", entitled, "应到"),
        ]
        if self.quorum:
            found.append(Reckoning(here, "实到", entitled, "应到", str(self.quorum)))
        if self.pass_:
            found.append(Reckoning(("for", "written_for"), "赞成", entitled, "应到", str(self.pass_)))
        if self.pass_present:
            found.append(Reckoning(("for",), "赞成", here, "实到", str(self.pass_present)))
        return found

    @classmethod
    def motion(cls, given: Vote) -> tuple[str, int]:
        """What was put to the vote."""
        return given.motion, given.months

    @classmethod
    def put(cls, given: Plain, motion: str, months: int) -> dict[str, Plain]:
        """A vote on this motion, for so many months."""
        return {**({"months": months} if months else {}), "motion": motion, **given}

    @classmethod
    def brief(cls, given: Plain, word: Callable[[str], str]) -> str:
        """The motion, and the figures."""
        written = given.get("written_for", 0)
        votes = f"赞成 {given['for'] + written}" + (f"（含会前书面 {written}）" if written else "")
        parts = [f"应到 {given['eligible']}", f"实到 {given['present']}", votes]
        others = (("against", "反对"), ("abstain", "弃权"))
        parts += [f"{said} {given[key]}" for key, said in others if given.get(key)]
        motion = given.get("motion", "")
        put = f"{word(motion)}，" if motion else ""
        return put + "、".join(parts)
