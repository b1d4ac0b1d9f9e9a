"""A page that answers a form is kept, and the browser is sent to it: it can go back to it, and load it again.

A browser has no address for a page that answers a POST: whoever goes back to it is told by the browser itself that it is gone
(ERR_CACHE_MISS), or is asked to send everything again. Such a page is put aside, sealed and for its reader alone, and shown at
the address of the page that held the form (`?answer=…`). Once it has been dropped that address is the form again.

Before a sign-in the reader is the browser, known by its token of forms. What lies there says no more than the answer did: no page
shows a password or a code again.
"""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from hashlib import sha256
from secrets import token_urlsafe
from time import time
from urllib.parse import parse_qsl, quote, urlsplit

import msgspec
import structlog
from litestar.types import HTTPResponseBodyEvent, HTTPResponseStartEvent, HTTPScope, Message, Send
from markupsafe import escape
from redis.exceptions import RedisError

from core.secrecy import vault
from tenants.ground.redis import redis_client
from web.frame.forgery import COOKIE
from web.kit.here import here_of
from web.kit.page import ANSWER, asked_again, seen_once
from web.kit.public import is_public
from web.kit.requests import Connection, address_of

log = structlog.get_logger("web")

LARGEST = 1 << 17
"""Bytes as they lie there, packed; a larger page is answered with as it is: pages must not drive sessions out of the memory that
they share."""
_SETTLED = frozenset({200, 201, 403, 404, 409, 413, 422})
"""Not what passes by itself (429, 503): there one is to try again."""
_AT_THE_GATE = _SETTLED | {401, 429}
"""Going back to a sign-in that was refused sends no password again, neither now nor when it can be tried again."""
_TOKEN = b"\0csrf\0"
"""In the place of the token of forms, which is another one after the next sign-in."""


class Answer(msgspec.Struct, frozen=True):
    """What was answered."""

    status: int
    page: bytes


class Shelf(msgspec.Struct, frozen=True):
    """Where answers lie for `reader` alone, for so many seconds; of `whose` no more than `most`: the oldest goes."""

    reader: str
    whose: str
    seconds: int = 3600
    most: int = 8


def _shelf(scope: HTTPScope) -> Shelf | None:
    """That of who is signed in; else of this browser, which shares it with its neighbours: nobody fills it with what others send.
    None for a browser that nothing is known of."""
    connection = Connection(scope)
    if (here := here_of(connection)) is not None:
        person = f"{here.county.id}:{here.actor.id}"
        # As long as he may what he might: whoever has lost a right, or is nobody's deputy any more, gets the form.
        rights = sha256(msgspec.json.encode((here.actor.acts_for, here.actor.held))).hexdigest()
        return Shelf(f"{person}:{rights[:16]}", person)
    token = connection.cookies.get(COOKIE, "")
    gate = f"gate:{sha256(token.encode()).hexdigest()}"
    return Shelf(gate, f"gate:{address_of(connection)}", 600, 40) if token else None


class PutAside:
    """`send` that puts a page aside instead, and sends its address."""

    def __init__(self, scope: HTTPScope, send: Send) -> None:
        self._scope, self._send = scope, send
        self._start: HTTPResponseStartEvent | None = None

    async def __call__(self, message: Message) -> None:
        """One message of the answer; the first waits for the page."""
        if message["type"] == "http.response.start" and _is_page(self._scope, message):
            self._start = message
        elif message["type"] == "http.response.body" and self._start is not None:
            await self._end(self._start, message)
            self._start = None
        else:
            await self._send(message)

    async def _end(self, start: HTTPResponseStartEvent, body: HTTPResponseBodyEvent) -> None:
        place = "" if body["more_body"] else await self._put(Answer(start["status"], body["body"]))
        if place:
            left = [
                one for one in start["headers"] if one[0].lower() not in (b"content-length", b"content-type")
            ]
            start["headers"] = [*left, (b"location", place.encode()), (b"content-length", b"0")]
            start["status"], body["body"] = 303, b""
        await self._send(start)
        await self._send(body)

    async def _put(self, answer: Answer) -> str:
        """Its address; "" where it could not be kept: then it is answered with as it is."""
        token, key = Connection(self._scope).cookies.get(COOKIE, ""), token_urlsafe(18)
        if token:
            answer = msgspec.structs.replace(answer, page=answer.page.replace(token.encode(), _TOKEN))
        try:
            return _address(self._scope, key) if await _keep(self._scope, key, answer) else ""
        except RedisError as failure:
            log.warning("answer.not-kept", error=type(failure).__name__)
            return ""


async def shown_again(scope: HTTPScope, send: Send) -> bool:
    """Answer with the page that was put aside, if the address names one; gone, with the way to the form."""
    asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    key = dict(asked).get(ANSWER)
    if scope["method"] != "GET" or key is None:
        return False
    found = await _found(scope, key)
    if found is None:
        form = _inside(scope["path"]) + asked_again(asked)
        await _say(send, 303, [(b"location", form.encode())], b"")
        return True
    token = Connection(scope).cookies.get(COOKIE, "")
    kind = [(b"content-type", b"text/html; charset=utf-8")]
    # The cookie is whoever planted it: a form's token is looked at when it is sent, and here it becomes part of a page.
    await _say(send, found.status, kind, found.page.replace(_TOKEN, escape(token).encode()))
    return True


async def _say(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def _is_page(scope: HTTPScope, start: HTTPResponseStartEvent) -> bool:
    """Whether it answers a browser's form with a page that may be seen again."""
    sent = dict(scope["headers"])
    html = dict(start["headers"]).get(b"content-type", b"").startswith(b"text/html")
    return (
        scope["method"] == "POST"
        and html
        and start["status"] in (_AT_THE_GATE if is_public("POST", scope["path_template"]) else _SETTLED)
        and bool(sent.get(b"referer"))
        and b"hx-request" not in sent
        and not seen_once(scope)
    )


def _address(scope: HTTPScope, key: str) -> str:
    """Of the page that held the form, as the browser says; "" where it does not say so of ours."""
    try:
        held = urlsplit(dict(scope["headers"])[b"referer"].decode("ascii"))
    except ValueError:
        return ""
    asked = asked_again(parse_qsl(held.query, keep_blank_values=True), answer=key)
    return _inside(held.path) + asked


def _inside(path: str) -> str:
    """A path of ours: one that begins with two slashes would lead to another site."""
    return quote("/" + path.lstrip("/\\"), safe="/%~")


async def _keep(scope: HTTPScope, key: str, answer: Answer) -> bool:
    shelf = _shelf(scope)
    if shelf is None:
        return False
    mine, name = f"answers:{shelf.whose}", f"answer:{shelf.reader}:{key}"
    sealed = b64encode(vault().seal(name, zlib.compress(msgspec.msgpack.encode(answer), 1)))
    if len(sealed) > LARGEST:
        return False
    redis = redis_client()
    async with redis.pipeline(transaction=True) as pipe:
        pipe.set(name, sealed.decode(), ex=shelf.seconds)
        pipe.zadd(mine, {name: time()})
        pipe.expire(mine, shelf.seconds)
        pipe.zrange(mine, 0, -shelf.most - 1)
        pipe.zremrangebyrank(mine, 0, -shelf.most - 1)
        *_, oldest, _ = await pipe.execute()
    if oldest:
        await redis.delete(*oldest)
    return True


async def _found(scope: HTTPScope, key: str) -> Answer | None:
    shelf = _shelf(scope)
    name = f"answer:{shelf.reader}:{key[:100]}" if shelf else ""
    sealed = await redis_client().get(name) if name else None
    if not sealed:
        return None
    try:
        plain = vault().open(name, b64decode(sealed))
    except ValueError:
        return None
    return msgspec.msgpack.decode(zlib.decompress(plain), type=Answer)
