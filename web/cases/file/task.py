"""Values of a case's page: a step with what was recorded, what is lacking and why, who does it."""

from __future__ import annotations

from datetime import date

import msgspec

from core.casework.acts.parts import Part
from core.casework.model import EntryView
from core.casework.standing.ahead import Coming
from core.casework.standing.budget import Late
from dangwu import FAILED, OPEN, WAITING, Citation, Standing
from web.cases.file.excepted import Excepted


class Why(msgspec.Struct, frozen=True):
    """One finding: a sentence, and the rules it rests on. `kind`: lacking, waiting, failed, advisory."""

    sentence: str
    kind: str
    rules: tuple[Citation, ...]


class Demand(msgspec.Struct, frozen=True):
    """One requirement with the rules that set it."""

    text: str
    advisory: bool
    rules: tuple[Citation, ...]


class Fact(msgspec.Struct, frozen=True):
    """What one counted record says, in one line; `entry` None for a step taken over from paper."""

    day: date
    text: str
    entry: EntryView | None


class Lasting(msgspec.Struct, frozen=True):
    """One length that rules ask for of a notice (core.casework.standing.lengths), in words and with these rules."""

    text: str
    until: date | None
    decides: bool
    rules: tuple[Citation, ...]


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One step. `who` are the levels that do it; `record`, `may_add` and `go_back` say whether this person may do so now
    (core.casework.acts.turn).

    `supplements`: it asks for something that can be handed in afterwards. `more`: his form takes something else, too.
    `held`: nothing may be recorded today, before `since` if that is known (core.casework.standing).
    """

    id: str
    title: str
    state: str
    facts: tuple[Fact, ...]
    who: str
    waits: str
    whys: tuple[Why, ...]
    asked: tuple[Demand, ...]
    absorbed: tuple[str, ...]
    lengths: tuple[Lasting, ...]
    blanks: tuple[str, ...]
    rules: tuple[Citation, ...]
    until: date | None
    since: date | None
    held: bool
    due: date | None
    first: tuple[str, ...]
    mine: tuple[Part, ...]
    record: bool
    may_add: bool
    supplements: bool
    more: bool
    go_back: str
    inserted: bool
    excepted: tuple[Excepted, ...]

    @property
    def frees(self) -> tuple[Excepted, ...]:
        """The exceptions by which something that stops the step now would fall away."""
        return tuple(one for one in self.excepted if one.frees)

    @property
    def turn(self) -> bool:
        """Whether it is his to do something now."""
        return self.record or bool(self.go_back)


class Stage(msgspec.Struct, frozen=True):
    """A stage with its steps; `kind` done, open, failed, waiting, blocked; `meta` is its one line when folded."""

    id: str
    title: str
    kind: str
    meta: str
    current: bool
    tasks: tuple[Task, ...]


class CaseView(msgspec.Struct, frozen=True):
    """Everything that the page of a case says of its standing; `late` are deadlines that it cannot meet any more."""

    standing: Standing
    stages: tuple[Stage, ...]
    coming: tuple[Coming, ...]
    late: tuple[Late, ...]
    blanks: tuple[str, ...]

    @property
    def now(self) -> tuple[Task, ...]:
        """What is to be done, first what is this person's to do; where nothing can be done, what is waited for."""
        tasks = self.tasks.values()
        todo = [one for one in tasks if one.state in (OPEN, FAILED)] or [
            one for one in tasks if one.state == WAITING
        ]
        return tuple(sorted(todo, key=lambda one: not one.turn))

    @property
    def tasks(self) -> dict[str, Task]:
        """All steps by id."""
        return {task.id: task for stage in self.stages for task in stage.tasks}
