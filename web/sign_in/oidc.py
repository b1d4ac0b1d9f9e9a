"""Signing in through the county's provider: there, back, and, the first time, one's password to confirm who one is."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from core.errors import DomainError
from tenants.accounts import throttle
from tenants.accounts.oidc import flow, links
from tenants.accounts.oidc.discovery import failed
from tenants.accounts.oidc.logout import left
from tenants.accounts.oidc.providers import provider, providers, secret_of
from tenants.counties import CountyView, counties, county_at_gate
from tenants.database.session import county_session
from web.frame.intake import LARGEST_SIGN_IN
from web.frame.signed_in import end_where
from web.kit.clock import SHANGHAI
from web.kit.cookies import send_along
from web.kit.errors import status_of
from web.kit.forms import Form
from web.kit.page import Page, page, see_other
from web.kit.requests import Request
from web.sign_in.pages import landing, safe_next
from web.sign_in.provider import begin_by_provider, hold, prove, unproven_of

COOKIE = "dangwu-oidc"


class OidcPages(Controller):
    """/sign-in/oidc."""

    path = "/sign-in/oidc"

    @get("/")
    async def choose(self, county: FromQuery[str] = "", next: FromQuery[str] = "/") -> Page:
        """The providers of a county, which has to be named first."""
        listed = [(one.slug, one.name) for one in await counties()]
        county = listed[0][0] if len(listed) == 1 else county
        found = []
        if county in dict(listed):
            async with county_session((await county_at_gate(county)).id):
                found = await providers()
        form = Form.blank(county=county, next=safe_next(next))
        return page("sign_in/providers.html", form=form, counties=listed, providers=found, county=county)

    @get("/{county:str}/{provider_id:uuid}")
    async def go(
        self, request: Request, county: FromPath[str], provider_id: FromPath[UUID], next: FromQuery[str] = "/"
    ) -> Redirect:
        """To the provider; what is asked there is bound to this browser."""
        place = await county_at_gate(county)
        address = request.client.host if request.client else "unknown"
        await throttle.begun(address, datetime.now(SHANGHAI))
        async with county_session(place.id):
            one = await provider(provider_id)
        begun = await flow.begin(one, place.id, place.slug, safe_next(next))
        _bind(request, begun.browser, flow.SECONDS)
        return see_other(begun.url)

    @get("/callback", asks=("*",))
    async def back(self, request: Request, code: FromQuery[str] = "", error: FromQuery[str] = "") -> Redirect:
        """Back again: a state is taken once, and only from the browser that was sent."""
        pending = await flow.taken(request.query_params.get("state", ""), request.cookies.get(COOKIE, ""))
        _bind(request, "", 0)
        if error or not code:
            raise failed("对方没有同意登录。")
        async with county_session(pending.county):
            one = await provider(pending.provider)
            secret = await secret_of(one)
        subject = await flow.finish(one, secret, pending, code)
        async with county_session(pending.county):
            link = await links.link_of(one.id, subject.subject)
        if link is None:
            raise failed(
                f"您在“{one.name}”的标识是 {subject.subject}，还没有关联本平台的账号，请把它告诉账号管理员。"
            )
        if link.confirmed_at is None:
            hold(request, pending, link, subject)
            return see_other("/sign-in/oidc/confirm")
        whole = await begin_by_provider(request, pending, link, subject)
        return see_other(landing(request, pending.next) if whole else "/sign-in/code")

    @get("/confirm")
    async def confirm_form(self, request: Request) -> Page:
        """The first time: his own password."""
        return page("sign_in/confirm.html", form=Form.blank(), login=unproven_of(request).login)

    @post("/confirm", request_max_body_size=LARGEST_SIGN_IN)
    async def confirm(self, request: Request) -> Page | Redirect:
        """Confirm the link and go on."""
        form, unproven = await Form.of(request), unproven_of(request)
        try:
            whole = await prove(request, unproven, form.value("password"))
        except DomainError as refused:
            form.take(refused)
            return page("sign_in/confirm.html", form=form, login=unproven.login, status=status_of(refused))
        return see_other(landing(request, unproven.next) if whole else "/sign-in/code")

    @post(
        "/{county:str}/{provider_id:uuid}/logout",
        exclude_from_csrf=True,
        request_max_body_size=LARGEST_SIGN_IN,
    )
    async def logout(
        self, request: Request, county: FromPath[str], provider_id: FromPath[UUID]
    ) -> Response[None]:
        """The provider says that somebody has left: his sign-ins through it end."""
        place = await county_at_gate(county)
        async with county_session(place.id):
            one = await provider(provider_id)
        token = (await request.form()).get("logout_token")
        if not isinstance(token, str):
            raise failed("没有退出通知。")
        subject, sid = await left(one, token)
        async with county_session(place.id):
            link = await links.link_of(one.id, subject)
        if link is not None:
            await _end(request, place, link.account_id, one.id, sid)
        return Response(None, status_code=200)


async def _end(request: Request, place: CountyView, account_id: UUID, provider_id: UUID, sid: str) -> None:
    def fits(held: dict[str, object]) -> bool:
        through = held.get("oidc")
        return (
            isinstance(through, dict)
            and through.get("provider") == str(provider_id)
            and (not sid or through.get("sid") == sid)
        )

    await end_where(request, place.id, account_id, fits)


def _bind(request: Request, value: str, seconds: int) -> None:
    cookie = Cookie(
        key=COOKIE, value=value, max_age=seconds, path="/sign-in/oidc", httponly=True, samesite="lax"
    )
    send_along(request, cookie)
