"""Printing papers of a case: filled in, set, and noted in the reading log."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from core.actor import Actor
from core.casework.matter import Matter
from core.documents.model import Brought, Filled, Made
from core.documents.offer import filled, filled_by_name, offers
from core.documents.own import templates_of
from core.documents.setting import leaf, made
from core.documents.sources import sources
from core.errors import NotFound
from core.ledger.note import note_reading

_UNFIT = re.compile(r'[\\/:*?"<>|\s]+')
LONGEST_NAME, LONGEST_PURPOSE = 60, 200


async def print_paper(
    actor: Actor, matter: Matter, brought: Sequence[Brought], name: str, step: str, day: date, site: str
) -> tuple[Filled, Made]:
    """A paper by its name (`Brought.id`) for a step ("": the whole case), dated `day`. Raises NotFound, Forbidden, Invalid."""
    [of] = await sources([matter], day, actor.name, site)
    one = filled_by_name(actor, of, brought, name, step)
    await note_reading(actor, [matter.case.person_id], "paper", f"打印《{one.title}》")
    named = file_name(one.title, matter.case.person_name)
    templates = await templates_of([one.brought])
    return one, await made([leaf(named, one, templates)], named)


async def print_stage(
    actor: Actor, matter: Matter, brought: Sequence[Brought], stage: str, day: date, site: str
) -> tuple[list[Filled], Made]:
    """All papers of a stage that he prints, in a zip. Raises NotFound where there is none."""
    [of] = await sources([matter], day, actor.name, site)
    mine = [one for one in offers(actor, of, brought) if one.mine and one.step and one.stage == stage]
    if not mine:
        raise NotFound(f"{matter.case.person_name}在这一阶段现在没有由您打印的文书。请从“文书”一页重新选择。")
    papers = [filled(of, one.brought, one.step) for one in mine]
    listed = "".join(f"《{one.title}》" for one in papers)
    await note_reading(actor, [matter.case.person_id], "paper", f"打印{listed}"[:LONGEST_PURPOSE])
    templates = await templates_of(one.brought for one in papers)
    leaves = [
        leaf(file_name(f"{number:02}", one.title), one, templates) for number, one in enumerate(papers, 1)
    ]
    return papers, await made(leaves, file_name("文书", matter.case.person_name), zipped=True)


def file_name(*words: str) -> str:
    """Words as the name of a file, whatever stands in them."""
    return "-".join(_UNFIT.sub("_", word)[:LONGEST_NAME] for word in words)
