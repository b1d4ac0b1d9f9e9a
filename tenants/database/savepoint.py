"""A part of a session that can be undone alone."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenants.database.session import Session


class SavepointScope:
    """`async with session.savepoint():` — an exception undoes what was done inside and goes on to the caller."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.name = session.next_savepoint()

    async def __aenter__(self) -> Session:
        await self.session.connection.execute(f"SAVEPOINT {self.name}")
        return self.session

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            await self.session.connection.execute(f"ROLLBACK TO SAVEPOINT {self.name}")
        await self.session.connection.execute(f"RELEASE SAVEPOINT {self.name}")
