"""A policy as plain values: rules with their citations, blanks, words, and what is deliberately not a rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

import msgspec

from dangwu.policy.ending import Ending
from dangwu.policy.note import Note, Unwritten
from dangwu.policy.plan import PlanRule

Basis = Literal["stated", "inferred", "title-only", "partial"]
"""原文写明、由原文推断、只有题名、参数残缺."""
Checked = Literal["verified", "second-hand", "unverified"]
"""How well the source was checked: 已读全文、二手材料、未核."""

BASES = {"stated": "原文写明", "inferred": "由原文推断", "title-only": "只有题名", "partial": "原文参数不全"}
CHECKED = {"verified": "已核对条文", "second-hand": "二手材料，待核对", "unverified": "未核对"}

Id = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$(?!\n)", max_length=80)]
Named = Annotated[str, msgspec.Meta(pattern=r"\S")]
"""Text that says something."""


YEAR = r"^(|(19|20|21)\d\d[^\d\n].*|(19|20|21)\d\d)$(?!\n)"
"""A year, and perhaps what is to be said about it."""


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A document. `year` of publication."""

    title: Named
    year: Annotated[int, msgspec.Meta(ge=1900, le=2199)] | Annotated[str, msgspec.Meta(pattern=YEAR)] = ""
    publisher: str = ""
    number: str = ""
    url: Annotated[str, msgspec.Meta(pattern=r"^(https?://[^\s]+)?$(?!\n)")] = ""
    note: str = ""


class Cite(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a rule comes from: an id of `sources`, and the clause."""

    source: Id
    clause: Named
    since: date | None = None
    until: date | None = None


class Blank(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value that the source leaves to the place; the activation fills it, the program never does."""

    type: Literal["text", "number", "share", "list"]
    title: Named
    for_: str = msgspec.field(name="for", default="")


class OnFailure(msgspec.Struct, frozen=True):
    """What may follow a negative conclusion: `retry` < `return_to` a step < `close`."""

    close: bool = False
    return_to: str = ""


class Outcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a motion that is carried and confirmed leads to (the floor only).

    `after`: the steps that must be done before it can be put; where none are named, those that stand before the meeting.
    """

    then: Literal["continue", "close", "repeat"] = "continue"
    repeat: str = ""
    times: int = 0
    months: tuple[int, int] = (0, 0)
    after: tuple[str, ...] = ()


class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fixed time from the day of a step (the floor only): it has no parameter, no rule can touch it. `title`: 预备期."""

    title: Named
    from_: str = msgspec.field(name="from")
    months: int = 0


Side = Literal["sending", "receiving"]
"""Who acts in a step of a procedure that takes somebody from one unit to another: the one he is at, or the one he goes to."""


class StepFacts(msgspec.Struct, frozen=True):
    """What an `add` says of the step itself."""

    title: str = ""
    stage: str = ""
    level: str = ""
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    span: Span | None = None
    outcomes: Mapping[str, Outcome] = msgspec.field(default_factory=dict)
    confirms: str = ""
    completes: str = ""
    side: Side = "sending"


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a policy file. Entries may share an id: one sentence of a source may touch several steps."""

    id: str
    plugin: str
    kind: Literal["add", "tighten", "duty", "rating", "plan", "tag", "term"]
    cite: Cite
    cited_before: tuple[Cite, ...] = ()
    """The documents that said the same before, oldest first, each with the day on which it ended."""
    title: str = ""
    note: str = ""
    procedure: str = ""
    """Of which procedure its steps are; "" for a rule about none."""
    steps: tuple[str, ...] = ()
    facets: Mapping[str, Any] = msgspec.field(default_factory=dict)
    """Raw parameters by facet name; `{blank: id}` stands where a blank is."""
    exceptions: Mapping[str, str] = msgspec.field(default_factory=dict)
    """By facet, the level that can agree beforehand that its demand does not bind somebody (“一般”)."""
    step: StepFacts = StepFacts()
    on_failure: OnFailure = OnFailure()
    since: date | None = None
    until: date | None = None
    was: tuple[str, ...] = ()
    """Its ids in earlier texts of the plugin, with the plugin's name of then."""
    corrects: str = ""
    """What was wrong before (the floor only): once the operator has signed, it holds for what began earlier too."""
    when: frozenset[str] = frozenset()
    off: bool = False
    basis: Basis = "stated"
    checked: Checked = "verified"
    blanks: tuple[str, ...] = ()
    stated: Mapping[str, Any] = msgspec.field(default_factory=dict)
    """What a rule about no step says, raw (policy/stated.py); `{blank: id}` stands where a blank is."""
    scheme: str = ""
    """Of which rating scheme it speaks."""
    rating: Mapping[str, Any] = msgspec.field(default_factory=dict)
    """What it says of the scheme, raw (see policy/rating.py); `{blank: id}` stands where a blank is."""
    plan: PlanRule | None = None
    words: Mapping[str, str] = msgspec.field(default_factory=dict)
    line: int = 0

    def cite_on(self, day: date) -> Cite:
        """Where it comes from as of a day: the document that was in force then."""
        before = (one for one in self.cited_before if one.until is not None and day < one.until)
        return next(before, self.cite)


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A state that a case gives: reached when step `after` is done, with effect from step `from` (or the end of its span).

    `makes`: what it does to the person in the register (`EFFECTS`). `motion`: it is one only where that was carried.
    """

    id: str
    title: str
    after: str
    from_: str = msgspec.field(name="from", default="")
    makes: str = ""
    motion: str = ""


class Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a procedure; `short` where there is little room."""

    title: str
    short: str = ""

    @property
    def name(self) -> str:
        """The short title, else the title."""
        return self.short or self.title


class Opening(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a case begins: with the record of `step`, made by its level, for people `of` these memberships.

    `title` names the act (受理入党申请), `said` it around `{name}`, `day` what happens first, `hint` on which day that is.
    `goes`: what the unit is called at which people act in the steps of the receiving side ("": nobody goes anywhere).
    `standing`: only for who stands so in the register (`STANDINGS`; "": any). `apart`: not while a case of one of these
    procedures runs, nor theirs while one of this does.
    `after`: only for who has come to one of these by another case, once each time: `procedure.reason` for which it was ended,
    or `procedure.state` that it gave.
    """

    step: str
    title: str
    said: str
    day: str
    of: tuple[str, ...]
    hint: str = ""
    goes: str = ""
    standing: str = ""
    apart: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class Procedure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A statutory process (the floor only): its stages in order, how a case begins, the states that it gives, lowest first.

    `confers`: `membership` if its states are what the person is in the register, `unit` if he is at another unit of the register
    once its last state is reached, `register` if its states and ends do something else to him there. `default`: it is meant where
    none is named.
    `ends`: for what reasons a case ends early. `approvals`: the steps that nobody below the department undoes by a correction.
    """

    title: str
    stages: Mapping[str, Stage]
    opens: Opening
    default: bool = False
    confers: Literal["", "membership", "unit", "register"] = ""
    states: tuple[State, ...] = ()
    ends: Mapping[str, Ending] = msgspec.field(default_factory=dict)
    approvals: tuple[str, ...] = ()

    def state(self, name: str) -> State | None:
        """The state of that id."""
        return next((one for one in self.states if one.id == name), None)

    def reached(self, state: str) -> tuple[State, ...]:
        """The states that a case which stands in this one has reached, lowest first; none where it stands in none of them."""
        ids = [one.id for one in self.states]
        until = ids.index(state) + 1 if state in ids else 0
        return tuple(one for one in self.states[:until] if not one.motion or one.id == state)

    @property
    def on_paper(self) -> tuple[str, ...]:
        """The memberships of those who may have a file on paper, the furthest on the way first."""
        return (
            tuple(one.id for one in reversed(self.states[:-1])) if self.confers_membership else self.opens.of
        )

    @property
    def confers_membership(self) -> bool:
        """Whether its states are what the person is in the register."""
        return self.confers == "membership"

    def moves(self, state: str) -> bool:
        """Whether somebody who has reached this state is at another unit by it."""
        return self.confers == "unit" and state == self.states[-1].id


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """A set of rules with all that explains them."""

    id: str
    title: str
    place: str = ""
    about: str = ""
    version: str = ""
    was: tuple[str, ...] = ()
    """The names that the plugin had before."""
    requires: str = "dangwu>=1,<2"
    sources: Mapping[str, Source] = msgspec.field(default_factory=dict)
    blanks: Mapping[str, Blank] = msgspec.field(default_factory=dict)
    terms: Mapping[str, str] = msgspec.field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = msgspec.field(default_factory=dict)
    """The same words by category."""
    tags: Mapping[str, str] = msgspec.field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    refused: tuple[Note, ...] = ()
    later: tuple[Note, ...] = ()
    unwritten: tuple[Unwritten, ...] = ()
    unchecked: tuple[Unwritten, ...] = ()
    procedures: Mapping[str, Procedure] = msgspec.field(default_factory=dict)
    floor: bool = False
    """Whether it holds everywhere and always (see `Floor`)."""

    def rule_ids(self) -> tuple[str, ...]:
        """The ids of its rules, each once, in the order of the file."""
        return tuple(dict.fromkeys(rule.id for rule in self.rules))

    @property
    def named(self) -> str:
        """Its title with the version, where it has one."""
        return f"{self.title} {self.version}".rstrip()
