"""Plays a case day by day under its branch's real policies: each act is the least that the rules ask for, varied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random

from core.casework.levels import by_level, own_level
from dangwu import (
    COMPLETED,
    FAILED,
    FORBIDDEN,
    OPEN,
    RUNNING,
    WAITING,
    Case,
    Facts,
    Judged,
    Regime,
    Return,
    Standing,
    StepRules,
    StepStanding,
    Subject,
    judged,
    least_by,
    read_record,
)
from deploy.demo.act import Act, Evidence, in_order
from deploy.demo.crew import Crew
from deploy.demo.evidence import as_played, given, on_its_day
from deploy.demo.pace import ENTERED_LATER, at_work, pause
from deploy.demo.staff import Officer

SOON = timedelta(days=30)
Edit = Callable[[Evidence], None]


class Player:
    """One case on its way. `day` is the day on which it stands, `standing` where it stood when last looked at.

    `led_to` has, for each act, the stage and status of the case after it.
    """

    def __init__(
        self, regime: Regime, subject: Subject, crew: Crew, chance: Random, *, brisk: bool = False
    ) -> None:
        self.regime, self.crew, self.chance, self.brisk = regime, crew, chance, brisk
        self.case = Case(subject)
        self.acts: list[Act] = []
        self.led_to: list[tuple[str, str]] = []
        self.day = date.min
        self._planned: dict[tuple[str, int], date] = {}
        self._found: Judged | None = None

    def look(self) -> Standing:
        """Where the case stands on the present day; worked out anew only if something may have changed."""
        self.standing = self._now().standing
        self.led_to += [(self.standing.stage, self.standing.status)] * (len(self.acts) - len(self.led_to))
        return self.standing

    def _now(self) -> Judged:
        before = self._found
        same = before.still(self.day) if before is not None and before.case is self.case else None
        self._found = same or judged(self.regime, self.case, self.day, before.settled if before else None)
        return self._found

    def run(self, goal: str, until: date, *, even_forbidden: bool = False, alone: bool = True) -> bool:
        """Go on properly until `goal` can be worked on (without a goal: until all is done); whether it came to that.

        `alone`: what stands open beside the goal and is done soon comes first. `even_forbidden`: also when it may not
        be done yet.
        """
        while True:
            standing = self.look()
            others = {one.id: one for one in standing.steps.values() if one.id != goal and _doable(one)}
            step, day = self._next(others)
            soon = day <= self.day + SOON
            if _reached(standing, goal, even_forbidden) and not (alone and soon):
                return True
            if standing.turns is not None and self.day < standing.turns <= day:
                step, day = "", standing.turns
            if standing.status != RUNNING or day > until:
                return False
            self.day = day
            if step:
                self.act(step)

    def _next(self, doable: Mapping[str, StepStanding]) -> tuple[str, date]:
        """The step that is done next, and when; no step and the end of time if there is none."""
        best = ("", date.max)
        for step, found in doable.items():
            times = sum(1 for act in self.acts if act.step == step)
            if (step, times) not in self._planned:
                wait = pause(self.chance, step, times, brisk=self.brisk)
                self._planned[step, times] = self.day + wait
            day = at_work(max(self._planned[step, times], self.day), own_level(found.rules))
            best = min(best, (step, day), key=lambda one: one[1])
        return best

    def wait(self, days: int) -> None:
        """Let time pass."""
        self.day += timedelta(days=days)

    def act(
        self, step: str, edit: Edit | None = None, *, note: str = "", late: int | None = None, **more: object
    ) -> None:
        """Do a step properly on the present day, with `more` evidence by facet; `edit` then spoils it.

        Each level records its own part, a day or two after the one below. `late`: days until it is written down.
        """
        rules = self.rules(step)
        evidence = self._evidence(step, {**given(rules, self.crew, self.chance), **more})
        if edit is not None:
            edit(evidence)
        for number, (level, part) in enumerate(by_level(rules, evidence)):
            if number:
                self.day += timedelta(days=self.chance.randint(1, 3))
            self.day = at_work(self.day, level)
            self.record(step, on_its_day(part, self.day), level, note=note, late=late)

    def _evidence(self, step: str, varied: Evidence) -> Evidence:
        """`varied`, and the least that the rules ask for besides, of one record."""
        evidence = in_order(least_by(self._now(), step, varied)[0])
        return as_played(evidence, varied)

    def record(
        self, step: str, evidence: Evidence, level: str, *, note: str = "", late: int | None = None
    ) -> None:
        """Record exactly this."""
        day, by = self.day, self.crew.recorder(level, evidence, self.chance)
        later = self.chance.choice(ENTERED_LATER) if late is None else late
        self.day = day + timedelta(days=later)
        self.case = self.case.with_entry(read_record(step, day, evidence, entered=self.day))
        self.acts.append(
            Act(
                kind="record",
                step=step,
                day=day,
                entered=self.day,
                evidence=evidence,
                level=level,
                by=by,
                note=note,
            )
        )

    def send_back(self, step: str, by: Officer, level: str, reason: str) -> None:
        """Send the case back."""
        self.case = self.case.with_entry(Return(step, self.day))
        self.acts.append(
            Act(
                kind="return",
                step=step,
                day=self.day,
                entered=self.day,
                evidence={},
                level=level,
                by=by,
                note=reason,
            )
        )

    def change(self, tags: frozenset[str], note: str) -> None:
        """From the present day on the person has these tags."""
        self.case = self.case.with_entry(Facts(self.day, tags, None))
        evidence = {"tags": sorted(tags), "dates": None}
        by = self.crew.organizer
        self.acts.append(
            Act(
                kind="facts",
                step=None,
                day=self.day,
                entered=self.day,
                evidence=evidence,
                level="branch",
                by=by,
                note=note,
            )
        )

    def rules(self, step: str) -> StepRules:
        """What the step requires now."""
        found = self.look().steps[step].rules
        assert found is not None, f"{step} requires nothing on {self.day}"
        return found


def _doable(step: StepStanding) -> bool:
    return step.state == OPEN and not any(one.kind == FORBIDDEN for one in step.findings)


def _reached(standing: Standing, goal: str, even_forbidden: bool) -> bool:
    if not goal:
        return standing.status == COMPLETED
    found = standing.steps.get(goal)
    if found is None or found.state not in (OPEN, WAITING, FAILED):
        return False
    return even_forbidden or not any(one.kind == FORBIDDEN for one in found.findings)
