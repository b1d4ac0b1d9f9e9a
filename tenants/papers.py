"""Papers in a county: which there are under the policies in force, printing one, noted in the log of acts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from core.actor import Actor
from core.casework.access import take_up, take_up_many
from core.casework.matter import Matter
from core.documents.many import Printing, gathered, gathered_steps, print_many, print_steps
from core.documents.model import Brought, Filled, Made, Offer
from core.documents.offer import offers
from core.documents.own import put_back, replace
from core.documents.pdf import as_pdf
from core.documents.prints import print_paper, print_stage
from core.documents.sources import sources
from core.errors import Conflict, NotFound
from core.ledger.note import note
from dangwu import Regime
from tenants.ground.office import office
from tenants.policies.plugins import installed
from tenants.policies.regimes import county_policies, regime_of_path


def brought(regime: Regime, day: date) -> list[Brought]:
    """The papers of the floor and of the plugins in force on a day, those of the nearest unit last."""
    return _brought(
        one.policy.id
        for one in regime.adoptions
        if (one.since is None or one.since <= day) and (one.until is None or day < one.until)
    )


async def all_papers() -> list[Brought]:
    """The papers of the floor and of whatever is adopted anywhere in the county."""
    return _brought(item.plugin for item in (await county_policies()).live)


def _brought(live: Iterable[str]) -> list[Brought]:
    """Those of the floor, then those of these plugins."""
    found = installed()
    plugins = dict.fromkeys((*sorted(found.floor.ids), *live))
    return [Brought(name, paper) for name in plugins for paper in found.papers.get(name, ())]


async def for_steps(procedure: str) -> list[Brought]:
    """Those of them that are for steps of a procedure."""
    listed = await all_papers()
    return [one for one in listed if any(step.startswith(f"{procedure}/") for step in one.paper.steps)]


async def paper_named(name: str) -> Brought:
    """One of them by its name (`Brought.id`). Raises NotFound."""
    found = next((one for one in await all_papers() if one.id == name), None)
    if found is None:
        raise NotFound("没有这份文书。请从“文书模板”一页重新选择。")
    return found


async def replaced(actor: Actor, name: str, filename: str, content: bytes) -> Brought:
    """Put the county's own template in the place of a plugin's (core.documents.own). Raises NotFound, Forbidden, Invalid."""
    one = await paper_named(name)
    await replace(actor, one, filename, content)
    await note(actor, "paper.replaced", "paper", None, paper=name, title=one.paper.title)
    return one


async def restored(actor: Actor, name: str) -> Brought:
    """Put the plugin's template back. Raises NotFound, Forbidden."""
    one = await paper_named(name)
    await put_back(actor, one)
    await note(actor, "paper.restored", "paper", None, paper=name, title=one.paper.title)
    return one


async def offered(actor: Actor, matter: Matter, day: date, site: str) -> list[Offer]:
    """The papers that a case can have, as they would be on a day. Raises Forbidden for somebody who prints none."""
    actor.require("document.print", matter.case.path)
    [of] = await sources([matter], day, actor.name, site)
    return offers(actor, of, brought(matter.regime, day))


async def printed(
    actor: Actor, case_id: UUID, name: str, step: str, day: date, site: str, *, pdf: bool = False
) -> Made:
    """One of them, made; noted in the reading log and the log of acts. `site`: where the platform is reached. Raises NotFound,
    Forbidden, Invalid, and Conflict where there is no PDF to be had."""
    matter = await take_up(actor, case_id, regime_of_path, "document.print", lock=False)
    one, made = await print_paper(actor, matter, brought(matter.regime, day), name, step, day, site)
    await _note(actor, matter, one)
    return await _pdf(made) if pdf and made.ending != "pdf" else made


async def printable(actor: Actor, cases: Iterable[UUID], name: str, day: date, site: str) -> Printing:
    """One paper for each of these cases, and who has none now and why; nothing is printed."""
    matters = await take_up_many(actor, cases, regime_of_path)
    return await gathered(actor, matters, name, lambda matter: brought(matter.regime, day), day, site)


async def printed_many(
    actor: Actor, cases: Iterable[UUID], name: str, purpose: str, day: date, site: str, *, zipped: bool
) -> Made:
    """One paper for many cases, noted as above. Raises Invalid where nobody has it."""
    found = await printable(actor, cases, name, day, site)
    made = await print_many(actor, found, purpose, zipped=zipped)
    title, count = found.papers[0].filled.title, len(found.papers)
    await note(actor, "paper.printed", "case", None, paper=name, title=title, count=count, purpose=purpose)
    return made


async def printed_steps(
    actor: Actor, steps: Iterable[tuple[UUID, str]], name: str, purpose: str, day: date
) -> Made:
    """All papers of these steps of cases that he prints, as a zip, noted as above. Raises Invalid where there is none."""
    asked = list(steps)
    matters = {
        one.case.id: one for one in await take_up_many(actor, [case for case, _ in asked], regime_of_path)
    }
    pairs = [(matters[case], step) for case, step in asked if case in matters]
    found = await gathered_steps(actor, pairs, lambda matter: brought(matter.regime, day), day)
    made = await print_steps(actor, found, name, purpose)
    for matter, filled in found:
        await _note(actor, matter, filled)
    return made


async def printed_stage(actor: Actor, case_id: UUID, stage: str, day: date, site: str) -> Made:
    """All papers of a stage of a case that he prints, as a zip, noted as above. Raises NotFound for a stage that has none."""
    matter = await take_up(actor, case_id, regime_of_path, "document.print", lock=False)
    papers, made = await print_stage(actor, matter, brought(matter.regime, day), stage, day, site)
    for one in papers:
        await _note(actor, matter, one)
    return made


async def _pdf(made: Made) -> Made:
    program = office()
    if program is None:
        raise Conflict("平台没有安装 LibreOffice，不能生成 PDF。请打印 Word 文件。", code="no-office")
    return await as_pdf(program, made)


async def _note(actor: Actor, matter: Matter, one: Filled) -> None:
    case, paper = matter.case, one.brought.id
    await note(
        actor, "paper.printed", "case", case.id, case.unit_id, paper=paper, title=one.title, step=one.step
    )
