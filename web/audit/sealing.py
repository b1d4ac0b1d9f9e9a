"""日志封存: the epochs of the ledger, what is not sealed yet, and verifying a span of days."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.response import Redirect

from core.ledger.report import FOUND
from tenants.ledger import LISTED, ask, sealing
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.paging import After, Pager, decode_key
from web.kit.requests import Request

SHOWN = 20
"""Findings of a check that the page lists; all of them are in the report of the command."""


class SealingPages(Controller):
    """/accounts/log/seal."""

    path = "/accounts/log/seal"

    @get("/")
    async def index(self, here: FromHere, after: After = None) -> Page:
        """The epochs, newest first; it asks again while a check is under way."""
        return await _page(here, Form.blank(), after)

    @post("/")
    async def check(self, request: Request, here: FromHere) -> Page | Redirect:
        """Have a span of days verified by a worker."""
        form = await Form.of(request)
        async with attempt(form):
            since = form.date("since", "起始日期", required=False)
            until = form.date("until", "截止日期", required=False)
            form.check()
            await ask(here.actor, since, until)
            return see_other("/accounts/log/seal", here.say("已开始核对，完成后结果列在下面。"))
        return await _page(here, form, None)


async def _page(here: Here, form: Form, after: str | None) -> Page:
    key = decode_key(after)
    found = await sealing(here.actor, key[0] if key and isinstance(key[0], int) else None)
    return page(
        "accounts/seal.html",
        form=form,
        status=form.status,
        found=found,
        pager=Pager.of(found.epochs, lambda one: (one.number,), after, LISTED),
        shown=SHOWN,
        kinds=FOUND,
        working=any(one.ended_at is None for one in found.checks),
    )
