"""Requests of programs: a token in the header instead of a browser's session. What it says goes, and no cookie beside it."""

from __future__ import annotations

from litestar.types import HTTPScope

from core.errors import Forbidden
from tenants.accounts import bearer
from web.frame.intake import LOOKING

API = "/api/v1/"
_WORD = b"bearer "


def presented(scope: HTTPScope) -> bearer.Presented | None:
    """The token of a call of the API; None for one that has none. Raises BadToken for one that is none of ours.

    Pages are for people: they look at no token.
    """
    if not scope["path"].startswith(API):
        return None
    named = [value for name, value in scope["headers"] if name == b"authorization"]
    if not named or not named[0].lower().startswith(_WORD):
        return None
    return bearer.read(named[0][len(_WORD) :].decode("latin-1").strip())


def refuse_in_person(scope: HTTPScope) -> None:
    """Raise Forbidden for what somebody does for himself: a program changes no password and makes no tokens."""
    if scope["route_handler"].opt.get("in_person"):
        raise Forbidden("这件事须由本人登录后办理，不能用令牌。", code="in-person")


def refuse_writing(scope: HTTPScope, opened: bearer.Opened) -> None:
    """Raise Forbidden when a token that only reads is to change something."""
    if opened.read_only and scope["method"] not in LOOKING:
        raise Forbidden("这个令牌只能查看。请使用允许办理的令牌。", code="read-only")
