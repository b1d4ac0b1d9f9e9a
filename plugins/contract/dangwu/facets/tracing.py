"""`tracing` 查找: attempts to reach somebody with whom contact is lost: when, how, by whom, with what result.

People search, and people enter it: nothing here asks a system. Source: 党员教育管理工作条例第二十四条.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, field

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import Finding, Requirement
from dangwu.facets.registry import facet
from dangwu.shapes.person import Named, Someone, everybody
from dangwu.shapes.short import Plain
from dangwu.values.bounds import Count
from dangwu.values.lattice import UNION, UP
from dangwu.values.vocabulary import WORDS
from dangwu.values.wanted import fewest, unmet
from dangwu.values.word import Way


class Attempt(Someone, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One attempt: `name` is who made it; by several ways if they were tried together."""

    name: Annotated[str, Meta(title="查找人", min_length=1, max_length=200)]
    day: Annotated[date | None, Meta(title="查找日期", description="不填即办理的那一天")] = None
    ways: Annotated[list[Way], Meta(title="查找方式")] = field(default_factory=list)
    result: Annotated[Literal["none", "trace", "reached"], Meta(title="结果")] = "none"
    told: Annotated[str, Meta(title="查找经过", max_length=200)] = ""


@facet("tracing", "查找")
class Tracing(Facet, frozen=True):
    """Attempts by all `ways`, by so many `different` ones, so many `attempts` in all. Who is reached is no longer lost."""

    ways: Annotated[frozenset[Way], UNION, Meta(title="查找方式")] = frozenset()
    different: Annotated[Count, UP, Meta(title="至少几种方式")] = 0
    attempts: Annotated[Count, UP, Meta(title="至少几次")] = 0
    evidence = list[Attempt]
    order = 165
    supplements = frozenset({"*"})
    made_without = False
    outside = frozenset({"*"})
    answers = {"none": "没有联系上", "trace": "有线索，没有联系上", "reached": "联系上本人"}
    sentences = {
        "missing": "还没有查找。请查找后逐次记录：何时、何人、用什么方式、结果怎样",
        "way": "还没有用过这些方式：{keys}。请查找后记录",
        "different": "用过 {have} 种方式，须不少于 {wanted} 种。请换一种方式继续查找",
        "few": "查找过 {have} 次，须不少于 {wanted} 次。请继续查找",
        "reached": "{name}于 {day} 联系上本人，不再是失联。请按“已经取得联系”终止，接着办理跟踪管理；记错了的，请更正那一条",
        "later": "查找日期 {attempt} 晚于办理日期 {day}。请核对日期",
    }
    titles = {
        "missing": "尚未查找",
        "way": "查找方式不全",
        "different": "查找方式太少",
        "few": "查找次数不够",
        "reached": "已经联系上",
        "later": "查找晚于办理",
    }

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`missing`, `way`, `different`, `few`; `reached` by the newest attempt."""
        made = _made(records)
        param = next((one for one in ("attempts", "different") if getattr(self, one)), "ways")
        if not made:
            return [self.missing(param, sorted(self.ways) if param == "ways" else ("",))]
        found, used = [], {way for _, one in made for way in one.ways}
        if lacking := unmet(self.ways, used):
            found.append(self.missing("ways", lacking, "way"))
        for name, reason, have in (("different", "different", len(used)), ("attempts", "few", len(made))):
            if have < (wanted := getattr(self, name)):
                found.append(self.missing(name, ("",), reason, have=have, wanted=wanted))
        day, last = max(made, key=lambda one: one[0])
        if last.result == "reached":
            found.append(self.negative("reached", param, name=last.name, day=day))
        return found

    @classmethod
    def misdated(cls, record: Record, records: Sequence[Record]) -> Iterator[Finding]:
        """An attempt is made before it is recorded."""
        for one in record.evidence[cls.name]:
            if one.day is not None and one.day > record.day:
                yield cls.impossible("later", attempt=one.day, day=record.day)

    def people(self, given: Plain) -> Iterable[Named]:
        """Those who searched; any post will do."""
        return everybody(given)

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """One attempt by every way, and as many more as are asked for, without result."""
        if given is not None:
            return given
        ways = fewest(self.ways)
        ways += [way for way in WORDS["way"] if way not in ways][: max(0, self.different - len(ways))]
        more = max(1, self.attempts) - len(_made(records))
        return [{"name": "查找人甲", "ways": ways or ["phone"]}] * max(1, more)

    def describe(self) -> list[Requirement]:
        """Each way, and how many."""
        found = [Requirement("ways", key, f"须用这一方式查找：{{{key}}}") for key in sorted(self.ways)]
        if self.different:
            found.append(Requirement("different", "", f"须用不少于 {self.different} 种方式查找"))
        return found + (
            [Requirement("attempts", "", f"查找不少于 {self.attempts} 次")] if self.attempts else []
        )

    def options(self) -> dict[str, tuple[str, ...]]:
        """The ways: those that are asked for, and every usual one."""
        return {"ways": tuple(dict.fromkeys((*sorted(self.ways), *WORDS["way"])))}

    def rows(self) -> int:
        """One; more are added."""
        return 1

    @classmethod
    def brief(cls, given: Plain, word: Callable[[str], str]) -> str:
        """How often, in which ways, with what result."""
        ways = dict.fromkeys(way for one in given for way in one.get("ways", ()))
        how = f"（{'、'.join(map(word, ways))}）" if ways else ""
        return f"查找 {len(given)} 次{how}，{cls.answers[given[-1].get('result', 'none')]}" if given else ""


def _made(records: Sequence[Record]) -> list[tuple[date, Attempt]]:
    """Every attempt with its day."""
    return [
        (one.day or record.day, one) for record in records for one in record.evidence.get(Tracing.name, ())
    ]
