"""What comes in: a form that nobody could have filled in is not taken apart, and nothing is done for other sites."""

from __future__ import annotations

import re

from litestar.connection.base import empty_receive, empty_send
from litestar.datastructures import FormMultiDict
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException, PermissionDeniedException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.types import HTTPScope, Receive, Scope, Send

from web.frame.pace import Pace
from web.kit.requests import Request

MOST_FIELDS = 1000
"""Of a form, however it is written. Taking eight million empty fields apart held the whole process for 18 seconds."""

LARGEST_SIGN_IN = 64 * 1024
"""Bytes; it is open to everybody."""

LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})
LAST_PORT = 65_535
_HOST = re.compile(rb"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>[0-9]{1,5}))?")
_ELSEWHERE = frozenset({b"cross-site", b"same-site"})


class Intake(Request):
    """Every request; also the one in which Litestar looks for a form's CSRF token, before anybody is signed in."""

    def __init__(self, scope: Scope, receive: Receive = empty_receive, send: Send = empty_send) -> None:
        super().__init__(scope, Pace(receive), send)

    async def form(self) -> FormMultiDict:
        """The form that was sent. Raises RequestEntityTooLarge for too many fields (multipart: `multipart_form_part_limit`)."""
        if self.content_type[0] == RequestEncodingType.URL_ENCODED:
            body = await self.body()
            if body.count(b"&") >= MOST_FIELDS:
                raise RequestEntityTooLarge
        try:
            return await super().form()
        except LookupError as error:
            # A part names an encoding that there is not.
            raise ClientException("unknown encoding") from error


async def too_large(scope: HTTPScope, receive: Receive) -> RequestEntityTooLarge | None:
    """As `all_arrived`; what is too large is no error yet: the answer to it, too, is a page of whoever sent it."""
    try:
        await all_arrived(scope, receive)
    except RequestEntityTooLarge as error:
        return error
    return None


async def all_arrived(scope: HTTPScope, receive: Receive) -> None:
    """Wait until all of a request is here (files beyond 1 MB on disk): handlers then find it without waiting.

    Raises RequestEntityTooLarge, TooSlow and ClientGone.
    """
    if scope["method"] in LOOKING:
        return
    request = Intake(scope, receive)
    if request.content_type[0] == RequestEncodingType.MULTI_PART:
        await request.form()
    else:
        await request.body()


def refuse_two_hosts(scope: HTTPScope) -> None:
    """Raise ClientException unless the request names one host, and a possible one: proxy and we must mean the same."""
    named = [value for name, value in scope["headers"] if name == b"host"]
    if len(named) > 1 or not all(map(_possible, named)):
        raise ClientException("Host: not one host")


def _possible(host: bytes) -> bool:
    found = _HOST.fullmatch(host)
    return found is not None and int(found["port"] or 0) <= LAST_PORT


def refuse_other_sites(scope: HTTPScope) -> None:
    """Raise PermissionDeniedException when a browser says that another site's page sent this.

    Besides the token: a neighbouring host of the same domain may plant cookies here, and counts as the same site for the
    session's cookie. Browsers that do not say (plain http) are left to the token.
    """
    if scope["method"] in LOOKING:
        return
    if any(name == b"sec-fetch-site" and value in _ELSEWHERE for name, value in scope["headers"]):
        raise PermissionDeniedException("CSRF: sent by another site")
