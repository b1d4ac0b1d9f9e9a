"""A facet: one kind of requirement. Its fields are its parameters, each with its join; `judge` says what is found.
A plugin brings a facet of its own by subclassing Facet and decorating it with `@facet("its-name", "中文名")`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any, ClassVar

import msgspec

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.evidence import Recorded
from dangwu.facets.finding import ADVISORY, IMPOSSIBLE, MISSING, NEGATIVE, Finding, Reckoning, Requirement
from dangwu.shapes.clauses import field_titles
from dangwu.shapes.short import Plain, blank, fields_of
from dangwu.values.lattice import AND, joins

Part = tuple[str, str]


class Facet(Recorded, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A kind of requirement. Subclasses declare parameters as `Annotated[type, JOIN]` and override judge, least, describe.
    Nothing outside knows a facet by its name: whatever is particular to it is declared here, with defaults that fit."""

    advisory: Annotated[bool, AND, msgspec.Meta(title="只作提醒")] = False

    order: ClassVar[int] = 1000
    """Its place among the facets, wherever they are listed; by name where two have the same."""

    # What is found.
    sentences: ClassVar[Mapping[str, str]] = {}
    """By reason, what happened and what to do, without the full stop."""
    titles: ClassVar[Mapping[str, str]] = {}
    """By reason, the same in a few words, for lists."""
    curable: ClassVar[frozenset[str]] = frozenset()
    """Negative reasons that are put right within the attempt: what the rules say of a failure does not follow."""
    ends: ClassVar[frozenset[str]] = frozenset()  # those that end the attempt: the next act begins a new one
    refuses: ClassVar[frozenset[str]] = frozenset()  # for which a record is never taken
    lapses: ClassVar[frozenset[str]] = frozenset()  # nothing follows but a return to the finding's `anchor`
    says_due: ClassVar[frozenset[str]] = frozenset()  # whose sentence names the deadline that passed
    upward: ClassVar[frozenset[str]] = frozenset()  # reasons whose levels act in turn, lowest first

    # When.
    timeless: ClassVar[bool] = True  # what lacks while nothing is recorded depends on neither day nor person
    last: ClassVar[bool] = False
    """It asks when the step was concluded (`Moment.concluded`), so it is judged after all others and concludes nothing."""
    whole: ClassVar[frozenset[str]] = frozenset()  # the parameters in which no `a|b` can be met
    shorts: ClassVar[Mapping[str, str]] = {}
    """The parameters that `spelled` spells out where `true` is written, and why that cannot be, as a clause."""
    anchors: ClassVar[tuple[str, ...]] = ()  # the parameters whose keys are steps of the procedure
    upwards: ClassVar[str] = ""  # the parameter whose levels are told: none below the one that acts
    clocks: ClassVar[Mapping[str, str]] = {}
    """The parameters that each count out a time of their own, with its unit in words; the last to end decides."""
    ticking: ClassVar[str] = ""  # the reason that says only that those clocks run
    guards: ClassVar[Mapping[str, str]] = {}
    """By the verb of a rule about no step (`plan`), the parameter that takes its word where that rule `gates` steps."""
    waits: ClassVar[bool] = False
    """Of a step that cannot be taken yet it says the same every day until an anchor is done, if it asks no date of the person."""
    absent: ClassVar[bool] = False  # it stands for a kind whose code is not there (see absent.py)

    # What is recorded.
    answers: ClassVar[Mapping[str, str]] = {}
    """Chinese for the fixed answers of evidence."""
    decides: ClassVar[bool] = False  # none is made anew on a step that is done while later steps rest on it
    keeping: ClassVar[bool] = False
    """What it asks for is never taken away again by a further record, once it has been given (see `keeps`)."""
    newest_tells: ClassVar[bool] = False  # whether an attempt has failed, by the newest evidence alone
    fails_by: ClassVar[frozenset[str]] = frozenset()
    """The parameters without all of which no attempt can fail; none: one always can."""
    replaces: ClassVar[bool] = False  # the older whole by a newer record: no step was done by one before it
    by_level: ClassVar[bool] = False
    """Each level gives its own part of the evidence, which is keyed by level; `levels_asked` says which are asked."""
    concludes: ClassVar[bool] = False  # what a level gives is its conclusion about the person
    moves: ClassVar[bool] = False  # its evidence puts a motion (see `motion`)
    papers: ClassVar[bool] = False  # that come of the act: asked for after everything else
    meetings: ClassVar[bool] = False
    """Its evidence is of meetings that the branch has held: by family the day."""
    supplements: ClassVar[frozenset[str]] = frozenset()
    """The fields of evidence (`*`: all of it) that only complete an act already recorded: papers, signatures, replies."""
    made_without: ClassVar[bool] = True
    """Whether the act has been made while these are wanting: a meeting has, a search of which one way is wanting has not."""
    outside: ClassVar[frozenset[str]] = frozenset()
    """The fields (`*`: all) that come from outside, whatever later steps rest on it: replies, objections."""

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """What is found for these records (oldest first) at that moment. `found` applies `advisory`."""
        raise NotImplementedError(f"要求“{self.name}”没有写 judge")

    def found(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """What `judge` finds, warnings only where the facet is advisory."""
        return self.softened(self.judge(records, at))

    def softened(self, findings: list[Finding]) -> list[Finding]:
        """What an advisory facet finds are warnings; figures that cannot be stay impossible."""
        if not self.advisory:
            return findings
        kept = (ADVISORY, IMPOSSIBLE)
        return [one if one.kind in kept else msgspec.structs.replace(one, kind=ADVISORY) for one in findings]

    def least(self, given: Plain, records: Sequence[Record], at: Moment) -> Plain:
        """The least evidence (plain builtins) that satisfies what `given` leaves open; None: nothing is needed."""
        return given

    def describe(self) -> list[Requirement]:
        """Each parameter's parts as sentences without the full stop; unless overridden, its `Meta(title=…)` with the value."""
        titles, found = dict(field_titles(type(self))), []
        for name, how in joins(type(self)):
            for key, value in how.parts(getattr(self, name)).items() if name != "advisory" else ():
                word = self.answers.get(key) or (key and f"{{{key}}}")
                said = (titles.get(name, name), word, "" if value is True else str(value))
                words = " ".join(word for word in said if word)
                found.append(Requirement(name, key, f"{self.title}：{words}"))
        return found

    def levels_asked(self) -> frozenset[str]:
        """The levels of which it asks a part of their own (see `by_level`), `a|b` where either will do."""
        return frozenset()

    def facts_asked(self) -> frozenset[str]:
        """The dates of the person that it looks at (graduation …)."""
        return frozenset()

    def demands(self) -> tuple[str, ...]:
        """The parameters by which it asks for something, as written; what leaves a choice is one demand."""
        return tuple(
            name.rstrip("_")
            for name, how in joins(type(self))
            if name != "advisory" and how.parts(getattr(self, name))
        )

    def contradiction(self) -> str:
        """Why nobody can meet what it asks for, as a clause; empty where somebody can."""
        return ""

    def outdone(self) -> Mapping[Part, Part]:
        """The parts (parameter, key) that never decide, each with the other part of it that always does."""
        return {}

    def leaning(self) -> Mapping[Part, str]:
        """The parts that bind only beside what it does not ask for itself, each with what is lacking and how to mend it."""
        return {}

    def keys(self) -> tuple[str, ...]:
        """For evidence that is a mapping: the keys that are asked for, in order."""
        return ()

    def options(self) -> Mapping[str, tuple[str, ...]]:
        """For each evidence field that is a list: the ids that are asked for."""
        return {}

    def deadline(self, at: Moment) -> date | None:
        """The day by which the step should be done, as far as this facet says."""
        return None

    def soonest(self, start: date) -> date:
        """The first day on which it can be met if the step is begun on `start` and all goes well."""
        return start

    def after(self) -> Iterable[str]:
        """The steps that must come first by what it asks, not only by the order of the procedure."""
        return ()

    def turns(self, records: Sequence[Record], at: Moment) -> Iterable[date]:
        """The days on which time alone changes what `judge` says of these records: the first day of each new answer."""
        return ()

    def end(self, records: Sequence[Record]) -> date | None:
        """The last day of a time that runs once all is given (a notice); the next step can be taken the day after."""
        return None

    def begins_again(self, done: Sequence[Record], following: Record, at: Moment) -> bool:
        """Whether what these gave has failed for a reason that ends an attempt, and the following one is that act anew."""
        told = self.newest(done) if self.newest_tells else done
        found = self.judge(told, at) if self.ends and self.name in following.evidence else ()
        return any(one.kind == NEGATIVE and one.reason in self.ends for one in found)

    def keeps(self) -> bool:
        """Whether what these parameters ask for is never taken away again by a further record, once it has been given."""
        return self.keeping

    def carried(self, done: Sequence[Record], again: Any) -> Any:
        """The evidence with which another attempt begins: what was given anew, and what of the failed one stays."""
        return again

    def outlasts(self, records: Sequence[Record]) -> bool:
        """Whether what was begun by these records must still be brought to its end when nothing asks for it any more."""
        return False

    def more(self, records: Sequence[Record]) -> int:
        """How many records it takes beyond one more, where each is an act of its own."""
        return 0

    def together(self) -> bool:
        """Whether several people can share its evidence (a class, a letter); a decision never (细则（2026）第二十、二十四条)."""
        return False

    def allots(self) -> bool:
        """Whether its number comes from those that a level above has allotted, and is used once."""
        return False

    def asks(self, field: str, *, motions: bool = False) -> bool:
        """Whether the form asks for a field of evidence; `motions`: the step decides between several outcomes."""
        options = self.options()
        return bool(options[field]) if field in options else True

    def rows(self) -> int:
        """For evidence that is a list of groups: how many the form has room for."""
        return 1

    def begin(self, before: Sequence[Plain]) -> Mapping[str, Sequence[Mapping[str, Plain]]]:
        """What a new form begins with after these evidences (builtins, oldest first): rows by field (`*`: the whole list)."""
        return {}

    def reckonings(self) -> Sequence[Reckoning]:
        """What is reckoned beside the fields while figures are typed."""
        return ()

    @classmethod
    def spelled(
        cls, params: Mapping[str, Plain], beside: Iterable[Mapping[str, Plain]]
    ) -> Mapping[str, Plain]:
        """Raw parameters as written, short forms spelled out; `beside` are all that it asks by this facet of the same steps."""
        return params

    @classmethod
    def settle(cls, typed: Plain, before: Sequence[Plain]) -> Plain:
        """What was typed (builtins), told apart from what the evidences before it say."""
        return typed

    @classmethod
    def agreed(cls, given: Any) -> Iterable[str]:
        """The levels whose agreement evidence carries: with them nothing need be filed besides."""
        return ()

    @classmethod
    def whose(cls, one: Finding) -> tuple[str, ...]:
        """The levels that can do something about a finding; "" stands for the step's own."""
        return ("",)

    @classmethod
    def brief(cls, given: Plain, word: Callable[[str], str]) -> str | None:
        """Evidence (builtins) in a row of a table; `word` gives titles. None: its first fields with their titles."""
        return None

    @classmethod
    def answer(cls, given: str) -> str:
        """One of its fixed answers in Chinese."""
        return cls.answers.get(given, given) if given else "未填"

    @classmethod
    def number_of(cls, given: Any) -> str:
        """The number of a form that evidence, or what was typed, gives, as it is always written; "" for none."""
        return ""

    @classmethod
    def motion(cls, given: Any) -> tuple[str, int]:
        """The motion that evidence puts ("": the regular one) and the months it names; only where `moves`."""
        raise NotImplementedError(f"facet {cls.name} puts no motion")

    @classmethod
    def put(cls, given: Plain, motion: str, months: int) -> Plain:
        """Evidence (builtins) that puts this motion where it names none; only where `moves`."""
        raise NotImplementedError(f"facet {cls.name} puts no motion")

    @classmethod
    def misdated(cls, record: Record, records: Sequence[Record]) -> Iterable[Finding]:
        """Dates within a new record's evidence that cannot be, given the records before it."""
        return ()

    @classmethod
    def completes(cls, given: Any) -> bool:
        """Whether evidence only completes an act recorded before (see `supplements`)."""
        if "*" in cls.supplements or not isinstance(given, msgspec.Struct):
            return "*" in cls.supplements
        empty = blank(type(given))
        return empty is not None and all(
            field.encode_name in cls.supplements or getattr(given, field.name) == getattr(empty, field.name)
            for field in fields_of(type(given))
        )

    def missing(
        self, param: str, keys: Iterable[str] = (), reason: str = "missing", **values: object
    ) -> Finding:
        """A finding that something has not been given yet."""
        return Finding(f"{self.name}.{reason}", MISSING, param, tuple(keys), values)

    def negative(self, reason: str, param: str, keys: Iterable[str] = ("",), **values: object) -> Finding:
        """A finding that what was given says no."""
        return Finding(f"{self.name}.{reason}", NEGATIVE, param, tuple(keys), values)

    @classmethod
    def impossible(cls, reason: str, **values: object) -> Finding:
        """A finding that what was given cannot be."""
        return Finding(f"{cls.name}.{reason}", IMPOSSIBLE, "", (), values)

    def warning(self, reason: str, param: str, keys: Iterable[str] = ("",), **values: object) -> Finding:
        """A finding that stops nothing."""
        return Finding(f"{self.name}.{reason}", ADVISORY, param, tuple(keys), values)
