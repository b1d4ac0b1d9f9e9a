"""One letter: what has become of it; of ours the code by which anybody can check it, to be printed and enclosed; issued anew."""

from __future__ import annotations

from uuid import UUID

import segno
from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.transfers.queries import letter_file
from core.transfers.renew import outdated, renew
from tenants.policies.regimes import regime_of_path
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request, site_of


class EnclosedPages(Controller):
    """/transfers/letters/{letter} and /renew."""

    path = "/transfers/letters/{letter_id:uuid}"

    @get("/")
    async def show(self, here: FromHere, request: Request, letter_id: FromPath[UUID]) -> Page:
        """The letter and its code. Raises NotFound."""
        return await _page(here, request, letter_id, Form.blank(day=here.today))

    @post("/renew")
    async def renew(self, here: FromHere, request: Request, letter_id: FromPath[UUID]) -> Page | Redirect:
        """Issue it anew: this number is void, another one is given."""
        form = await Form.of(request)
        async with attempt(form):
            number, day = form.text("number", "新的编号", longest=40), form.date("day", "换开的日期")
            reason = form.text("reason", "换开的原因", longest=200)
            form.check()
            assert day is not None
            case = await renew(here.actor, letter_id, number, day, reason, here.today, regime_of_path)
            return see_other(f"/cases/{case}", here.say(f"已换开第 {number} 号介绍信，原来的编号作废。"))
        return await _page(here, request, letter_id, form)


async def _page(here: Here, request: Request, letter_id: UUID, form: Form) -> Page:
    line = await letter_file(here.actor, letter_id)
    one = line.letter
    token = one.token if one.ours else None
    address = f"{site_of(request)}/letters/{token}" if token else ""
    code = segno.make(address, error="m").svg_inline(scale=4, border=2, omitsize=False) if address else ""
    out = bool(token) and one.state == "issued"
    return page(
        "transfers/letter.html",
        status=form.status,
        form=form,
        line=line,
        address=address,
        code=code,
        corrected=(await outdated(one.person_id)).get(one.id, (one, ()))[1] if out else (),
        renews=out and here.may("case.return") and here.may("case.record"),
    )
