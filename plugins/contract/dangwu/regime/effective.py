"""What holds on a day: for each step the joined facets, each parameter with the rules that attain it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import msgspec

from dangwu.case.case import Case, Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import MISSING, Finding
from dangwu.facets.held import joined
from dangwu.facets.registry import in_order
from dangwu.policy.policy import OnFailure, Side
from dangwu.regime.absorbed import Absorbed, outdone, words
from dangwu.regime.asked import Asked
from dangwu.regime.excepting import Contribution, Lifted, as_firm
from dangwu.regime.firm import insisting, weighed
from dangwu.regime.order import Order
from dangwu.regime.origins import Origin, is_bare, origins_of
from dangwu.regime.step import Step
from dangwu.regime.worded import Worded
from dangwu.values.lattice import joins


class StepRules(Worded, frozen=True, dict=True):
    """What one step requires."""

    id: str
    title: str
    stage: str
    level: str
    day: date
    """A day on which this holds: its rules are cited as of then."""
    facets: Mapping[str, Facet]
    origins: Mapping[Origin, tuple[str, ...]]
    absorbed: tuple[Absorbed, ...]
    rules: tuple[str, ...]
    """All rules in force on this step, absorbed ones too."""
    attaining: tuple[str, ...]
    """Those that set something: a parameter, the step itself, or what follows a failure."""
    on_failure: OnFailure
    records: bool
    """Whether the step has to be recorded (else time alone decides)."""
    side: Side = "sending"
    firm: Mapping[str, Facet] = msgspec.field(default_factory=dict)
    """The demands alone, by those facets by which other rules only advise: `facets` has both."""
    firm_origins: Mapping[Origin, tuple[str, ...]] = msgspec.field(default_factory=dict)
    """The same as `origins` of these."""
    made: tuple[Contribution, ...] = ()
    """What it was joined from."""
    lifted: tuple[Lifted, ...] = ()
    """The demands that do not bind this case, as was agreed."""
    judged: tuple[Facet, ...] = ()
    """The facets but those that are judged last: this and what follows is sorted out once, for speed."""
    daily: tuple[Facet, ...] = ()
    """Of those, the ones that look at the day or the person even while nothing has been recorded."""
    last: tuple[Facet, ...] = ()
    """Those that ask when the step was concluded."""
    dated: tuple[Facet, ...] = ()
    """Facets that know a deadline."""
    turning: tuple[Facet, ...] = ()
    """Facets that time alone may turn."""
    ending: tuple[Facet, ...] = ()
    """Facets whose evidence has an end."""
    anchors: tuple[str, ...] = ()
    """The steps from which its facets count a time."""
    renewing: tuple[Facet, ...] = ()
    """Facets with which an attempt can fail, so that the next act begins another."""
    asking: Asked = Asked()
    """Facets by which it is told when the step was done."""
    floor_asking: Asked = Asked()
    """The same of the floor's alone."""

    @cached_property
    def nothing(self) -> tuple[Finding, ...]:
        """What is found while nothing has been recorded, whatever the day and the person."""
        asking = [one for one in self.facets.values() if one.timeless and one.evidence is not None]
        at = Moment(Case(), date.min, {}, {})
        found = self.found(asking, (), at)
        return (*found, Finding("step.record", MISSING)) if self.records else tuple(found)

    @cached_property
    def excepted(self) -> dict[frozenset[tuple[str, str, str]], StepRules]:
        """The same without what was agreed not to bind, by (facet, parameter, level): kept once worked out (`Plan.excepting`)."""
        return {}

    @cached_property
    def ahead(self) -> tuple[Finding, ...] | None:
        """The same while it cannot be taken yet and none of its anchors is done; None where day or person matter even so."""
        looking = (*self.daily, *self.last)
        if not all(one.waits and not one.facts_asked() for one in looking):
            return None
        return (*self.nothing, *self.found(looking, (), Moment(Case(), date.min, {}, {})))

    def found(self, facets: Iterable[Facet], records: Sequence[Record], at: Moment) -> list[Finding]:
        """What some of its facets find; what is only advised is a warning."""
        found: list[Finding] = []
        for facet in facets:
            if said := facet.judge(records, at):  # mostly there is nothing to say
                firm = self.firm.get(facet.name)
                found += weighed(said, firm.judge(records, at)) if firm else facet.softened(said)
        return found

    def rules_of(
        self, facet: str, param: str = "", keys: Sequence[str] = (), *, stops: bool = False
    ) -> tuple[str, ...]:
        """The rules behind a finding: those of the keys, else of the parameter, else of the facet; `stops`: of one that stops
        the step, behind which only demands can be."""
        found = {
            rule
            for (name, one, key), rules in (
                self.firm_origins if stops and facet in self.firm else self.origins
            ).items()
            if name == facet and (not param or one == param) and (not keys or key in keys)
            for rule in rules
        }
        if not found and param:
            return self.rules_of(facet, stops=stops)
        return tuple(sorted(found))


class Effective(msgspec.Struct, frozen=True):
    """The steps in force, in order; `idle` are rules on steps that nobody has inserted; `order` is what the rules say of it."""

    steps: Mapping[str, StepRules]
    idle: Mapping[str, list[str]]
    order: Order

    @property
    def absorbed(self) -> list[tuple[str, Absorbed]]:
        """Everything that is absorbed, with its step."""
        return [(step.id, one) for step in self.steps.values() for one in step.absorbed]


def join_rules(
    step: Step,
    rules: Sequence[Contribution],
    rank: Mapping[str, int],
    day: date,
    lifted: tuple[Lifted, ...] = (),
) -> StepRules:
    """All rules on a step as one; `lifted` are the demands that are not among them: where they were all that had to be recorded,
    nothing is, and the papers about it are not asked for."""
    facets, floor = _joined(rules)
    if lifted and not any(one.evidence is not None and not one.advisory for one in facets.values()):
        facets = {name: one for name, one in facets.items() if one.evidence is None}
    firm, firm_floor = _joined(demands := insisting(rules, facets))
    origins, firm_origins = origins_of(facets, rules), origins_of(firm, demands)
    absorbed = (
        *_absorbed(facets, floor, [_but(one, firm) for one in rules], rules, origins),
        *_absorbed(firm, firm_floor, demands, demands, firm_origins),
    )
    on_failure = _on_failure(rules, rank)
    return StepRules(
        id=step.id,
        title=step.title,
        stage=step.stage,
        level=step.level,
        day=day,
        facets=facets,
        origins=origins,
        absorbed=absorbed,
        rules=tuple(sorted({rule.id for rule, _, _ in rules})),
        attaining=tuple(sorted(_attaining(rules, (origins, firm_origins), absorbed, on_failure))),
        firm=firm,
        firm_origins=firm_origins,
        on_failure=on_failure,
        records=(not facets and not lifted) or any(one.evidence is not None for one in facets.values()),
        side=step.side,
        made=tuple(rules),
        lifted=lifted,
        **_sorted_out(facets, {**facets, **firm}),
        floor_asking=Asked.of({**floor, **firm_floor}),
    )


def _sorted_out(facets: Mapping[str, Facet], firm: Mapping[str, Facet]) -> dict[str, Any]:
    """The facets by what is asked of them, sorted out once; `firm`: without what is only advised beside a demand."""
    return {
        "ending": tuple(facet for facet in firm.values() if type(facet).end is not Facet.end),
        "asking": Asked.of(firm),
        "judged": tuple(facet for facet in facets.values() if not facet.last),
        "daily": tuple(facet for facet in facets.values() if not facet.timeless and not facet.last),
        "last": tuple(facet for facet in facets.values() if facet.last),
        "dated": tuple(facet for facet in facets.values() if type(facet).deadline is not Facet.deadline),
        "turning": tuple(facet for facet in facets.values() if type(facet).turns is not Facet.turns),
        "anchors": tuple(
            {one for facet in facets.values() for param in facet.anchors for one in getattr(facet, param)}
        ),
        "renewing": tuple(facet for facet in facets.values() if not facet.last and _renews(facet)),
    }


def _renews(facet: Facet) -> bool:
    able = bool(facet.ends) or type(facet).begins_again is not Facet.begins_again
    return able and (not facet.fails_by or any(getattr(facet, param) for param in facet.fails_by))


def _joined(rules: Sequence[Contribution]) -> tuple[dict[str, Facet], dict[str, Facet]]:
    """The joined facets of all rules in their usual order, and those of the floor's rules alone."""
    facets: dict[str, Facet] = {}
    floor: dict[str, Facet] = {}
    for _, own, is_floor in rules:
        for name, facet in own.items():
            facets[name] = joined(facets[name], facet) if name in facets else facet
            if is_floor:
                floor[name] = joined(floor[name], facet) if name in floor else facet
    return {name: facets[name] for name in in_order(facets)}, floor


def _attaining(
    rules: Sequence[Contribution],
    origins: Sequence[Mapping[Origin, tuple[str, ...]]],
    absorbed: Sequence[Absorbed],
    on_failure: OnFailure,
) -> set[str]:
    """The rules that set something here; one that is wholly absorbed sets nothing."""
    said = {(one.rule, one.facet, one.param) for one in absorbed}
    found = {
        rule
        for these in origins
        for (facet, param, _), attaining in these.items()
        for rule in attaining
        if (rule, facet, param.rstrip("_")) not in said
    }
    found |= {
        rule.id  # it inserts the step, or says nothing but an order or a blank
        for rule, own, _ in rules
        if rule.kind == "add" or (not own and rule.on_failure == OnFailure())
    }
    found |= {rule.id for rule, _, _ in rules if rule.on_failure == on_failure != OnFailure()}
    return found


def _but(one: Contribution, firm: Mapping[str, Facet]) -> Contribution:
    """A rule without its demands by these facets."""
    rule, own, floor = one
    return rule, {name: facet for name, facet in own.items() if name not in firm or facet.advisory}, floor


def _absorbed(
    facets: Mapping[str, Facet],
    ground: Mapping[str, Facet],
    asked: Sequence[Contribution],
    rules: Sequence[Contribution],
    origins: Mapping[Origin, tuple[str, ...]],
) -> tuple[Absorbed, ...]:
    """What rules of places among these ask for to no effect beside `rules`, which are joined to `facets`; the floor's among them
    to `ground`."""
    found: list[Absorbed] = []
    local, floor = [one for one in asked if not one[2] and one[1]], [one for one in rules if one[2]]
    excepting = any(rule.exceptions for rule, _, _ in floor)
    for rule, own, _ in local:
        for name, facet in own.items():
            if name not in facets:
                continue
            below = _joined(as_firm(rule, name, floor))[1] if excepting else ground
            if is_bare(facet) and rule.id not in origins.get((name, "", ""), ()):
                behind = {one for key, ids in origins.items() if key[0] == name for one in ids} - {rule.id}
                found.append(Absorbed(rule.id, name, "", "", "", tuple(sorted(behind))))
            beaten = outdone(facets[name])
            for param, how in joins(type(facet)):
                parts = how.parts(getattr(facet, param))
                whole = how.parts(getattr(facets[name], param))
                least = how.parts(getattr(below[name], param)) if name in below else {}
                if parts and all(
                    whole[key] != value or least.get(key) == value or (param, key) in beaten
                    for key, value in parts.items()
                ):
                    deciding = (beaten.get((param, key), (param, key)) for key in parts)
                    by = {one for part in deciding for one in origins[name, *part]}
                    value, effective = words(parts), words({key: whole[key] for key in parts})
                    if value != effective or len(by) > 1:  # else it outdoes itself
                        by.discard(rule.id)
                    found.append(
                        Absorbed(rule.id, name, param.rstrip("_"), value, effective, tuple(sorted(by)))
                    )
    return tuple(found)


def _on_failure(rules: Sequence[Contribution], rank: Mapping[str, int]) -> OnFailure:
    if any(rule.on_failure.close for rule, _, _ in rules):
        return OnFailure(close=True)
    steps = [rule.on_failure.return_to for rule, _, _ in rules if rule.on_failure.return_to]
    known = [step for step in steps if step in rank]
    return OnFailure(return_to=min(known, key=lambda step: rank[step])) if known else OnFailure()
