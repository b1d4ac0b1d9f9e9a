"""`inquiry` 函询、联审: letters that agencies answer; a person enters the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Literal

from msgspec import Meta

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet, Part
from dangwu.facets.finding import Finding, Requirement
from dangwu.facets.registry import facet
from dangwu.shapes.short import Plain
from dangwu.values.bounds import Days
from dangwu.values.lattice import DOWN, UNION
from dangwu.values.wanted import fewest, unmet
from dangwu.values.word import Agency

Reply = Literal["clear", "concern", "object"]


@facet("inquiry", "函询")
class Inquiry(Facet, frozen=True):
    """Answers of `agencies`; a concern or an objection of one that has a `veto` stops the step. `reply_days` is a reminder.

    `veto: true` is short for the agencies that the rule names; if it names none, for all that its policy names at that step.
    """

    agencies: Annotated[frozenset[Agency], UNION, Meta(title="函询部门")] = frozenset()
    veto: Annotated[frozenset[Agency], UNION, Meta(title="可以一票否决的部门")] = frozenset()
    reply_days: Annotated[Days, DOWN, Meta(title="复函期限（天）")] = 0
    evidence = dict[Agency, Reply]
    order = 100
    shorts = {"veto": "可这一环节没有哪条规则写明向哪些部门函询。请写明部门，例如 veto: [public-security]"}
    supplements = frozenset({"*"})
    outside = frozenset({"*"})
    answers = {"clear": "无异议", "concern": "有疑问", "object": "不同意"}
    sentences = {
        "unanswered": "还没有收到复函：{keys}。请催办，收到后记录复函意见",
        "concern": "{agencies}复函有疑问。请由党委书面说明采信与否的理由",
        "vetoed": "{agencies}复函不同意，按规定一票否决",
    }
    titles = {"unanswered": "复函未到齐", "concern": "复函有疑问", "vetoed": "复函不同意"}
    curable = frozenset({"concern"})

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`unanswered`; `concern` (advisory unless veto); `vetoed`."""
        replies = self.keyed(records)
        lacking = unmet(self.agencies, replies)
        found = [self.missing("agencies", lacking, "unanswered")] if lacking else []
        doubtful = {agency: answer for agency, answer in replies.items() if answer != "clear"}
        return found + self._doubts(doubtful) if doubtful else found

    def _doubts(self, doubtful: Mapping[str, Reply]) -> list[Finding]:
        found = []
        for answer, reason in (("concern", "concern"), ("object", "vetoed")):
            against = sorted(
                agency for agency, one in doubtful.items() if one == answer and self._vetoes(agency)
            )
            if against:
                found.append(self.negative(reason, "veto", self._vetoes(*against), agencies=against))
        told = sorted(one for one in doubtful if not self._vetoes(one))
        if told:
            found.append(self.warning("concern", "agencies", told, agencies=told))
        return found

    def _vetoes(self, *agencies: str) -> list[str]:
        """The elements of `veto` that one of these agencies is."""
        return sorted(one for one in self.veto if not {*one.split("|")}.isdisjoint(agencies))

    @classmethod
    def spelled(
        cls, params: Mapping[str, Plain], beside: Iterable[Mapping[str, Plain]]
    ) -> Mapping[str, Plain]:
        """`veto: true` as the agencies that are meant."""
        if params.get("veto") is not True:
            return params
        named = [params] if "agencies" in params else list(beside)
        listed = [one.get("agencies") for one in named]
        agencies = [each for one in listed if one for each in (one if isinstance(one, list) else [one])]
        if not agencies:
            return params  # the loader says so
        return {**params, "veto": [one for at, one in enumerate(agencies) if one not in agencies[:at]]}

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """A clear answer from each agency that lacks."""
        given = given or {}
        return {**dict.fromkeys(fewest(self.agencies, given), "clear"), **given}

    def describe(self) -> list[Requirement]:
        """Agencies and veto."""
        found = [Requirement("agencies", key, f"须有{{{key}}}的复函") for key in sorted(self.agencies)]
        found += [Requirement("veto", key, f"{{{key}}}复函不同意的，一票否决") for key in sorted(self.veto)]
        if self.reply_days:
            found.append(Requirement("reply_days", "", f"函询后 {self.reply_days} 天内复函"))
        return found

    def keys(self) -> tuple[str, ...]:
        """The agencies."""
        return tuple(sorted({one.split("|")[0] for one in self.agencies}))

    def leaning(self) -> dict[Part, str]:
        """A veto of an agency that is not asked; a time to reply where nobody is."""
        asked = {word for one in self.agencies for word in one.split("|")}
        found: dict[Part, str] = {
            (
                "veto",
                one,
            ): "没有哪条规则要求向它函询，只有另外函询了它才算数。每次都要函询的，请把它也写进 agencies"
            for one in sorted(self.veto)
            if not asked & {*one.split("|")}
        }
        if self.reply_days and not asked:
            found["reply_days", ""] = "没有哪条规则写明向哪些部门函询。请写 agencies"
        return found

    def deadline(self, at: Moment) -> date | None:
        """`reply_days` after the step could be begun."""
        return at.opened + timedelta(days=self.reply_days) if at.opened and self.reply_days else None

    @classmethod
    def brief(cls, given: Plain, word: Callable[[str], str]) -> str:
        """How many answered what."""
        answers = list(given.values())
        told = [f"{said} {answers.count(one)}" for one, said in cls.answers.items() if one in answers]
        return f"复函 {len(answers)} 份（{'、'.join(told)}）"
