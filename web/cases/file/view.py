"""A case as its page shows it: stages, steps, what was recorded, what is lacking and why, who does it, what comes next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from core.actor import Actor
from core.casework.acts.turn import adds_advised, can_go_on, his_parts, may_add, supplemented
from core.casework.lists.detail import CaseDetail
from core.casework.matter import Matter
from core.casework.said import short
from core.casework.standing.ahead import coming, pending_before
from core.casework.standing.budget import late
from core.casework.standing.lengths import lengths
from core.casework.standing.steps import (
    goes_back_to,
    is_held,
    is_void,
    possible_from,
    seen_state,
    telling,
    waits_for,
)
from dangwu import (
    ADVISORY,
    BLOCKED,
    CLOCK,
    DONE,
    FAILED,
    FORBIDDEN,
    MISSING,
    OPEN,
    RUNNING,
    WAITING,
    WAIVED,
    Finding,
    Judged,
    StepRules,
    StepStanding,
    explain,
    kind_of,
)
from web.cases.file.excepted import excepted, lifted
from web.cases.file.task import CaseView, Demand, Fact, Lasting, Stage, Task, Why
from web.kit.casework import LEVELS


def view(matter: Matter, detail: CaseDetail, actor: Actor, today: date) -> CaseView:
    """The page's view of a case on `today`."""
    found = matter.on(today)
    maker = _Maker(matter, found, detail, actor)
    return CaseView(
        standing=found.standing,
        stages=tuple(maker.stages()),
        coming=tuple(coming(matter, today)),
        late=tuple(late(found).values()) if found.standing.status == RUNNING else (),
        blanks=tuple(blank.title for blank in found.regime.open_blanks.values()),
    )


class _Maker:
    def __init__(self, matter: Matter, judged: Judged, detail: CaseDetail, actor: Actor) -> None:
        self.matter, self.case = matter, matter.case
        self.judged, self.detail, self.actor = judged, detail, actor
        self.regime, self.plan = judged.regime, judged.plan
        self.standing, self.records = judged.standing, judged.records
        self.entries = {str(entry.id): entry for entry in detail.entries}

    def stages(self) -> Iterable[Stage]:
        for stage, titled in self.plan.procedure.stages.items():
            steps = [one for one in self.standing.steps.values() if self.plan.by_id[one.id].stage == stage]
            if steps:
                kind = _stage_kind(steps)
                current = self.standing.status == RUNNING and stage == self.standing.stage
                live = current or kind in (OPEN, WAITING, FAILED)
                tasks = tuple(self.task(one) for one in steps)
                yield Stage(stage, titled.name, kind, _meta(steps), live, tasks)

    def task(self, step: StepStanding) -> Task:
        rules = step.rules
        facts, void, held = tuple(self.facts(step)), is_void(step), is_held(step)
        mine = his_parts(self.actor, self.case, self.standing, step)
        live = step.state in (OPEN, WAITING, FAILED) and self.standing.status == RUNNING
        return Task(
            id=step.id,
            title=explain.title(self.regime, step.id),
            state=seen_state(step),
            facts=facts,
            who=_levels(step),
            waits="、".join(LEVELS[level] for level in sorted(waits_for(step), key=list(LEVELS).index)) if live else "",
            whys=tuple(self.whys(step)) if live else tuple(self.notes(step)),
            asked=tuple(self.asked(step)),
            absorbed=explain.absorbed(self.regime, rules) if rules is not None else (),
            lengths=tuple(self.lengths(step, rules)) if rules is not None and live and not void else (),
            blanks=() if void else tuple(self.blanks(step)),
            rules=explain.attained(self.regime, rules) if rules is not None else (),
            until=step.until if step.state == WAITING else None,
            since=possible_from(step),
            held=held,
            due=None if void or _says_due(step) else step.due,
            first=self.first(step) if step.state == BLOCKED else (),
            mine=mine,
            record=live and can_go_on(step, mine),
            may_add=may_add(step, mine, recorded=bool(facts)),
            supplements=supplemented(step),
            more=self.standing.status == RUNNING or adds_advised(step, mine),
            go_back=self.go_back(step) if live else "",
            inserted=not self.plan.by_id[step.id].floor,
            excepted=tuple(excepted(self.matter, self.actor, step.id, self.judged.day)) if live and not void else (),
        )  # fmt: skip

    def first(self, step: StepStanding) -> tuple[str, ...]:
        return tuple(explain.title(self.regime, one) for one in pending_before(self.judged, step.id))

    def lengths(self, step: StepStanding, rules: StepRules) -> Iterable[Lasting]:
        for one in lengths(rules, self.records.get(step.id, ())):
            text = f"{one.number} {one.unit}"
            yield Lasting(text, one.until, one.decides, explain.cited(self.regime, one.rules))

    def why(self, step: StepStanding, one: Finding) -> Why:
        return Why(
            explain.sentence(self.regime, one), _kind(one), explain.citations(self.regime, step.rules, one)
        )

    def whys(self, step: StepStanding) -> Iterable[Why]:
        """What matters today; that a clock runs is said by its lengths."""
        for one in telling(step):
            if one.reason != kind_of(one.facet).ticking:
                yield self.why(step, one)

    def notes(self, step: StepStanding) -> Iterable[Why]:
        """On a step that is not at hand only warnings on what was done are said."""
        if step.state == DONE:
            yield from (self.why(step, one) for one in step.findings if one.kind == ADVISORY)

    def asked(self, step: StepStanding) -> Iterable[Demand]:
        if step.rules is not None:
            for line in explain.requirements(self.regime, step.rules):
                yield Demand(line.text, line.advisory, line.citations)
        for text, rules in lifted(self.matter, step):
            yield Demand(text, False, rules)

    def facts(self, step: StepStanding) -> Iterable[Fact]:
        for record in self.records.get(step.id, ()):
            text = short(self.regime, record.evidence) + ("（已更正）" if record.was else "")
            yield Fact(record.day, text, self.entries.get(record.id))
        given = self.detail.case.given.get(step.id)
        if given is not None and step.id not in self.records and step.state == DONE:
            yield Fact(given, "依据纸质档案", None)

    def blanks(self, step: StepStanding) -> Iterable[str]:
        rules = set(step.rules.rules) if step.rules is not None else set()
        open_blanks = self.regime.open_blanks
        asked = {
            f"{bound.rule.plugin}.{blank}"
            for bound in self.regime.bound
            if bound.rule.id in rules
            for blank in bound.rule.blanks
        }
        for name in sorted(asked & open_blanks.keys()):
            yield f"{open_blanks[name].title}（{self.regime.policies[name.partition('.')[0]].title}）"

    def go_back(self, step: StepStanding) -> str:
        """The step to which a failed or void step must go back, if this person may send it."""
        return goes_back_to(step) if self.actor.may("case.return", self.detail.line.path) else ""


def _stage_kind(steps: Sequence[StepStanding]) -> str:
    states = {seen_state(one) for one in steps}
    if states <= {DONE, WAIVED}:
        return DONE
    return next((one for one in (FAILED, OPEN, WAITING) if one in states), BLOCKED)


def _meta(steps: Sequence[StepStanding]) -> str:
    done = [one for one in steps if one.state in (DONE, WAIVED)]
    last = max((one.concluded for one in steps if one.concluded), default=None)
    if len(done) == len(steps):
        return f"{len(steps)} 个环节" + (f"，{last} 办完" if last else "")
    begun = any(one.state not in (BLOCKED, WAIVED) for one in steps)
    return f"{len(steps)} 个环节，" + (f"已办 {len(done)} 个" if begun else "尚未开始")


def _levels(step: StepStanding) -> str:
    return (
        LEVELS.get(step.rules.level, "本人" if step.rules.level == "person" else "")
        if step.rules is not None
        else ""
    )


def _kind(one: Finding) -> str:
    if one.kind == ADVISORY:
        return "advisory"
    if one.kind == CLOCK or (one.kind == FORBIDDEN and one.since is not None):
        return "waiting"
    return "lacking" if one.kind == MISSING else "failed"


def _says_due(step: StepStanding) -> bool:
    """Whether a finding names the deadline already."""
    return any(one.reason in kind_of(one.facet).says_due for one in step.findings)
