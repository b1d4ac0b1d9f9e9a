"""Papers in a county: which there are under the policies in force, printing one, noted in the log of acts."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.casework.access import take_up
from core.casework.matter import Matter
from core.documents.model import Brought, Made, Offer
from core.documents.offer import offers
from core.documents.prints import print_paper
from core.documents.sources import sources
from dangwu import Regime
from tenants import audit
from tenants.policies.plugins import installed
from tenants.policies.regimes import regime_of_path


def brought(regime: Regime, day: date) -> list[Brought]:
    """The papers of the floor and of the plugins in force on a day, those of the nearest unit last."""
    found = installed()
    live = (
        one.policy.id
        for one in regime.adoptions
        if (one.since is None or one.since <= day) and (one.until is None or day < one.until)
    )
    plugins = dict.fromkeys((*sorted(found.floor.ids), *live))
    return [Brought(name, paper) for name in plugins for paper in found.papers.get(name, ())]


async def offered(actor: Actor, matter: Matter, day: date) -> list[Offer]:
    """The papers that a case can have, as they would be on a day. Raises Forbidden for somebody who prints none."""
    actor.require("document.print", matter.case.path)
    return offers(actor, await sources(matter, day, actor.name), brought(matter.regime, day))


async def printed(actor: Actor, case_id: UUID, name: str, step: str, day: date) -> Made:
    """One of them, made; noted in the reading log and the log of acts. Raises NotFound, Forbidden, Invalid."""
    matter = await take_up(actor, case_id, regime_of_path, "document.print", lock=False)
    one, made = await print_paper(actor, matter, brought(matter.regime, day), name, step, day)
    case = matter.case
    await audit.note(
        actor, "paper.printed", "case", case.id, case.unit_id, paper=name, title=one.title, step=step
    )
    return made
