"""What a request has done or was refused, for the ledger: an entry for each, unless the service has said something closer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl
from uuid import UUID

from litestar.handlers import HTTPRouteHandler
from litestar.status_codes import HTTP_200_OK
from litestar.types import HTTPScope

from core.ledger.note import note
from core.ledger.origin import origin
from dangwu import read_yaml
from tenants.database.session import county_session
from tenants.listed import looked
from web.frame.asked import meant
from web.kit.here import STATE_KEY, Here
from web.kit.navigation import section_of
from web.kit.rate import counted

READS = frozenset({"GET", "HEAD", "OPTIONS"})
MOST_DENIED = 30
LONGEST_WORD = 80
"""Of a path; no step, no plugin is called by more."""


@cache
def acts() -> dict[str, str]:
    """Method and path template of a form → what it does; nothing for what does nothing. Raises PolicyError for a line twice."""
    file = Path(__file__).with_name("acts.yaml")
    read: dict[str, str] = read_yaml(file.read_text("utf-8"), file.name)
    return read


async def note_act(scope: HTTPScope, status: int) -> None:
    """Write down what has been done, in its transaction; nothing of what was only tried or shown beforehand."""
    come = origin()
    if scope["method"] in READS or (come is not None and (come.noted or come.idle)) or _tries(scope, status):
        return
    if title := _title(scope):
        await _note(scope, "act.done", title)


async def note_denied(scope: HTTPScope) -> None:
    """Write down what was refused, in a transaction of its own: that of the request is undone.

    Of one account MOST_DENIED in a minute: a program that keeps asking fills no ledger, and the last entry says so.
    """
    here: Here = scope["state"][STATE_KEY]
    count = await counted("denied", str(here.actor.id))
    if count > MOST_DENIED:
        return
    more = "（一分钟内次数过多，其余不再逐条记录）" if count == MOST_DENIED else ""
    async with county_session(here.county.id):
        await _note(scope, "act.denied", f"越权操作被拒绝：{_title(scope) or _place(scope)}{more}")


def _tries(scope: HTTPScope, status: int) -> bool:
    """Whether it does nothing yet: a form that has done something leads on, and a route of the API says so of itself."""
    if not scope["path_template"].startswith("/api/"):
        return status == HTTP_200_OK
    return bool(scope["route_handler"].opt.get("only_tries"))


def note_lists_shown(scope: HTTPScope) -> None:
    """Of lists of people that were shown: which, narrowed how (the kinds of filters, not what was sought), how many lines."""
    come = origin()
    if come is None or not come.listed:
        return
    here: Here = scope["state"][STATE_KEY]
    path = scope["path_template"]
    filters = _kinds(scope) if scope["query_string"] else ()
    title = _title(scope) or section_of(path) or "查找"
    looked(here.county.id, here.actor, title, path, filters, come.listed, come.address)


def _kinds(scope: HTTPScope) -> tuple[str, ...]:
    app, method, path = scope["litestar_app"], scope["method"], scope["path_template"]
    asked = {name for name, value in parse_qsl(scope["query_string"].decode("ascii", "replace")) if value}
    return tuple(sorted({one for name in asked if (one := meant(app, method, path, name))} - {"after"}))


def _title(scope: HTTPScope) -> str:
    handler = scope["route_handler"]
    summary = handler.summary if isinstance(handler, HTTPRouteHandler) else None
    template = scope["path_template"].rstrip("/")
    return summary or acts().get(f"{scope['method']} {template}", "")


def _place(scope: HTTPScope) -> str:
    """A page that does nothing, by the section in which it stands."""
    section = section_of(scope["path"])
    return f"打开“{section}”的页面" if section else scope["path_template"]


async def _note(scope: HTTPScope, verb: str, title: str) -> None:
    here: Here = scope["state"][STATE_KEY]
    words: Mapping[str, object] = scope["path_params"]
    # Of what was refused nobody knows what the words of its path are: ids alone tell.
    told = {name: one for name, one in words.items() if verb != "act.denied" or isinstance(one, UUID)}
    given = {name: str(one)[:LONGEST_WORD] for name, one in told.items()}
    about = next((name for name in given if name.endswith("_id")), None)
    kind, subject = (about.removesuffix("_id"), UUID(given[about])) if about else ("county", here.county.id)
    await note(here.actor, verb, kind, subject, words=title, path=given)
