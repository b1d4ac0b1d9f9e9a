"""Sign-in sessions: kept on the server, named by a random cookie, in the store only as a digest of that name.

Litestar's own backend would keep an id that the browser invented, and write a session for every visitor; here an id
that the store does not know is never used again, and nothing is stored before somebody signs in.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from litestar.datastructures import Cookie, MutableScopeHeaders
from litestar.middleware.session.server_side import ServerSideSessionBackend, ServerSideSessionConfig
from litestar.stores.base import Store
from litestar.stores.redis import RedisStore
from litestar.types import ASGIApp, Empty, Message, Receive, Scope, ScopeSession, Send
from msgspec import json
from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError

from core.secrecy import vault
from tenants.ground.in_hand import InHand
from tenants.ground.space import cannot_append
from web.kit.requests import Connection
from web.kit.static_files import STATIC

log = structlog.get_logger("web")

IDLE_SECONDS = 30 * 60
LONGEST_SECONDS = 12 * 60 * 60
FIELD = "session"

_LOADED = "_session_loaded"
_ROTATE = "_session_rotate"
_ID = re.compile(r"[0-9a-f]{64}")


def _digest(session_id: str) -> str:
    return hashlib.sha256(session_id.encode()).hexdigest()


def digest_of(connection: Connection) -> str:
    """The digest under which the store keeps this browser's session; "" without one."""
    loaded = connection.scope["state"].get(_LOADED)
    return _digest(loaded[0]) if loaded else ""


def rotate(connection: Connection) -> None:
    """Give the session a new id with this answer and forget the old one (at sign-in, and when a password changes)."""
    connection.scope["state"][_ROTATE] = True


def had_session_cookie(connection: Connection) -> bool:
    """Whether the browser named a session at all (so that 'expired' can be told from 'never signed in')."""
    return bool(connection.cookies.get("dangwu-session"))


async def _keep(store: Store, key: str, data: bytes) -> None:
    """Write what a sign-in remembers. By now the act is committed: a lost notice must not make a failure of it."""
    try:
        await store.set(key, data, expires_in=IDLE_SECONDS)
    except RedisError as failure:
        log.warning("session.not-kept", error=type(failure).__name__)


def _for_another(time: int | timedelta | None) -> tuple[str | int, ...]:
    if not time:
        return ()
    return "EX", int(time.total_seconds()) if isinstance(time, timedelta) else time


class SessionStore(RedisStore):
    """Redis, asked once per request: GETEX reads and renews in one command, where the base class runs a script.

    What a session remembers may name people (the sentence of the next page): it lies there sealed.
    """

    def __init__(self, redis: Redis, *, namespace: str) -> None:
        super().__init__(redis, namespace=namespace, handle_client_shutdown=True)
        self._in_hand = InHand(redis)

    async def get(self, key: str, renew_for: int | timedelta | None = None) -> bytes | None:
        """The data under `key`, kept for another `renew_for` seconds; None also for what is not of our sealing."""
        found = await self._found(self._make_key(key), renew_for)
        try:
            return vault().open(FIELD, b64decode(found)) if isinstance(found, bytes) else None
        except ValueError:
            return None

    async def _found(self, key: str, renew_for: int | timedelta | None) -> object:
        try:
            return await self._in_hand.ask("GETEX", key, *_for_another(renew_for))
        except ResponseError as refused:
            if not cannot_append(refused):
                raise
            # Renewing is writing. Who is signed in goes on reading, for what is left of his time.
            return await self._redis.get(key)

    async def set(self, key: str, value: str | bytes, expires_in: int | timedelta | None = None) -> None:
        """Keep the data under `key`, sealed."""
        plain = value.encode() if isinstance(value, str) else value
        await super().set(key, b64encode(vault().seal(FIELD, plain)), expires_in)

    async def look(self, key: str) -> tuple[bytes | None, int]:
        """The data under `key` and the seconds that it has left; looking renews nothing."""
        return await self.get(key), await self.expires_in(key) or 0

    async def begun(self, county_id: object, account_id: object, key: str) -> None:
        """The session under `key` is one of this account's."""
        index = self._index(county_id, account_id)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.sadd(index, key)
            pipe.expire(index, LONGEST_SECONDS)
            await pipe.execute()

    async def held(self, county_id: UUID, account_id: UUID) -> list[str]:
        """The keys of this account's sessions; some may have run out."""
        found = await self._redis.smembers(self._index(county_id, account_id))
        return sorted(key.decode() for key in found if isinstance(key, bytes))

    async def forget(self, county_id: UUID, account_id: UUID, key: str) -> None:
        """It is none of this account's any more."""
        await self._redis.srem(self._index(county_id, account_id), key)

    async def end(self, county_id: UUID, account_id: UUID, key: str) -> None:
        """End it: its browser is signed out with its next request."""
        await self.delete(key)
        await self.forget(county_id, account_id, key)

    def _index(self, county_id: object, account_id: object) -> str:
        return f"sign-ins:{county_id}:{account_id}"


class CountySessions(ServerSideSessionBackend):
    """Server-side sessions with ids of our making only."""

    async def load_from_connection(self, connection: Connection) -> dict[str, Any]:
        """The session's data, or {} for an unknown, expired or malformed id. Reading renews the idle time."""
        session_id = connection.cookies.get(self.config.key, "")
        if not _ID.fullmatch(session_id):
            return {}
        store = self.config.get_store_from_app(connection.scope["app"])
        data = await store.get(_digest(session_id), renew_for=IDLE_SECONDS)
        if data is None:
            return {}
        connection.scope["state"][_LOADED] = (session_id, data)
        return self.deserialize_data(data)

    @staticmethod
    def serialize_data(data: ScopeSession, scope: Scope | None = None) -> bytes:
        """As it is kept: texts, numbers and lists of them need nothing of the application."""
        return json.encode(data)

    def get_session_id(self, connection: Connection) -> str:
        """The id the store knew, or a fresh one: never one that only the browser knows."""
        loaded = connection.scope["state"].get(_LOADED)
        return loaded[0] if loaded else self.generate_session_id()

    async def store_in_message(
        self, scope_session: ScopeSession, message: Message, connection: Connection
    ) -> None:
        """Write what changed, and only that; an empty session is deleted, and its cookie with it."""
        store = self.config.get_store_from_app(connection.scope["app"])
        loaded = connection.scope["state"].get(_LOADED)
        if not scope_session or scope_session is Empty:
            await self._forget(store, message, connection)
            return
        data = self.serialize_data(scope_session, connection.scope)
        if loaded and not connection.scope["state"].get(_ROTATE):
            if data != loaded[1]:
                await _keep(store, _digest(loaded[0]), data)
            return
        if loaded:
            await store.delete(_digest(loaded[0]))
        session_id = self.generate_session_id()
        await store.set(_digest(session_id), data, expires_in=IDLE_SECONDS)
        if isinstance(scope_session, dict) and "account" in scope_session and isinstance(store, SessionStore):
            await store.begun(scope_session["county"], scope_session["account"], _digest(session_id))
        self._cookie(message, connection, session_id)

    async def _forget(self, store: Store, message: Message, connection: Connection) -> None:
        loaded = connection.scope["state"].get(_LOADED)
        if loaded:
            await store.delete(_digest(loaded[0]))
        if loaded or had_session_cookie(connection):
            self._cookie(message, connection, "", max_age=0)

    def _cookie(
        self,
        message: Message,
        connection: Connection,
        value: str,
        max_age: int | None = None,
    ) -> None:
        cookie = Cookie(
            key=self.config.key,
            value=value,
            max_age=max_age,
            path="/",
            httponly=True,
            samesite="lax",
        )
        MutableScopeHeaders.from_message(message).add("Set-Cookie", cookie.to_header(header=""))


class Sessions:
    """Middleware: the session of a request, and what changed in it with the answer's first message.

    Litestar's own does the same and asks of each request what it could know once.
    """

    def __init__(self, app: ASGIApp, backend: CountySessions) -> None:
        self._app, self._backend = app, backend

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Load it, and hand on."""
        if scope["path"].startswith(STATIC.removeprefix("^")):
            await self._app(scope, receive, send)
            return
        connection, backend = Connection(scope, receive, send), self._backend
        scope["session"] = await backend.load_from_connection(connection)

        async def keeping(message: Message) -> None:
            if message["type"] == "http.response.start":
                await backend.store_in_message(scope.get("session"), message, connection)
            await send(message)

        await self._app(scope, receive, keeping)


@dataclass
class CountySessionConfig(ServerSideSessionConfig):
    """Sessions in the store named `sessions`."""

    _backend_class = CountySessions

    key: str = field(default="dangwu-session")
    max_age: int = field(default=IDLE_SECONDS)
    exclude: str | list[str] | None = STATIC
