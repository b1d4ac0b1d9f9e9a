"""我的账号: what somebody can do to his own."""

from __future__ import annotations

from litestar import Controller, get

from tenants.accounts import recovery
from tenants.accounts.security import rule
from tenants.accounts.service import account
from web.kit.here import FromHere
from web.kit.page import Page, page
from web.kit.requests import Request
from web.me.sign_ins import own_sign_ins


class MePages(Controller):
    """/me."""

    path = "/me"

    @get("/")
    async def show(self, here: FromHere, request: Request) -> Page:
        """His own account."""
        return page(
            "me/show.html",
            account=await account(here.actor, here.actor.id, here.today),
            codes=await recovery.left(here.actor.id),
            asked_of=(await rule()).second_factor,
            sign_ins=await own_sign_ins(request, here),
        )
