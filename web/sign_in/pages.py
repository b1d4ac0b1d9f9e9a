"""Signing in, signing out, one's own password."""

from __future__ import annotations

from datetime import datetime

from litestar import Controller, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from core.errors import DomainError, NotFound
from core.ledger.note import note
from tenants.accounts.resets import last_reset
from tenants.accounts.service import account
from tenants.counties import counties, county_at_gate
from web.frame.devices import YEAR
from web.frame.intake import LARGEST_SIGN_IN
from web.frame.sessions import rotate
from web.kit.draft import kept_here
from web.kit.errors import status_of
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request
from web.sign_in.session import begin_session, change_own_password

COUNTY_COOKIE = "dangwu-county"
"""The county last signed in to, so that it need not be chosen every morning; tells nothing about the person."""


def safe_next(path: str) -> str:
    """Where to go after signing in: a path of ours, never another site."""
    inside = path.startswith("/") and not path.startswith(("//", "/\\", "/sign-in", "/api/"))
    return path if inside and path.isprintable() else "/"


class SignInPages(Controller):
    """/sign-in, /sign-out, /password."""

    @get("/sign-in")
    async def form(
        self, request: Request, next: FromQuery[str] = "/", expired: FromQuery[bool] = False
    ) -> Page:
        """The gate."""
        county = request.cookies.get(COUNTY_COOKIE, "")
        kept = kept_here(request, next) if expired else None
        return await _gate(Form.blank(county=county, next=safe_next(next)), expired=expired, kept=kept)

    @post("/sign-in", request_max_body_size=LARGEST_SIGN_IN)
    async def enter(self, request: Request) -> Page | Redirect:
        """Sign in; one sentence for everything that can be wrong with login and password."""
        form = await Form.of(request)
        try:
            slug = form.text("county", "您所在的县（市、区）")
            login, password = form.text("login", "登录名"), form.value("password")
            if not password:
                form.refuse("password", "请填写密码。")
            form.check("有几处没有填。")
            way = form.value("next", "/")
            whole = await begin_session(request, await county_at_gate(slug), login, password, next=way)
        except DomainError as refused:
            form.take(refused)
            form.status = 422 if isinstance(refused, NotFound) else status_of(refused)
            return await _gate(form, expired=False)
        answer = see_other(landing(request, way) if whole else "/sign-in/code")
        answer.set_cookie(COUNTY_COOKIE, slug, max_age=YEAR, httponly=True, samesite="lax")
        return answer

    @post("/sign-out")
    async def leave(self, request: Request, here: FromHere) -> Redirect:
        """End this sign-in; of one through a provider, a page says how to end it there, too."""
        await note(here.actor, "account.signed-out", "account", here.actor.id)
        through = request.session.get("oidc") or {}
        request.clear_session()
        if not through.get("leave"):
            return see_other("/sign-in")
        request.set_session({"leave": through["leave"]})
        rotate(request)
        return see_other("/sign-in/left")

    @get("/sign-in/left")
    async def left(self, request: Request) -> Page | Redirect:
        """A link to the provider: a form's answer that leads to another site would be stopped by the CSP."""
        leave = request.session.get("leave")
        request.clear_session()
        return page("sign_in/left.html", leave=leave) if leave else see_other("/sign-in")

    @get("/password")
    async def password_form(self, here: FromHere) -> Page:
        """One's own password; whose was reset reads by whom, and when."""
        return await _password_page(here, Form.blank())

    @post("/password")
    async def password(self, request: Request, here: FromHere) -> Page | Redirect:
        """Change it; all other sign-ins of this person end."""
        form = await Form.of(request)
        async with attempt(form):
            old, new = form.value("old"), form.value("password")
            if new != form.value("again"):
                form.refuse("again", "两次输入的新密码不一致。请重新输入。")
            form.check()
            await change_own_password(request, here, old, new)
            return see_other("/", here.say("密码已修改。您在其他电脑和手机上的登录均已退出。"))
        return await _password_page(here, form)


async def _password_page(here: Here, form: Form) -> Page:
    found = await account(here.actor, here.actor.id, here.today)
    reset = await last_reset(here.actor.id) if found.must_change_password else None
    return page("sign_in/password.html", form=form, status=form.status, reset=reset)


async def _gate(form: Form, *, expired: bool, kept: datetime | None = None) -> Page:
    listed = [(county.slug, county.name) for county in await counties()]
    return page(
        "sign_in/gate.html", form=form, counties=listed, expired=expired, kept=kept, status=form.status
    )


def landing(request: Request, wanted: str) -> str:
    """Where to go after signing in."""
    path = safe_next(wanted)
    return path if path != "/" or "/" in request.app.state.routed else "/units"
