"""A form is taken once: pressing again, or going back and pressing, leads to what came of it the first time."""

from __future__ import annotations

from uuid import UUID, uuid4

from litestar.types import Message, Scope
from markupsafe import Markup

from tenants import forms
from web.kit.here import here_of
from web.kit.requests import Request

FIELD = "_once"
KEY = "once"
"""Where the request keeps the token that it has claimed."""
SAID = "这张表单刚才已经提交过，没有再办一次。下面是那一次办理的结果。"


class AlreadySent(Exception):
    """This very form has been taken; what came of it is at `location`."""

    def __init__(self, location: str) -> None:
        super().__init__()
        self.location = location


class Inputs:
    """The hidden fields of every form: the token against forgery, and one of its own each time it is put into a page."""

    def __init__(self, csrf: str) -> None:
        self._csrf = csrf

    def __html__(self) -> str:
        return Markup(
            '<input type="hidden" name="_csrf_token" value="{}"><input type="hidden" name="_once" value="{}">'
        ).format(self._csrf, uuid4())


async def claim(request: Request, typed: object) -> None:
    """Claim the form that was sent, if it carries a token. Raises AlreadySent for one that has been taken."""
    here, state = here_of(request), request.scope["state"]
    if here is None or KEY in state or not isinstance(typed, str):
        return
    try:
        token = UUID(typed)
    except ValueError:
        return
    if not await forms.claim(token, here.actor.id):
        raise AlreadySent(await forms.came_of(token, here.actor.id) or "/")
    state[KEY] = token


async def settle(scope: Scope, start: Message) -> None:
    """With the answer's first message: a form that led somewhere is taken; one that is only shown again is not."""
    token = scope["state"].get(KEY)
    if token is not None and start["type"] == "http.response.start":
        said = dict(start["headers"]).get(b"location", b"").decode("latin-1")
        await forms.settle(token, said if start["status"] == 303 else "")
