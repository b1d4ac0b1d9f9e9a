"""Who is meant by a name that was typed into the form of a step: somebody of the register, chosen, or an outsider."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from web.kit.asked.blocks import Block
from web.kit.asked.evidence import leaves_of
from web.kit.forms import Form
from web.kit.here import Here
from web.kit.picks import OUTSIDER, picks, picks_of

MOST_CHOSEN = 60


async def offer(here: Here, unit_id: UUID, asked: Sequence[Block], form: Form, day: date) -> None:
    """Let the form show whoever has been chosen, and whom the other names may mean."""
    for name, field in _named(asked, form):
        typed, chosen = form.value(name).strip(), form.value(field)
        if _is_id(chosen):
            form.meant[field] = [*(await picks_of(here.actor, unit_id, [UUID(chosen)], day)).values()]
        elif typed:
            form.meant[field] = await picks(here.actor, unit_id, typed, day)


async def choose(here: Here, unit_id: UUID, asked: Sequence[Block], form: Form, day: date) -> None:
    """The same, and a name that is in the register and not chosen is refused on its field: nobody is taken for another.

    Raises NotFound for somebody whom he may not pick. Whoever is in no register here is an outsider, whether it was said or not.
    """
    await offer(here, unit_id, asked, form, form.day("day") or day)
    for name, field in _named(asked, form):
        typed, chosen, meant = form.value(name).strip(), form.value(field), form.meant.get(field, ())
        if not typed or not meant or chosen == OUTSIDER:
            continue
        if not _is_id(chosen):
            form.refuse(
                name, f"名册中查到“{typed}”。请在下面选择是哪一位；不是名册中的人的，选“名册以外的人”。"
            )
        elif typed != meant[0].name:
            found = await picks(here.actor, unit_id, typed, day)
            if chosen not in {one.id for one in found}:
                form.put(field, "")
                form.meant[field] = found
                form.refuse(name, f"填写的“{typed}”不是先前所选的“{meant[0].name}”。请重新选择。")


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


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
