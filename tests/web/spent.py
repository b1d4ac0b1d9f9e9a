"""What a request costs: the statements it sends to PostgreSQL, and how often a case is judged for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import pytest

from dangwu import Judged
from tenants.database.source import Pool


class Spent:
    """Counted while `spending` is open; `statements` are their texts, in order, BEGIN and COMMIT among them."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.judged = 0

    def __repr__(self) -> str:
        shown = "\n".join(f"  {' '.join(one.split())[:110]}" for one in self.statements)
        return f"judged {self.judged} times, {len(self.statements)} statements:\n{shown}"


@contextmanager
def spending() -> Iterator[Spent]:
    """Count what the requests of the block cost in this process."""
    spent = Spent()
    take, give_back, rest, judge = Pool.take, Pool.give_back, Pool.rest, Judged.__init__

    def log(query: asyncpg.connection.LoggedQuery) -> None:
        spent.statements.append(query.query)

    async def taken(self: Any) -> asyncpg.Connection:
        connection = await take(self)
        connection.add_query_logger(log)
        return connection

    async def given_back(self: Any, connection: asyncpg.Connection) -> None:
        connection.remove_query_logger(log)
        await give_back(self, connection)

    def resting(self: Any, connection: asyncpg.Connection) -> bool:
        rests = rest(self, connection)
        if rests:
            connection.remove_query_logger(log)
        return rests

    def judging(self: Judged, *given: Any) -> None:
        spent.judged += 1
        judge(self, *given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pool, "take", taken)
        patch.setattr(Pool, "give_back", given_back)
        patch.setattr(Pool, "rest", resting)
        patch.setattr(Judged, "__init__", judging)
        yield spent
