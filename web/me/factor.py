"""One's own second factor: set up, given up, new recovery codes."""

from __future__ import annotations

from datetime import datetime

import segno
from litestar import Controller, get, post
from litestar.response import Redirect

from core.errors import Conflict
from tenants.accounts import throttle, totp
from web.kit.clock import SHANGHAI
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, only_once, page, see_other
from web.kit.requests import Request


def picture(uri: str) -> str:
    """The address as a QR code: SVG with attributes only, as the CSP wants it."""
    return segno.make(uri, error="m").svg_inline(scale=5, border=2, omitsize=False)


class FactorPages(Controller):
    """/me/second-factor."""

    path = "/me/second-factor"

    @get("/")
    async def form(self, here: FromHere) -> Page | Redirect:
        """The secret to be scanned; whoever has a second factor already goes to his account."""
        try:
            return await _offer(here, Form.blank())
        except Conflict:
            return see_other("/me")

    @post("/")
    async def confirm(self, here: FromHere, request: Request) -> Page:
        """From now on it is asked for; the recovery codes are shown once, on this answer."""
        form = await Form.of(request)
        async with attempt(form):
            code = _code(form)
            return _codes(await totp.confirm(here.actor, code, datetime.now(SHANGHAI)), new=True)
        return await _offer(here, form)

    @get("/end")
    async def end_form(self) -> Page:
        """Asks for a code: whoever finds a computer left open cannot take it off."""
        return _asking(Form.blank(), "end")

    @post("/end")
    async def end(self, here: FromHere, request: Request) -> Page | Redirect:
        """No longer asked for."""
        form = await Form.of(request)
        now = datetime.now(SHANGHAI)
        async with attempt(form):
            code = _code(form)
            async with throttle.guarded(here.county.id, here.actor.id, now):
                await totp.give_up(here.actor, code, now)
            return see_other("/me", here.say("动态口令已停用，登录时不再要求。"))
        return _asking(form, "end")

    @get("/codes")
    async def codes_form(self) -> Page:
        """New recovery codes."""
        return _asking(Form.blank(), "codes")

    @post("/codes")
    async def codes(self, here: FromHere, request: Request) -> Page:
        """New ones instead of the old; shown once, on this answer."""
        form = await Form.of(request)
        now = datetime.now(SHANGHAI)
        async with attempt(form):
            code = _code(form)
            async with throttle.guarded(here.county.id, here.actor.id, now):
                return _codes(await totp.renew_codes(here.actor, code, now), new=False)
        return _asking(form, "codes")


def _code(form: Form) -> str:
    code = form.text("code", "动态口令", longest=20)
    form.put("code", "")
    form.check("请填写动态口令。")
    return code


async def _offer(here: Here, form: Form) -> Page:
    offer = await totp.begin(here.actor)
    return only_once(
        page("me/factor.html", form=form, status=form.status, secret=offer.secret, qr=picture(offer.uri))
    )


def _asking(form: Form, what: str) -> Page:
    return page("me/factor_code.html", form=form, status=form.status, what=what)


def _codes(codes: tuple[str, ...], *, new: bool) -> Page:
    return only_once(page("me/codes.html", codes=codes, new=new))
