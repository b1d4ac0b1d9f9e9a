"""What comes of an identity that a provider has given: a sign-in, or first the question whose account it is."""

from __future__ import annotations

import time
from uuid import UUID

import msgspec

from core.errors import Conflict, NotFound
from core.ledger.note import note
from tenants.accounts.access import actor_for
from tenants.accounts.errors import SignInFailed
from tenants.accounts.oidc import links
from tenants.accounts.oidc.flow import Pending, Subject
from tenants.accounts.oidc.links import Link
from tenants.accounts.sign_in import FAILED
from tenants.counties import county_at_gate
from tenants.database.session import county_session
from web.frame.sessions import rotate
from web.kit.clock import today_of
from web.kit.errors import NotSignedIn
from web.kit.requests import Request
from web.sign_in.session import HALF_SECONDS, begin_session, half_or_whole

_UNPROVEN = "unproven"


class Unproven(msgspec.Struct):
    """Whom a provider has signed in, and whose link to an account its owner has not confirmed yet: it opens nothing."""

    slug: str
    link: UUID
    account: UUID
    login: str
    since: int
    next: str
    oidc: Subject


async def begin_by_provider(request: Request, pending: Pending, link: Link, oidc: Subject) -> bool:
    """As `begin_session`, for somebody whose link is confirmed. Raises SignInFailed."""
    async with county_session(pending.county):
        signed_in = await actor_for(link.account_id, today_of(request.app.state))
        if not signed_in.active:
            raise SignInFailed(FAILED)
        if not signed_in.second_factor:
            await note(
                signed_in.actor, "account.signed-in", "account", link.account_id, provider=link.provider_id
            )
    return half_or_whole(request, pending.county, signed_in, pending.next, oidc)


def hold(request: Request, pending: Pending, link: Link, oidc: Subject) -> None:
    """Let this browser go on to confirm the link with the account's password."""
    now = int(time.time())
    unproven = Unproven(pending.slug, link.id, link.account_id, link.login, now, pending.next, oidc)
    request.set_session({_UNPROVEN: msgspec.to_builtins(unproven)})
    rotate(request)


def unproven_of(request: Request) -> Unproven:
    """The link that this browser is to confirm. Raises NotSignedIn when there is none any more."""
    held = request.session.get(_UNPROVEN)
    unproven = msgspec.convert(held, Unproven) if held else None
    if unproven is None or time.time() - unproven.since > HALF_SECONDS:
        raise NotSignedIn(expired=unproven is not None)
    return unproven


async def prove(request: Request, unproven: Unproven, password: str) -> bool:
    """The password of the account: from now on the link lets its owner in. As `begin_session`.

    Where a second factor is still asked for, the link counts all the same: it asks for that one, too.
    """
    county = await county_at_gate(unproven.slug)
    whole = await begin_session(
        request, county, unproven.login, password, next=unproven.next, oidc=unproven.oidc
    )
    try:
        async with county_session(county.id):
            await links.confirm(unproven.link, unproven.account)
    except (NotFound, Conflict):
        request.clear_session()
        raise
    return whole
