"""Printing a paper of a case: filled in, set, and noted in the reading log."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from core.actor import Actor
from core.casework.matter import Matter
from core.documents.model import Brought, Made, Sheet
from core.documents.offer import sheet
from core.documents.setting import made
from core.documents.sources import sources
from core.register.reading_log import note_reading

_UNFIT = re.compile(r'[\\/:*?"<>|\s]+')
LONGEST_NAME = 60


async def print_paper(
    actor: Actor, matter: Matter, brought: Iterable[Brought], name: str, step: str, day: date
) -> tuple[Sheet, Made]:
    """A paper by its name (`Brought.id`) for a step ("": the whole case), dated `day`. Raises NotFound, Forbidden, Invalid."""
    one = sheet(actor, await sources(matter, day, actor.name), brought, name, step)
    await note_reading(actor, [matter.case.person_id], "paper", f"打印《{one.title}》")
    found = await made(
        [(one.title, one, one.brought.paper.content)], file_name(one.title, matter.case.person_name)
    )
    return one, found


def file_name(*words: str) -> str:
    """Words as the name of a file, whatever stands in them."""
    return "-".join(_UNFIT.sub("_", word)[:LONGEST_NAME] for word in words)
