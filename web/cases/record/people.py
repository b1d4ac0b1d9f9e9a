"""Who is meant by a name that was typed into the form of a step: somebody of the register, chosen, or an outsider."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from web.kit.asked.blocks import Block
from web.kit.asked.evidence import leaves_of
from web.kit.forms import Form
from web.kit.here import Here
from web.kit.meant import choose_one, offer_one
from web.kit.picks import OUTSIDER

MOST_CHOSEN = 60


async def offer(here: Here, unit_id: UUID, asked: Sequence[Block], form: Form, day: date) -> None:
    """Let the form show whoever has been chosen, and whom the other names may mean."""
    for name, field in _named(asked, form):
        await offer_one(here.actor, unit_id, form, name, field, day)


async def choose(here: Here, unit_id: UUID, asked: Sequence[Block], form: Form, day: date) -> None:
    """The same, and a name that is in the register and not chosen is refused on its field. Raises NotFound for somebody whom he
    may not pick."""
    on = form.day("day") or day
    for name, field in _named(asked, form):
        await choose_one(here.actor, unit_id, form, name, field, on)


def keep_text(asked: Sequence[Block], form: Form) -> None:
    """Names that were recorded as text stay text, unless somebody is chosen: who corrects a date need not say who was meant."""
    for _, field in _named(asked, form):
        if not form.value(field):
            form.put(field, OUTSIDER)


def _named(asked: Sequence[Block], form: Form) -> Iterator[tuple[str, str]]:
    """(field of a name, field of who is meant) of all people that were typed; no more than anybody fills in."""
    leaves = [one for block in asked for one in leaves_of(block.fields) if one.kind == "person"]
    for one in leaves[:MOST_CHOSEN]:
        field = f"{one.name.rpartition('.')[0]}.person"
        if form.value(one.name).strip() or form.value(field):
            yield one.name, field
