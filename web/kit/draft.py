"""What somebody has begun to type into a form: kept on the server for seven days, encrypted, for him alone.

A form is known by its address. The browser is told in a cookie which of its forms was kept last and when: the gate, which does
not know who is there, can say then that nothing was lost.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from functools import partial

import msgspec
from litestar.datastructures import Cookie

from core.errors import NotFound
from core.secrecy import vault
from tenants.database.session import current_session
from tenants.ground.redis import redis_client
from web.kit.clock import SHANGHAI
from web.kit.cookies import send_along
from web.kit.forms import Form
from web.kit.here import Here
from web.kit.requests import Request

KEPT_SECONDS = 7 * 24 * 3600
LARGEST = 64 * 1024
MOST = 30
"""Of one person: the one that was not touched for longest goes."""

STRAGGLING = 5
"""Seconds in which a browser may still send what was typed into a form that has been taken: no draft any more."""

COOKIE = "dangwu-draft"
FIELD = "_draft"
"""The hidden field with the form's address."""

_ADDRESS = re.compile(r"(/[a-z0-9-]{1,60}){1,6}(\?[a-z0-9=&-]{1,150})?")
_QUERIED = re.compile(r"[a-z0-9/?=&-]{1,8000}")
_NOT_KEPT = frozenset({"attachments", "held", "more", "version", "shown"})


class Draft(msgspec.Struct, frozen=True):
    """Values by field, the version that was on the page, and when it was typed."""

    version: int
    at: datetime
    values: dict[str, list[str]]

    def form(self) -> Form:
        """The form with these values."""
        return Form(self.values)


def address_of(form: Form) -> str:
    """The address of the form whose draft was sent. Raises NotFound for what is no address of a form."""
    at = form.value(FIELD)
    if not _ADDRESS.fullmatch(at):
        raise NotFound("没有这张表单，草稿没有保存。请从左侧栏目重新进入。")
    return at


def back_to(form: Form, at: str) -> str:
    """Where a form is whose draft has been thrown away: with more in its query than `at` says, if it says so itself."""
    back = form.value("_back")
    return back if _QUERIED.fullmatch(back) and _path(back) == _path(at) else at


def _key(here: Here, at: str) -> str:
    return f"draft:{here.county.id}:{here.actor.id}:{at}"


async def keep(request: Request, here: Here, at: str, form: Form) -> None:
    """Keep what was typed into the form at `at`: not an empty one, nor one that is too large."""
    values: Mapping[str, list[str]] = {
        name: typed
        for name in form.names()
        if name not in _NOT_KEPT and not name.startswith("_") and (typed := form.values(name))
    }
    if not any(one.strip() for typed in values.values() for one in typed):
        await _remove(here, at)
        return
    now = datetime.now(SHANGHAI)
    draft = Draft(form.version(), now, dict(values))
    key, plain = _key(here, at), msgspec.json.encode(draft)
    if len(plain) > LARGEST:
        return
    await redis_client().set(key, b64encode(vault().seal(key, plain)).decode(), ex=KEPT_SECONDS)
    await _make_room(here, key)
    _tell(request, f"{int(now.timestamp())}:{_path(at)}", KEPT_SECONDS)


async def _make_room(here: Here, key: str) -> None:
    """Note which drafts he has, and forget those beyond MOST."""
    redis, mine = redis_client(), f"drafts:{here.county.id}:{here.actor.id}"
    async with redis.pipeline(transaction=True) as pipe:
        pipe.zadd(mine, {key: datetime.now(SHANGHAI).timestamp()})
        pipe.expire(mine, KEPT_SECONDS)
        pipe.zrange(mine, 0, -MOST - 1)
        pipe.zremrangebyrank(mine, 0, -MOST - 1)
        *_, oldest, _ = await pipe.execute()
    if oldest:
        await redis.delete(*oldest)


async def kept(here: Here, at: str) -> Draft | None:
    """His draft, if there is one that still opens."""
    key = _key(here, at)
    sealed = await redis_client().get(key)
    if not sealed:
        return None
    try:
        return msgspec.json.decode(vault().open(key, b64decode(sealed)), type=Draft)
    except (ValueError, msgspec.DecodeError):
        await redis_client().delete(key)
        return None


async def begun(here: Here, at: str, blank: Form) -> tuple[Form, Draft | None]:
    """The form at this address as he left it, against the version that he read; else `blank`."""
    draft = await kept(here, at)
    if draft is None:
        return blank, None
    form = draft.form()
    form.put("version", str(draft.version))
    return form, draft


def kept_here(request: Request, address: str) -> datetime | None:
    """When the form at this address was last kept from this browser, by whomever; None where it was not."""
    moment, _, path = request.cookies.get(COOKIE, "").partition(":")
    if not re.fullmatch("[0-9]{1,11}", moment) or path != _path(address):
        return None
    return datetime.fromtimestamp(int(moment), SHANGHAI)


def discard_once_kept(request: Request, here: Here, at: str) -> None:
    """Forget it when what was made of it has been committed: should that fail, what was typed is still there."""
    current_session().after_commit(partial(_taken, here, at))
    _tell(request, "", 0)


async def straggles(here: Here, at: str) -> bool:
    """Whether the form at this address was taken a moment ago."""
    return bool(await redis_client().exists(f"taken:{_key(here, at)}"))


async def discard(request: Request, here: Here, at: str) -> None:
    """Forget it."""
    await _remove(here, at)
    _tell(request, "", 0)


async def _taken(here: Here, at: str) -> None:
    await redis_client().set(f"taken:{_key(here, at)}", 1, ex=STRAGGLING)
    await _remove(here, at)


async def _remove(here: Here, at: str) -> None:
    await redis_client().delete(_key(here, at))


def _path(address: str) -> str:
    return address.partition("?")[0]


def _tell(request: Request, value: str, seconds: int) -> None:
    cookie = Cookie(key=COOKIE, value=value, max_age=seconds, path="/", httponly=True, samesite="lax")
    send_along(request, cookie)
