"""What a record says where the least that the rules ask for would be the same in every case: figures, names, places."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

from dangwu import Share, StepRules
from deploy.demo.crew import Crew

HALF = Share(">1/2")
CROWDS = {"masses": (24, 60), "league": (8, 22), "appraisal-participants": (20, 45)}
OWN_PLACE = {"village": "residence", "street": "residence"}


def given(rules: StepRules, crew: Crew, chance: Random) -> dict[str, object]:
    """Evidence by facet for those that vary; `dangwu.least` adds what is still lacking."""
    return {
        name: made
        for name, make in MAKERS.items()
        if name in rules.facets and (made := make(rules, crew, chance)) is not None
    }


def _facet(rules: StepRules, name: str) -> Any:
    # A facet is reached by its name, and each has parameters of its own.
    return rules.facets[name]


def _vote(rules: StepRules, crew: Crew, chance: Random) -> dict[str, int]:
    """Most come, almost all are for it; always enough."""
    facet = _facet(rules, "vote")
    eligible = crew.seats(rules.level)
    needed = max((share or HALF).least(eligible) for share in (facet.quorum, facet.pass_, facet.pass_present))
    spare = max(0, eligible - needed - 1)
    absent = chance.randint(0, min(spare, max(1, eligible // 6)))
    written = chance.randint(0, min(absent, 2)) if rules.level == "branch" else 0
    against = chance.choice((0, 0, 0, 1)) if spare - absent > 1 else 0
    abstain = chance.choice((0, 0, 1, 1, 2)) if spare - absent - against > 2 else 0
    figures = {"eligible": eligible, "present": eligible - absent, "against": against, "abstain": abstain}
    return {**figures, "written_for": written} if written else figures


def _poll(rules: StepRules, crew: Crew, chance: Random) -> dict[str, object]:
    facet = _facet(rules, "poll")
    groups = sorted({one.split("|")[0] for one in facet.among}) or ["masses"]
    return {group: _crowd(group, crew, chance) for group in groups}


def _crowd(group: str, crew: Crew, chance: Random) -> dict[str, int]:
    invited = chance.randint(*CROWDS[group]) if group in CROWDS else crew.voters
    present = invited - chance.randint(0, invited // 6)
    return {"invited": invited, "present": present, "for": present - chance.randint(0, present // 9)}


def _notice(rules: StepRules, crew: Crew, chance: Random) -> dict[str, list[str]]:
    facet = _facet(rules, "notice")
    near = OWN_PLACE.get(crew.branch.domain, "workplace")
    places = [near if near in one.split("|") else one.split("|")[0] for one in sorted(facet.places)]
    channels = [one.split("|")[0] for one in sorted(facet.channels)]
    posted = {"places": places or [near], "channels": channels}
    return posted if channels else {**posted, "channels": ["bulletin-board"]}


def _appointment(rules: StepRules, crew: Crew, chance: Random) -> list[dict[str, str]]:
    facet = _facet(rules, "appointment")
    count = max(facet.count, chance.choice((1, 2)) if facet.at_most != 1 else 1)
    return [{"name": name} for name in crew.helpers[:count]]


def _training(rules: StepRules, crew: Crew, chance: Random) -> dict[str, object] | None:
    facet = _facet(rules, "training")
    if facet.advisory:
        return None
    hours = (facet.hours or 8) + chance.choice((0, 0, 4, 8))
    return {"hours": hours, "days": max(facet.days, hours // 8)}


def _talk(rules: StepRules, crew: Crew, chance: Random) -> dict[str, object]:
    facet = _facet(rules, "talk")
    if not facet.by:
        return {"by": [chance.choice(("branch-secretary", "branch-organizer"))]}
    taken: list[str] = []
    for one in sorted(facet.by, key=lambda wanted: "|" in wanted):
        choices = one.split("|")
        if not set(choices) & set(taken):
            taken.append(chance.choice(choices))
    return {"by": taken}


def _signoff(rules: StepRules, crew: Crew, chance: Random) -> dict[str, str] | None:
    facet = _facet(rules, "signoff")
    return {role: crew.name_of(role) for one in sorted(facet.roles) for role in [one.split("|")[0]]}


def _serial(rules: StepRules, crew: Crew, chance: Random) -> dict[str, str]:
    return {"number": f"{(crew.branch.unit.code or '')[:6]}{crew.serial:05d}"}


Maker = Callable[[StepRules, Crew, Random], object]

MAKERS: dict[str, Maker] = {
    "vote": _vote,
    "poll": _poll,
    "notice": _notice,
    "appointment": _appointment,
    "training": _training,
    "talk": _talk,
    "signoff": _signoff,
    "serial": _serial,
}


def as_played(evidence: dict[str, Any], varied: dict[str, Any]) -> dict[str, Any]:
    """Evidence made complete, but a poll only of those whom the story lets be asked."""
    return {**evidence, "poll": varied["poll"]} if "poll" in varied else evidence


def on_its_day(part: dict[str, Any], day: date) -> dict[str, Any]:
    """One level's part, its review dated."""
    for review in part.get("review", {}).values():
        review["day"] = day
    return part
