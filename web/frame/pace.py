"""How slowly a body may come in: one that stalls or trickles is given up. Nobody waits for it meanwhile (county.py)."""

from __future__ import annotations

import asyncio

from litestar.exceptions import HTTPException
from litestar.types import HTTPReceiveMessage, Receive

from web.kit.errors import ClientGone

GRACE_SECONDS = 20.0
"""From the first look at the body, whatever has come."""

LEAST_BYTES_PER_SECOND = 8 * 1024
"""Of what comes after; the weak line of a township makes many times that."""


class TooSlow(HTTPException):
    """A body that did not arrive in time."""

    status_code = 408


class Pace:
    """`receive` with a deadline that each byte which arrives puts off a little."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._deadline: float | None = None

    async def __call__(self) -> HTTPReceiveMessage:
        """The next message. Raises TooSlow and ClientGone."""
        if self._deadline is None:
            self._deadline = asyncio.get_running_loop().time() + GRACE_SECONDS
        try:
            async with asyncio.timeout_at(self._deadline):
                message: HTTPReceiveMessage = await self._receive()  # type: ignore[assignment]
        except TimeoutError:
            raise TooSlow from None
        if message["type"] == "http.disconnect":
            raise ClientGone
        self._deadline += len(message["body"]) / LEAST_BYTES_PER_SECOND
        return message
