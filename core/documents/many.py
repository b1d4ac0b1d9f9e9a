"""One paper for many cases: who can have it gets it, and who cannot is named with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from core.actor import Actor
from core.casework.matter import Matter
from core.documents.model import Brought, Filled, Made, Offer
from core.documents.offer import filled, offers
from core.documents.own import templates_of
from core.documents.prints import file_name
from core.documents.rare import rare
from core.documents.setting import leaf, made
from core.documents.sources import sources
from core.errors import Invalid
from core.ledger.note import note_reading
from dangwu import DONE

MOST = 200
"""So many papers at once."""
LEFT_OUT = "没有打印的人.txt"
RARE = "生僻字.txt"


class One(NamedTuple):
    """A case's paper: the person and his name, the paper filled in, what brings it."""

    person_id: UUID
    name: str
    filled: Filled


class Printing(NamedTuple):
    """What came of a list: the papers, and the lines about those who have none."""

    papers: list[One]
    left_out: list[str]


async def gathered(
    actor: Actor,
    matters: Iterable[Matter],
    name: str,
    brought: Callable[[Matter], Sequence[Brought]],
    day: date,
    site: str,
) -> Printing:
    """The paper by its name (`Brought.id`) for each of these cases, at the step that is at hand."""
    found, prints = Printing([], []), list[Matter]()
    for matter in matters:
        if actor.may("document.print", matter.case.path):
            prints.append(matter)
        else:
            found.left_out.append(f"{matter.case.person_name}：您没有打印这份档案文书的权限。")
    for matter, of in zip(prints, await sources(prints, day, actor.name, site), strict=True):
        person = matter.case.person_name
        offer = at_hand([one for one in offers(actor, of, brought(matter)) if one.brought.id == name])
        if offer is None:
            found.left_out.append(f"{person}：现在没有这份文书（环节没有开始，或者已经免办）。")
        elif not offer.mine:
            found.left_out.append(f"{person}：不由您这一级出具。")
        else:
            found.papers.append(One(matter.case.person_id, person, filled(of, offer.brought, offer.step)))
    return found


async def gathered_steps(
    actor: Actor,
    steps: Sequence[tuple[Matter, str]],
    brought: Callable[[Matter], Sequence[Brought]],
    day: date,
) -> list[tuple[Matter, Filled]]:
    """Every paper of these steps of these cases that he prints."""
    prints = [(one, step) for one, step in steps if actor.may("document.print", one.case.path)]
    found = zip(prints, await sources([one for one, _ in prints], day, actor.name), strict=True)
    return [
        (matter, filled(of, offer.brought, step))
        for (matter, step), of in found
        for offer in offers(actor, of, brought(matter))
        if offer.mine and offer.step == step
    ]


async def print_steps(actor: Actor, found: Sequence[tuple[Matter, Filled]], name: str, purpose: str) -> Made:
    """These papers in a zip, a file for each, noted in everybody's reading log. Raises Invalid where there is none."""
    if not found:
        raise Invalid("这些环节现在没有由您打印的文书。请到各人的“文书”一页查看。")
    people = list(dict.fromkeys(matter.case.person_id for matter, _ in found))
    await note_reading(actor, people, "paper", f"打印{purpose}的文书")
    templates = await templates_of(one.brought for _, one in found)
    leaves = [leaf(file_name(matter.case.person_name, one.title), one, templates) for matter, one in found]
    return await made(leaves, file_name(name), zipped=True)


def at_hand(found: Sequence[Offer]) -> Offer | None:
    """Of the steps for which a case can have a paper, the first that is not done, else the last."""
    return next((one for one in found if one.state != DONE), found[-1] if found else None)


async def print_many(actor: Actor, found: Printing, purpose: str, *, zipped: bool) -> Made:
    """The papers as one document or a zip, noted in everybody's reading log. Raises Invalid where nobody has one."""
    if not found.papers:
        raise Invalid("名单中现在没有人可以打印这份文书。" + "".join(found.left_out[:5]))
    title = found.papers[0].filled.title
    await note_reading(actor, [one.person_id for one in found.papers], "paper", f"打印《{title}》：{purpose}")
    templates = await templates_of(one.filled.brought for one in found.papers)
    leaves = [leaf(file_name(title, one.name), one.filled, templates) for one in found.papers]
    strange = [
        f"{one.name}：{'、'.join(odd)}"
        for one in found.papers
        if (odd := rare(one.filled.said.values(), sealed=one.filled.brought.paper.sealed))
    ]
    beside = {LEFT_OUT: found.left_out, RARE: strange}
    texts = {name: "\r\n".join(lines) for name, lines in beside.items() if lines}
    return await made(leaves, file_name(title), zipped=zipped, beside=texts)
