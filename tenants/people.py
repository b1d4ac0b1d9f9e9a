"""Two files of a county's register made one, with what that means for the accounts of the one person."""

from __future__ import annotations

from datetime import date

from core.actor import Actor
from core.changes import unite as uniting
from core.changes.unite import Union
from tenants.accounts.apart import refuse_one_person
from tenants.policies.regimes import regime_of_path


async def unite(actor: Actor, union: Union, today: date) -> None:
    """Make them one. Raises as core.changes.unite, and Conflict where his accounts would hold roles that are kept apart."""
    await uniting.unite(actor, union, today, regime_of_path)
    await refuse_one_person(union.kept, today)
