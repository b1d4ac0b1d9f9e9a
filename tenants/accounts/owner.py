"""Who of the register an account belongs to: of himself nobody decides (core.actor.Actor.refuse_himself)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.actor import Actor
from core.errors import Forbidden
from core.ledger.note import note
from core.register.access import access_person, refuse_left
from tenants.accounts.administer import administer, offices
from tenants.accounts.apart import refuse_two
from tenants.database.session import current_session


async def set_owner(actor: Actor, account_id: UUID, person_id: UUID | None, today: date) -> None:
    """Say who of the register uses an account (None: somebody who is not in it).

    Raises NotFound, Forbidden (also for one's own account), Conflict for a person who has left, or by another account
    holds a role from which one of this account's must be apart.
    """
    if actor.id == account_id:
        raise Forbidden(
            "自己的账号是名册中的哪一位，由另一位管理员登记，不能由本人登记或变更。", code="himself"
        )
    await administer(actor, account_id, today)
    if person_id is not None:
        refuse_left(await access_person(actor, person_id))
    await current_session().execute("update account set person_id = $2 where id = $1", account_id, person_id)
    for held in await offices(account_id, today):
        await refuse_two(account_id, held.role, today)
    await note(actor, "account.owned", "account", account_id, person=person_id)
