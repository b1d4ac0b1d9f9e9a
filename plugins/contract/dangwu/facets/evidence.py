"""What a record carries under a facet's name: read from builtins, and found in records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar, TypeVar

import msgspec

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.errors import EvidenceError, FormError
from dangwu.facets.finding import IMPOSSIBLE, Finding
from dangwu.shapes.clauses import evidence_clause, is_form
from dangwu.shapes.person import Named, Rolled, Someone
from dangwu.shapes.short import Plain, part_of, spelled_out

T = TypeVar("T")


class Recorded(msgspec.Struct, frozen=True):
    """The part of a facet that knows its evidence."""

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    evidence: ClassVar[Any] = None
    """The type of what a record carries under the facet's name, None if nothing is recorded."""
    adds_up: ClassVar[bool] = True
    """What earlier records of the step gave still counts beside a new one; not so where each is an act of its own."""
    posted: ClassVar[frozenset[str]] = frozenset()
    """The fields that a public notice may show."""
    attended: ClassVar[Mapping[str, str]] = {}
    """The fields that the roll of a meeting gives: `eligible` who may attend and vote, `present` who of them did, `why` the first
    is not as the register reckons."""
    common: ClassVar[frozenset[str]] = frozenset()
    """The fields that all who are dealt with at one meeting have in common; the rest is decided one by one."""

    @classmethod
    def tidy(cls, given: Plain) -> Plain:
        """Spell out short forms of evidence: one thing for a list of one, the answer alone for `{conclusion: answer}`."""
        return spelled_out(cls.evidence, given)

    @classmethod
    def read(cls, given: Plain) -> Any:
        """Evidence from plain builtins. Raises EvidenceError with a sentence."""
        try:
            return msgspec.convert(given, cls.evidence, strict=False)
        except msgspec.ValidationError:  # perhaps it only wants spelling out
            return cls._checked(lambda: msgspec.convert(cls.tidy(given), cls.evidence, strict=False))

    @classmethod
    def part(cls, given: Plain) -> Plain:
        """A part of the evidence as plain builtins, spelled out, for `least` to complete. Raises EvidenceError."""
        return None if given is None else cls._checked(lambda: part_of(cls.evidence, cls.tidy(given)))

    def people(self, given: Plain) -> Iterable[Named]:
        """The people whom evidence (builtins, spelled out) names one by one."""
        return ()

    def misnamed(self, given: Any, at: Moment) -> Iterable[Finding]:
        """What of the people of the register whom a new record names cannot be: it is refused. Of others nothing is known."""
        return ()

    def rolled(self) -> Rolled | None:
        """Where evidence says how many of the branch's members are entitled, of which the register knows the names."""
        return None

    def unheld(self, people: Iterable[Someone], words: Collection[str], param: str) -> Iterable[Finding]:
        """`post`, for each of the register who held none of the posts that these words (`a|b`) stand for."""
        keys = tuple(sorted(words))
        known = {word for one in keys for word in one.split("|")}
        for one in people:
            if known and one.person and one.post not in known:
                yield Finding(f"{self.name}.post", IMPOSSIBLE, param, keys, {"name": one.name})

    @classmethod
    def _checked(cls, convert: Callable[[], T]) -> T:
        try:
            return convert()
        except (msgspec.ValidationError, ValueError, TypeError) as error:
            what = evidence_clause(cls.evidence, error)
            kind = FormError if is_form(error) else EvidenceError
            raise kind([f"“{cls.title}”的内容不对：{what}。请按表格的提示重新填写。"]) from error

    def newest(self, records: Sequence[Record]) -> Sequence[Record]:
        """The newest of these records (oldest first) that carries this facet's evidence, as a list of one; empty if none does."""
        name = self.name
        return next(((one,) for one in reversed(records) if name in one.evidence), ())

    def listed(self, records: Sequence[Record]) -> Collection[str]:
        """For evidence that is a list or a mapping: all its elements or keys in those records."""
        name = self.name
        if len(records) == 1:  # by far the most frequent
            found: Collection[str] = records[0].evidence.get(name, ())
            return found
        return {one for record in records for one in record.evidence.get(name, ())}

    def keyed(self, records: Sequence[Record]) -> Mapping[str, Any]:
        """For evidence that is a mapping: what those records say under each key, the newest of it."""
        name = self.name
        if len(records) == 1:  # by far the most frequent
            found: Mapping[str, Any] = records[0].evidence.get(name, {})
            return found
        return {key: one for record in records for key, one in record.evidence.get(name, {}).items()}

    def of(self, records: Sequence[Record]) -> list[Any]:
        """This facet's evidence in those records that carry it."""
        name = self.name
        if len(records) == 1:  # by far the most frequent
            evidence = records[0].evidence
            return [evidence[name]] if name in evidence else []
        return [record.evidence[name] for record in records if name in record.evidence]

    def holds(self, records: Sequence[Record]) -> Plain:
        """What these records say together (builtins), as a paper has it: the newest, and of evidence that adds up all of it. None
        where they say nothing."""
        given = self.of(records)
        if not given:
            return None
        together = given[-1]
        if isinstance(together, Mapping):
            together = {key: value for one in given for key, value in one.items()}
        elif self.adds_up and isinstance(together, list) and all(isinstance(one, str) for one in together):
            together = list(dict.fromkeys(word for one in given for word in one))
        return msgspec.to_builtins(together, builtin_types=(date,))
