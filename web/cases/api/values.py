"""What the case API takes and answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from core.casework.lists.cases import CaseLine
from core.casework.lists.detail import AttachmentView
from core.casework.lists.tasks import Task
from core.casework.lists.workbench import EventView, Numbers
from core.casework.model import EntryView
from core.casework.standing.ahead import Coming
from core.casework.standing.budget import Late
from core.casework.standing.steps import seen_state, waiting_until, waits_for
from dangwu import Citation, Finding, Regime, StepStanding, explain, forms
from web.cases.file.excepted import Excepted
from web.cases.file.opened import CaseFile


class Cases(msgspec.Struct):
    """A page of the list; ask again with `after=<next>` for the one behind it."""

    items: list[CaseLine]
    next: str | None


class Counts(msgspec.Struct):
    """Status → stage → how many."""

    counts: dict[str, dict[str, int]]


class Work(msgspec.Struct):
    """What waits for me by group (returned, overdue, week, other), with how many there are; and how many cases I see."""

    tasks: dict[str, list[Task]]
    totals: dict[str, int]
    numbers: Numbers


class Events(msgspec.Struct):
    """What happened."""

    items: list[EventView]


class Open(msgspec.Struct):
    """A case that begins on `day` (an application), of the default procedure where none is named.

    `evidence` by facet, `dates` facts that rules ask about (graduation …); `to` the unit to which a procedure takes him that
    moves people, or `beyond` the Party organization outside the county, `county_id` where that is in a county of the platform.
    """

    person_id: UUID
    day: date
    evidence: dict[str, Any] = {}
    dates: dict[str, date] = {}
    note: str = ""
    procedure: str = ""
    to: UUID | None = None
    beyond: str = ""
    county_id: UUID | None = None


class TakeOver(msgspec.Struct):
    """A case that began on paper: `given` are the steps properly done there, with their days; `dates` as of `Open`."""

    person_id: UUID
    given: dict[str, date]
    dates: dict[str, date] = {}
    procedure: str = ""


class Recorded(msgspec.Struct):
    """A record; `version` is the one that was read, `evidence` plain JSON by facet, `attachments` ids taken in before.

    `supplement`: it only completes what has been recorded. `again`: it was done once more on the same day, with the same content.
    """

    step: str
    day: date
    version: int
    evidence: dict[str, Any] = {}
    note: str = ""
    attachments: list[UUID] = []
    supplement: bool = False
    again: bool = False


class Return(msgspec.Struct):
    """Back to `step`, for a reason."""

    step: str
    day: date
    version: int
    reason: str


class Facts(msgspec.Struct):
    """From `day` on; null leaves as it is, a list of tags replaces the old one, dates are added."""

    day: date
    version: int
    tags: frozenset[str] | None = None
    dates: dict[str, date] | None = None
    note: str = ""


class Note(msgspec.Struct):
    """A remark."""

    text: str
    attachments: list[UUID] = []


class Attached(msgspec.Struct):
    """The new attachment's id."""

    id: UUID


class FindingAnswer(msgspec.Struct):
    """What is found: `kind` missing, negative, clock, forbidden, impossible or advisory; the sentence; the rules."""

    code: str
    kind: str
    sentence: str
    until: date | None
    since: date | None
    citations: tuple[Citation, ...]


class StepAnswer(msgspec.Struct):
    """A step: its state, who can act now, what it requires, what is found on it."""

    id: str
    title: str
    stage: str
    level: str | None
    state: str
    waits_for: list[str]
    began: date | None
    concluded: date | None
    until: date | None
    due: date | None
    requirements: tuple[explain.Line, ...]
    findings: list[FindingAnswer]
    exceptions: tuple[Excepted, ...]
    """What can be agreed not to bind now, and who can agree."""


class CaseAnswer(msgspec.Struct):
    """A case with its standing today. `version` goes back with whatever is written."""

    case: CaseLine
    version: int
    born: date | None
    tags: tuple[str, ...]
    given: dict[str, date]
    membership: str
    membership_since: date | None
    steps: list[StepAnswer]
    next: tuple[Coming, ...]
    late: tuple[Late, ...]
    entries: tuple[EntryView, ...]
    attachments: list[AttachmentView]
    open_blanks: tuple[str, ...]


class StepForm(msgspec.Struct):
    """What a record of a step carries."""

    step: str
    title: str
    version: int
    sections: list[forms.Section]


def answer_of(file: CaseFile) -> CaseAnswer:
    """A case for the API."""
    standing, detail = file.standing, file.detail
    return CaseAnswer(
        case=detail.line,
        version=file.version,
        born=detail.born,
        tags=detail.tags,
        given=dict(detail.case.given),
        membership=standing.membership,
        membership_since=standing.membership_since,
        steps=list(_steps(file)),
        next=file.view.coming,
        late=file.view.late,
        entries=detail.entries,
        attachments=list(detail.attachments.values()),
        open_blanks=file.view.blanks,
    )


def _steps(file: CaseFile) -> Iterable[StepAnswer]:
    plan = file.matter.plan
    for one in file.standing.steps.values():
        step = plan.by_id[one.id]
        yield StepAnswer(
            id=one.id,
            title=explain.title(file.regime, step.id),
            stage=step.stage,
            level=one.rules.level if one.rules else None,
            state=seen_state(one),
            waits_for=sorted(waits_for(one)),
            began=one.began,
            concluded=one.concluded,
            until=waiting_until(one) or one.until,
            due=one.due,
            requirements=explain.requirements(file.regime, one.rules) if one.rules else (),
            findings=[_finding(file.regime, one, found) for found in one.findings],
            exceptions=file.view.tasks[one.id].excepted,
        )


def _finding(regime: Regime, step: StepStanding, one: Finding) -> FindingAnswer:
    return FindingAnswer(
        one.code,
        one.kind,
        explain.sentence(regime, one),
        one.until,
        one.since,
        explain.citations(regime, step.rules, one),
    )
