"""Where an account is signed in: browsers and machines with an open session, and how one of them is ended.

The store knows its sessions by digests of their ids only; beside them it keeps, for each account, which are his.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec

from core.errors import NotFound
from web.frame.sessions import IDLE_SECONDS, SessionStore, digest_of
from web.kit.clock import SHANGHAI
from web.kit.requests import Request

NO_SUCH = "没有找到这处登录，可能已经退出。"
SHORT = 32
"""Letters of a digest by which a sign-in is named on pages: it opens nothing."""

_BROWSERS = {
    "MicroMessenger": "微信", "QIHU": "360 浏览器", "360SE": "360 浏览器", "Qaxbrowser": "奇安信浏览器", "Edg": "Edge",
    "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
_SYSTEMS = {
    "HarmonyOS": "鸿蒙", "Android": "安卓", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS": "Mac",
    "UOS": "统信", "Kylin": "麒麟", "Linux": "Linux",
}  # fmt: skip


class SignIn(msgspec.Struct, frozen=True):
    """An open session; `here` is the one that asks."""

    id: str
    device: str
    address: str
    since: datetime
    last: datetime
    here: bool


def device_named(agent: str) -> str:
    """Chrome，Windows: what a person knows his computer by; "其他程序" for what is no browser."""
    browser = next((title for word, title in _BROWSERS.items() if word in agent), "其他程序")
    system = next((title for word, title in _SYSTEMS.items() if word in agent), "")
    return f"{browser}，{system}" if system else browser


async def sign_ins(request: Request, county_id: UUID, account_id: UUID, epoch: int) -> list[SignIn]:
    """The account's open sessions, the latest first. Those that a changed password has ended are left out."""
    store, present = _store(request), digest_of(request)
    found = []
    for key in await store.held(county_id, account_id):
        data, left = await store.look(key)
        held = msgspec.json.decode(data) if data else {}
        if held.get("account") != str(account_id) or held.get("epoch") != epoch:
            await store.forget(county_id, account_id, key)
            continue
        found.append(SignIn(
            key[:SHORT], held.get("device", ""), held.get("address", ""), _moment(held["since"]),
            _moment(time.time() - (IDLE_SECONDS - left)), key == present,
        ))  # fmt: skip
    return sorted(found, key=lambda one: one.since, reverse=True)


async def end(request: Request, county_id: UUID, account_id: UUID, sign_in: str) -> None:
    """End one of the account's other sessions. Raises NotFound."""
    store, present = _store(request), digest_of(request)
    for key in await store.held(county_id, account_id):
        if key[:SHORT] == sign_in and key != present:
            await store.end(county_id, account_id, key)
            return
    raise NotFound(NO_SUCH)


async def end_where(
    request: Request, county_id: UUID, account_id: UUID, fits: Callable[[dict[str, object]], bool]
) -> None:
    """End those of the account's sessions whose data fits."""
    store = _store(request)
    for key in await store.held(county_id, account_id):
        data, _ = await store.look(key)
        if data and fits(msgspec.json.decode(data)):
            await store.end(county_id, account_id, key)


async def end_others(request: Request, county_id: UUID, account_id: UUID) -> int:
    """End all of the account's sessions but this one; how many."""
    store, present = _store(request), digest_of(request)
    others = [key for key in await store.held(county_id, account_id) if key != present]
    for key in others:
        await store.end(county_id, account_id, key)
    return len(others)


def _store(request: Request) -> SessionStore:
    store = request.app.stores.get("sessions")
    assert isinstance(store, SessionStore)
    return store


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, SHANGHAI)
