"""`poll` 测评、推优: how many of a group are for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet, Part
from dangwu.facets.finding import NEGATIVE, Finding, Reckoning, Requirement
from dangwu.facets.registry import facet
from dangwu.shapes.short import Plain
from dangwu.values.bounds import People
from dangwu.values.lattice import UNION, UP
from dangwu.values.share import Share
from dangwu.values.wanted import unmet
from dangwu.values.word import Source


class Poll(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One group's figures; a newer poll of the group replaces the older whole."""

    invited: Annotated[People, Meta(title="应参加人数")]
    for_: Annotated[People, Meta(title="赞成人数")] = msgspec.field(name="for")
    present: Annotated[People | None, Meta(title="实际参加人数")] = None

    @property
    def attended(self) -> int:
        """Those present; where not recorded, those invited."""
        return self.invited if self.present is None else self.present


@facet("poll", "测评推荐")
class PollFacet(Facet, frozen=True):
    """Polls among groups; `share` of those invited, `share_present` of those present. A recommendation where neither is set."""

    among: Annotated[frozenset[Source], UNION, Meta(title="参加测评的各方")] = frozenset()
    share: Annotated[Share | None, UP, Meta(title="占应参加人数的比例")] = None
    share_present: Annotated[Share | None, UP, Meta(title="占实际参加人数的比例")] = None
    evidence = dict[Source, Poll]
    adds_up = False
    decides = True
    order = 60
    sentences = {
        "missing": "还没有在{keys}中测评（推荐）。请组织后记录人数",
        "share": "{group}测评（推荐）赞成 {votes} 人，须{share}，没有达到",
        "count": "{group}测评（推荐）的人数不合：应参加 {invited}、实际参加 {present}、赞成 {votes}。请核对后重填",
    }
    titles = {"missing": "尚未测评推荐", "share": "测评推荐未达比例", "count": "测评推荐人数不合"}
    ends = frozenset({"share"})
    fails_by = frozenset({"share", "share_present"})
    refuses = frozenset({"count"})

    def outdone(self) -> dict[Part, Part]:
        """A share of those who came that is reached wherever the share of those invited is."""
        less = self.share and self.share_present and self.share_present <= self.share
        return {("share_present", ""): ("share", "")} if less else {}

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`poll.missing`, `poll.share`, and `poll.count` for figures that cannot be."""
        polls: Mapping[str, Poll] = self.keyed(records)
        lacking = unmet(self.among, polls)
        if not self.among and not polls:
            return [self.missing("share")]
        found = [self.missing("among", lacking)] if lacking else []
        for group, poll in polls.items():
            found += self._short(group, poll)
        return found

    def _short(self, group: str, poll: Poll) -> list[Finding]:
        present, invited = poll.attended, poll.invited
        values: dict[str, Plain] = {
            "group": group,
            "votes": poll.for_,
            "invited": invited,
            "present": present,
        }
        if not 0 <= poll.for_ <= present <= invited or invited == 0:
            return [self.impossible("count", **values)]
        found = []
        for param, share, base, whole in (
            ("share", self.share, "应参加", invited),
            ("share_present", self.share_present, "实际参加", present),
        ):
            if share is not None and not share.met(poll.for_, whole):
                found.append(self.negative("share", param, share=share.of(f"{base} {whole} 人"), **values))
        return found

    def begins_again(self, done: Sequence[Record], following: Record, at: Moment) -> bool:
        """A poll of a group whose last one fell short."""
        again = following.evidence.get(self.name, {})
        polls = self.keyed(done) if again else {}
        return any(self._fell_short(group, polls[group]) for group in again if group in polls)

    def carried(self, done: Sequence[Record], again: dict[str, Poll]) -> dict[str, Poll]:
        """A group that was polled with success is not polled again because another one fell short."""
        polls = self.keyed(done)
        passed = {group: poll for group, poll in polls.items() if not self._fell_short(group, poll)}
        return {**passed, **again}

    def _fell_short(self, group: str, poll: Poll) -> bool:
        return any(one.kind == NEGATIVE for one in self._short(group, poll))

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """Ten invited, present and for it in each group that lacks."""
        given = given or {}
        groups = {one.split("|")[0] for one in self.among if not set(one.split("|")) & given.keys()}
        filled = {
            group: {"invited": 10, "present": 10, "for": 10}
            for group in groups or (set() if self.among or given else {"masses"})
        }
        for group, poll in given.items():
            invited = poll.get("invited", poll.get("present", max(10, poll.get("for", 0))))
            filled[group] = {"invited": invited, "for": poll.get("present", invited), **poll}
        return filled

    def describe(self) -> list[Requirement]:
        """Groups and shares."""
        found = [Requirement("among", key, f"须在{{{key}}}中测评（推荐）") for key in sorted(self.among)]
        if self.share:
            found.append(Requirement("share", "", f"赞成{self.share.words}（占应参加人数）"))
        if self.share_present:
            found.append(
                Requirement("share_present", "", f"赞成{self.share_present.words}（占实际参加人数）")
            )
        return found

    def keys(self) -> tuple[str, ...]:
        """The groups."""
        return tuple(sorted({one.split("|")[0] for one in self.among})) or ("masses",)

    def reckonings(self) -> list[Reckoning]:
        """That nobody is counted who was not there, and the shares."""
        there = ("present", "invited")
        found = [
            Reckoning(("for",), "赞成", there, "参加"),
            Reckoning(("present",), "参加", ("invited",), "应参加"),
        ]
        if self.share:
            found.append(Reckoning(("for",), "赞成", ("invited",), "应参加", str(self.share)))
        if self.share_present:
            found.append(Reckoning(("for",), "赞成", there, "实际参加", str(self.share_present)))
        return found

    @classmethod
    def brief(cls, given: Plain, word: Callable[[str], str]) -> str:
        """Each group's figures."""
        return "；".join(
            f"{word(group)}应参加 {one['invited']}、赞成 {one['for']}" for group, one in given.items()
        )
