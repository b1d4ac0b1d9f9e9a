"""The numbers of forms that a case uses, as its records and their rules say."""

from __future__ import annotations

from datetime import date

from core.actor import Actor
from core.casework.matter import Matter
from core.numbers.model import Used
from core.numbers.settle import settle
from dangwu import Facet, Regime, kind_of

RECORDS = ("record", "correction", "correction-request")
"""The kinds of entries that can say a number."""


async def settle_numbers(actor: Actor, matter: Matter, today: date) -> None:
    """Bring the ledger of numbers in line with a case that has just been written into. Raises as `settle`."""
    made = (one for one in matter.case.entries if one.kind in RECORDS)
    if any(kind_of(name).number_of(given) for one in made for name, given in one.evidence.items()):
        await settle(actor, _used(matter, today), today)


def _used(matter: Matter, today: date) -> Used:
    judged = matter.on(today)
    asked, given = [], set()
    for step, records in judged.records.items():
        standing = judged.standing.steps.get(step)
        rules = standing.rules if standing is not None else None
        for record in records:
            for name, evidence in record.evidence.items():
                if number := kind_of(name).number_of(evidence):
                    given.add((step, number))
        for name, facet in rules.facets.items() if rules is not None else ():
            last = next((one.evidence[name] for one in reversed(records) if name in one.evidence), None)
            if facet.allots() and last is not None and (number := facet.number_of(last)):
                asked.append((step, number))
    case = matter.case
    return Used(case.id, case.unit_id, case.path, tuple(asked), frozenset(given))


def allotting(regime: Regime, today: date) -> dict[str, type[Facet]]:
    """By step, the requirement whose form's number is allotted, as the policies ask today of somebody without tags."""
    return {
        step: type(facet)
        for procedure in regime.floor.procedures
        for step, rules in regime.on(today, procedure=procedure).steps.items()
        for facet in rules.facets.values()
        if facet.allots()
    }
