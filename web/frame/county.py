"""The county session of a request: opened in the request's own task, closed when the answer starts.

Not a dependency (Litestar may run those in another task) and not a wrapper around the next app (a handler's exception is
an ordinary 4xx answer in there): the commit happens in `send`, before the client can read that it worked.
"""

from __future__ import annotations

import time
from datetime import date
from uuid import UUID

from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.status_codes import HTTP_403_FORBIDDEN
from litestar.types import ASGIApp, HTTPResponseStartEvent, HTTPScope, Message, Receive, Scope, Send

from core.errors import NotFound
from core.ledger.origin import come_from
from tenants.accounts.access import actor_for
from tenants.accounts.bearer import Presented, look, narrowed, owner_of, used
from tenants.accounts.deputies import acting
from tenants.accounts.known import SignedIn, question
from tenants.calls import admit, learn, refuse_spent
from tenants.database.session import Session, county_session
from tenants.database.shares import Shares
from tenants.policies.regimes import county_policies
from web.frame.answers import PutAside, shown_again
from web.frame.bearer import API, presented, refuse_in_person, refuse_writing
from web.frame.forgery import BY_TOKEN, refuse_strange_token
from web.frame.intake import all_arrived, refuse_other_sites, refuse_two_hosts, too_large
from web.frame.ledger import note_act, note_denied, note_lists_shown
from web.frame.sessions import LONGEST_SECONDS, had_session_cookie
from web.kit.clock import today_of
from web.kit.errors import NotSignedIn, http_error, own_password_first, second_factor_first, unexpected
from web.kit.here import STATE_KEY, County, Here, Kept
from web.kit.once import settle
from web.kit.public import is_public
from web.kit.requests import Connection, Request, address_of

# What a person with a password that somebody else has set may use before he has set his own.
_BEFORE_OWN_PASSWORD = frozenset({"/password", "/sign-out", "/api/v1/session", "/api/v1/session/password"})

# The same for a second factor that his county asks of him.
_BEFORE_FACTOR = _BEFORE_OWN_PASSWORD | {"/me/second-factor", "/api/v1/session/second-factor"}


class CountyMiddleware:
    """Lets nobody past without a sign-in, except to the public routes; gives everybody else his county's session."""

    def __init__(self, app: ASGIApp, shares: Shares) -> None:
        self.app, self._shares = app, shares

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Open, hand on, and close with the first byte of the answer."""
        if scope["type"] != ScopeType.HTTP:
            raise RuntimeError("there are no websocket routes: nobody would be signed in on them")
        connection = Connection(scope)
        come_from(address_of(connection))
        refuse_two_hosts(scope)
        refuse_other_sites(scope)
        if is_public(scope["method"], scope["path_template"]):
            if not await shown_again(scope, send):
                await self.app(scope, receive, PutAside(scope, send))
            return
        if (token := presented(scope)) is not None:
            await self._program(scope, receive, send, token)
            return
        county_id, account_id = _signed_in(connection)
        refuse_strange_token(connection, scope["method"])
        today = today_of(connection.app.state)
        if connection.scope["path"].startswith(API):
            await admit(county_id, account_id)
        # Whoever sends slowly keeps nobody waiting: a connection is taken once there is something to do.
        refused = await too_large(scope, receive)
        asking, reads = (
            question(county_id, account_id, today),
            bool(scope["route_handler"].opt.get("only_reads")),
        )
        async with (
            self._shares.turn(county_id, account_id),
            county_session(county_id, asking, only_reads=reads) as session,
        ):
            signed_in = await _admitted(connection, account_id, today)
            if scope["path"].startswith(API):
                await learn()
            kept: Kept = scope["session"]  # type: ignore[assignment]
            _ask_first(scope, signed_in, by_provider="oidc" in kept)
            session.asker = (account_id, signed_in.actor.name)
            _place(scope, county_id, await _for_whom(signed_in, kept, today), today, kept)
            closing = _Closing(session, scope, receive, PutAside(scope, send))
            await self._answer(refused, scope, receive, closing)

    async def _answer(
        self, refused: HTTPException | None, scope: HTTPScope, receive: Receive, send: Send
    ) -> None:
        """With what came of it; with the error where it was `refused` before a handler: that, too, can be gone back to."""
        if refused is not None:
            request = Request(scope, receive, send)
            await http_error(request, refused).to_asgi_response(None, request)(scope, receive, send)
        elif not await shown_again(scope, send):
            await self.app(scope, receive, send)

    async def _program(self, scope: HTTPScope, receive: Receive, send: Send, token: Presented) -> None:
        """The same for a program: its token instead of a session, and nothing is kept from one request to the next."""
        refuse_in_person(scope)
        refuse_spent(token.county_id, token)
        connection = Connection(scope)
        today = today_of(connection.app.state)
        await all_arrived(scope, receive)
        async with self._shares.turn(token.county_id, token.id), county_session(token.county_id) as session:
            opened = await look(token)
            await learn()
            await admit(token.county_id, opened.account_id, token)
            refuse_writing(scope, opened)
            signed_in = narrowed(await owner_of(opened, today), opened.scopes)
            await county_policies()
            await used(token, address_of(connection))
            scope["state"][BY_TOKEN] = True
            session.asker = (signed_in.actor.id, signed_in.actor.name)
            _ask_first(scope, signed_in)
            _place(scope, token.county_id, signed_in, today, {})
            await self.app(scope, receive, _Closing(session, scope, receive, send))


def _signed_in(connection: Connection) -> tuple[UUID, UUID]:
    """County and account of the session. Raises NotSignedIn without one, and after its longest time."""
    held = connection.session
    if "account" not in held:
        raise NotSignedIn(expired=had_session_cookie(connection))
    if time.time() - held["since"] > LONGEST_SECONDS:
        connection.clear_session()
        raise NotSignedIn(expired=True)
    return UUID(held["county"]), UUID(held["account"])


async def _admitted(connection: Connection, account_id: UUID, today: date) -> SignedIn:
    """The account with what it holds. A sign-in ends when the account is switched off or its password has changed."""
    try:
        found = await actor_for(account_id, today)
        await county_policies()  # their words have titles on every page
    except NotFound:
        found = None
    if found is None or not found.active or found.sign_in_epoch != connection.session["epoch"]:
        connection.clear_session()
        raise NotSignedIn(expired=True)
    return found


def _ask_first(scope: Scope, signed_in: SignedIn, *, by_provider: bool = False) -> None:
    """Raise what his account asks of him before anything else."""
    if (
        signed_in.must_change_password
        and not by_provider
        and scope["path_template"] not in _BEFORE_OWN_PASSWORD
    ):
        raise own_password_first()
    if signed_in.owes_factor and scope["path_template"] not in _BEFORE_FACTOR:
        raise second_factor_first()


async def _for_whom(signed_in: SignedIn, kept: Kept, today: date) -> SignedIn:
    """Himself, or the colleague's deputy that he has chosen to be; once that is over he is himself again."""
    if "for" not in kept:
        return signed_in
    found = await acting(signed_in, UUID(kept["for"]), today)
    if found is None:
        del kept["for"]
        kept.setdefault("notices", []).append("代理已经结束，现在以您自己的身份办理。")
    return found or signed_in


def _place(scope: Scope, county_id: UUID, signed_in: SignedIn, today: date, kept: Kept) -> None:
    """Put what handlers need into the scope."""
    scope["state"][STATE_KEY] = Here(
        actor=signed_in.actor,
        county=County(county_id, signed_in.county_name),
        today=today,
        session=kept,
        operator_until=signed_in.operator_until,
    )


# The statuses of a form that is shown again; with any other, something went wrong after it was refused.
_REFUSED_FORM = frozenset({409, 422})


class _Closing:
    """`send` that commits an answer below 400 and rolls back any other, before forwarding its first message.

    A refused form has undone its own part and shows the file again: who looked at it stays written down.

    When the commit fails the prepared answer is false: it is dropped, and the client gets the page of a failure.
    """

    def __init__(self, session: Session, scope: HTTPScope, receive: Receive, send: Send) -> None:
        self._session, self._scope, self._receive, self._send = session, scope, receive, send
        self._dropped = False

    async def __call__(self, message: Message) -> None:
        """One message of the answer."""
        if self._dropped:
            return
        if message["type"] == "http.response.start" and not self._session.ended:
            try:
                await self._end(message)
            except Exception as failure:
                self._dropped = True
                if not self._session.ended:
                    await self._session.rollback()
                await self._say(failure)
                return
        await self._send(message)

    async def _end(self, message: HTTPResponseStartEvent) -> None:
        status = message["status"]
        if self._keeps(status):
            await settle(self._scope, message)
            if status < 400:
                await note_act(self._scope, status)
            await self._session.commit()
            note_lists_shown(self._scope)
        else:
            await self._session.rollback()
            if status == HTTP_403_FORBIDDEN:
                await note_denied(self._scope)

    def _keeps(self, status: int) -> bool:
        return status < 400 or (self._session.refused and status in _REFUSED_FORM)

    async def _say(self, failure: Exception) -> None:
        request = Request(self._scope, self._receive, self._send)
        answer = unexpected(request, failure).to_asgi_response(app=None, request=request)
        await answer(self._scope, self._receive, self._send)
