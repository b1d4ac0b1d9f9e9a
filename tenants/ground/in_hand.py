"""Connections to Redis that are kept in hand, for a question that every request asks.

The client's own way takes a connection out of its pool, wraps, counts and watches each command, and puts it back: twice the
work of the question itself.
"""

from __future__ import annotations

from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as Lost
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as TooLate

MOST = 10


class InHand:
    """Of one client; what it holds ends with the client's pool."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._idle: list[AbstractConnection] = []

    async def ask(self, *command: str | int) -> object:
        """The answer to a command that may be said twice. Raises what the client raises."""
        if not self._idle:
            self._idle.append(await self._client.connection_pool.get_connection())  # type: ignore[no-untyped-call]
        connection = self._idle.pop()
        try:
            await connection.send_command(*command)
            answer: object = await connection.read_response()
        except ResponseError:
            await self._keep(connection)
            raise
        except (Lost, TooLate):
            await self._let_go(connection)
            # The server was away meanwhile: the client connects anew, and tries as often as it is told to.
            return await self._client.execute_command(*command)  # type: ignore[no-untyped-call]
        except BaseException:
            await self._let_go(connection)
            raise
        await self._keep(connection)
        return answer

    async def _keep(self, connection: AbstractConnection) -> None:
        if len(self._idle) < MOST:
            self._idle.append(connection)
        else:
            await self._client.connection_pool.release(connection)

    async def _let_go(self, connection: AbstractConnection) -> None:
        # An answer may still be under way to whoever has left: nobody may read it as his own.
        await connection.disconnect(nowait=True)
        await self._client.connection_pool.release(connection)
