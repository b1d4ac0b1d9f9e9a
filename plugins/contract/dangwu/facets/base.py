"""A facet: one kind of requirement. Its fields are its parameters, each with its join; `judge` says what is found.

A plugin brings a facet of its own by subclassing Facet and decorating it with `@facet("its-name", "中文名")`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, ClassVar, TypeVar

import msgspec

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.errors import EvidenceError, FormError
from dangwu.facets.finding import ADVISORY, IMPOSSIBLE, MISSING, NEGATIVE, Finding, Requirement
from dangwu.shapes.clauses import evidence_clause, field_titles, is_form
from dangwu.shapes.short import Plain, part_of, spelled_out
from dangwu.values.lattice import AND, joins

T = TypeVar("T")


class Facet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A kind of requirement. Subclasses declare parameters as `Annotated[type, JOIN]` and override judge, least, describe.

    `evidence` is the type of what a record carries under the facet's name, None if nothing is recorded.
    `timeless`: what is missing when nothing has been recorded does not depend on the day or the person.
    `anchors`: the parameters whose keys are steps of the procedure.
    `adds_up`: what earlier records of the step gave still counts beside a new one; not so where each record is an act of
    its own (a vote, an assessment).
    """

    advisory: Annotated[bool, AND] = False

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    evidence: ClassVar[Any] = None
    timeless: ClassVar[bool] = True
    anchors: ClassVar[tuple[str, ...]] = ()
    adds_up: ClassVar[bool] = True
    sentences: ClassVar[Mapping[str, str]] = {}

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """What is found for these records (oldest first) at that moment. `found` applies `advisory`."""
        raise NotImplementedError(f"facet {self.name} does not judge")

    def found(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """What `judge` finds, warnings only where the facet is advisory."""
        return self.softened(self.judge(records, at))

    def softened(self, findings: list[Finding]) -> list[Finding]:
        """What an advisory facet finds are warnings; figures that cannot be stay impossible."""
        if not self.advisory:
            return findings
        return [
            one if one.kind in (ADVISORY, IMPOSSIBLE) else msgspec.structs.replace(one, kind=ADVISORY)
            for one in findings
        ]

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """The least evidence (plain builtins) that satisfies what `given` leaves open; None: nothing is needed."""
        return given

    def describe(self) -> list[Requirement]:
        """Each parameter's parts as sentences without the full stop. Unless overridden, its `Meta(title=…)` with the value: what
        a plugin asks for is never passed over in silence."""
        titles = dict(field_titles(type(self)))
        found = []
        for name, how in joins(type(self)):
            for key, value in how.parts(getattr(self, name)).items() if name != "advisory" else ():
                said = [
                    titles.get(name, name),
                    f"{{{key}}}" if key else "",
                    "" if value is True else str(value),
                ]
                found.append(
                    Requirement(name, key, f"{self.title}：{' '.join(word for word in said if word)}")
                )
        return found

    def keys(self) -> tuple[str, ...]:
        """For evidence that is a mapping: the keys that are asked for, in order."""
        return ()

    def options(self) -> Mapping[str, tuple[str, ...]]:
        """For each evidence field that is a list: the ids that are asked for."""
        return {}

    def deadline(self, at: Moment) -> date | None:
        """The day by which the step should be done, as far as this facet says."""
        return None

    def turns(self, records: Sequence[Record], at: Moment) -> Iterable[date]:
        """The days on which time alone changes what `judge` says of these records: the first day of each new answer."""
        return ()

    def end(self, records: Sequence[Record]) -> date | None:
        """The last day of a time that runs once all is given (a notice); the next step can be taken the day after."""
        return None

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

    @classmethod
    def _checked(cls, convert: Callable[[], T]) -> T:
        try:
            return convert()
        except (msgspec.ValidationError, ValueError, TypeError) as error:
            what = evidence_clause(cls.evidence, error)
            kind = FormError if is_form(error) else EvidenceError
            raise kind([f"“{cls.title}”的内容不对：{what}。请按表格的提示重新填写。"]) from error

    @classmethod
    def of(cls, records: Sequence[Record]) -> list[Any]:
        """This facet's evidence in those records that carry it."""
        name = cls.name
        if len(records) == 1:  # by far the most frequent
            evidence = records[0].evidence
            return [evidence[name]] if name in evidence else []
        return [record.evidence[name] for record in records if name in record.evidence]

    def missing(
        self, param: str, keys: Iterable[str] = (), reason: str = "missing", **values: object
    ) -> Finding:
        """A finding that something has not been given yet."""
        return Finding(f"{self.name}.{reason}", MISSING, param, tuple(keys), values)

    def negative(self, reason: str, param: str, keys: Iterable[str] = ("",), **values: object) -> Finding:
        """A finding that what was given says no."""
        return Finding(f"{self.name}.{reason}", NEGATIVE, param, tuple(keys), values)

    def impossible(self, reason: str, **values: object) -> Finding:
        """A finding that what was given cannot be."""
        return Finding(f"{self.name}.{reason}", IMPOSSIBLE, "", (), values)

    def warning(self, reason: str, param: str, keys: Iterable[str] = ("",), **values: object) -> Finding:
        """A finding that stops nothing."""
        return Finding(f"{self.name}.{reason}", ADVISORY, param, tuple(keys), values)
