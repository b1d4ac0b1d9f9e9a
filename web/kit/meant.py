"""Who is meant by a name that was typed into a form: somebody of the register, chosen, or an outsider."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from web.kit.forms import Form
from web.kit.picks import OUTSIDER, picks, picks_of


async def offer_one(actor: Actor, unit_id: UUID, form: Form, name: str, field: str, day: date) -> None:
    """Let the form show who has been chosen in `field`, or whom the name may mean."""
    typed, chosen = form.value(name).strip(), form.value(field)
    if is_id(chosen):
        form.meant[field] = [*(await picks_of(actor, unit_id, [UUID(chosen)], day)).values()]
    elif typed:
        form.meant[field] = await picks(actor, unit_id, typed, day)


async def choose_one(
    actor: Actor, unit_id: UUID, form: Form, name: str, field: str, day: date, *, outside: bool = True
) -> None:
    """The same, and a name that is in the register and not chosen is refused on its field: nobody is taken for another.

    Raises NotFound for somebody whom he may not pick. Whoever is in no register here is an outsider, whether it was said or not;
    where no outsider will do (`outside`) he is refused too.
    """
    await offer_one(actor, unit_id, form, name, field, day)
    typed, chosen, meant = form.value(name).strip(), form.value(field), form.meant.get(field, ())
    if not typed:
        return
    if not meant or chosen == OUTSIDER:
        if not outside:
            form.refuse(name, f"名册中没有选定“{typed}”。请核对姓名，选择是名册中的哪一位。")
    elif not is_id(chosen):
        other = "；不是名册中的人的，选“名册以外的人”" if outside else ""
        form.refuse(name, f"名册中查到“{typed}”。请在下面选择是哪一位{other}。")
    elif typed != meant[0].name:
        found = await picks(actor, unit_id, typed, day)
        if chosen not in {one.id for one in found}:
            form.put(field, "")
            form.meant[field] = found
            form.refuse(name, f"填写的“{typed}”不是先前所选的“{meant[0].name}”。请重新选择。")


def is_id(text: str) -> bool:
    """Whether it is somebody's id."""
    try:
        return bool(UUID(text))
    except ValueError:
        return False
