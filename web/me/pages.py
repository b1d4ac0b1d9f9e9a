"""我的账号: what somebody can do to his own."""

from __future__ import annotations

from litestar import Controller, get

from tenants.accounts import recovery
from tenants.accounts.security import asked_of
from tenants.accounts.service import account
from web.kit.here import FromHere
from web.kit.page import Page, page


class MePages(Controller):
    """/me."""

    path = "/me"

    @get("/")
    async def show(self, here: FromHere) -> Page:
        """His own account."""
        return page(
            "me/show.html",
            account=await account(here.actor, here.actor.id, here.today),
            codes=await recovery.left(here.actor.id),
            asked_of=await asked_of(),
        )
