"""How often one address may look at what anybody may open: it spares the database, and whoever guesses gets nowhere."""

from __future__ import annotations

from datetime import timedelta

from litestar.exceptions import TooManyRequestsException

from tenants.ground.redis import redis_client

WINDOW = timedelta(minutes=1)


async def counted(what: str, who: str) -> int:
    """Count one `what` more; how many of it come from there in this minute."""
    async with redis_client().pipeline(transaction=True) as pipe:
        pipe.set(f"{what}:{who}", 0, nx=True, ex=WINDOW)
        pipe.incr(f"{what}:{who}")
        _, count = await pipe.execute()
    return int(count)


async def admit(what: str, address: str, most: int) -> None:
    """Count a look at `what` from there. Raises TooManyRequests beyond `most` in a minute."""
    if await counted(what, address) > most:
        raise TooManyRequestsException("查看得太频繁。请过一分钟再试。")
