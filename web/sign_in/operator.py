"""How an operator whom the county lets in comes in: by the address that his command has printed, once."""

from __future__ import annotations

from datetime import datetime

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from tenants.accounts import throttle
from tenants.accounts.operators import come_in
from tenants.counties import county_at_gate
from tenants.database.session import county_session
from web.kit.clock import SHANGHAI, today_of
from web.kit.page import Page, page, see_other
from web.kit.requests import Request, address_of
from web.sign_in.session import let_in


class OperatorPages(Controller):
    """/sign-in/operator/{county}/{ticket}."""

    path = "/sign-in/operator/{county:str}/{ticket:str}"

    @get("/")
    async def ask(self, county: FromPath[str], ticket: FromPath[str]) -> Page:
        """Looking uses nothing up: whoever fetches an address before it is opened would else spend it."""
        place = await county_at_gate(county)
        return page("sign_in/operator.html", county=place, address=f"/sign-in/operator/{place.slug}/{ticket}")

    @post("/")
    async def enter(self, request: Request, county: FromPath[str], ticket: FromPath[str]) -> Redirect:
        """In, with a session that is his."""
        place, today = await county_at_gate(county), today_of(request.app.state)
        await throttle.begun(address_of(request), datetime.now(SHANGHAI))
        async with county_session(place.id):
            found = await come_in(ticket, today)
        let_in(request, place.id, found)
        return see_other("/")
