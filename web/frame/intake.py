"""What comes in: a form that nobody could have filled in is not taken apart, and nothing is done for other sites."""

from __future__ import annotations

from litestar.connection.base import empty_receive, empty_send
from litestar.datastructures import FormMultiDict
from litestar.enums import RequestEncodingType
from litestar.exceptions import PermissionDeniedException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from litestar.types import HTTPScope, Receive, Scope, Send

from web.frame.pace import Pace
from web.kit.requests import Request

MOST_FIELDS = 1000
"""Of a form, however it is written. Taking eight million empty fields apart held the whole process for 18 seconds."""

LARGEST_SIGN_IN = 64 * 1024
"""Bytes; it is open to everybody."""

_LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})
_ELSEWHERE = frozenset({b"cross-site", b"same-site"})


class Intake(Request):
    """Every request; also the one in which Litestar looks for a form's CSRF token, before anybody is signed in."""

    def __init__(self, scope: Scope, receive: Receive = empty_receive, send: Send = empty_send) -> None:
        super().__init__(scope, Pace(receive), send)

    async def arrived(self) -> None:
        """Wait until all of it is here (files beyond 1 MB on disk): handlers then find it without waiting.

        Raises RequestEntityTooLarge, TooSlow and ClientGone.
        """
        if self.method in _LOOKING:
            return
        if self.content_type[0] == RequestEncodingType.MULTI_PART:
            await self.form()
        else:
            await self.body()

    async def form(self) -> FormMultiDict:
        """The form that was sent. Raises RequestEntityTooLarge for too many fields (multipart: `multipart_form_part_limit`)."""
        if self.content_type[0] == RequestEncodingType.URL_ENCODED:
            body = await self.body()
            if body.count(b"&") >= MOST_FIELDS:
                raise RequestEntityTooLarge
        return await super().form()


def refuse_other_sites(scope: HTTPScope) -> None:
    """Raise PermissionDeniedException when a browser says that another site's page sent this.

    Besides the token: a neighbouring host of the same domain may plant cookies here, and counts as the same site for the
    session's cookie. Browsers that do not say (plain http) are left to the token.
    """
    if scope["method"] in _LOOKING:
        return
    if any(name == b"sec-fetch-site" and value in _ELSEWHERE for name, value in scope["headers"]):
        raise PermissionDeniedException("CSRF: sent by another site")
