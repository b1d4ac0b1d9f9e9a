"""Many acts at one go: each said to be possible or not, and all of them kept or none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from core.errors import DomainError
from core.ledger.origin import nothing_done
from tenants.database.session import current_session


class Outcome(NamedTuple):
    """What came of one act of many: "" or why it cannot be."""

    name: str
    refused: str


async def all_or_none(
    acts: Sequence[tuple[str, Callable[[], Awaitable[None]]]], *, keep: bool
) -> list[Outcome]:
    """Try each act by its name; what is refused undoes itself. All of them stay if `keep` and none is refused, else none."""
    session = current_session()
    before, outcomes = await session.mark(), []
    for name, act in acts:
        try:
            async with session.savepoint():
                await act()
            outcomes.append(Outcome(name, ""))
        except DomainError as error:
            outcomes.append(Outcome(name, error.sentence))
    if not keep or any(one.refused for one in outcomes):
        await before.undo()
        nothing_done()
    return outcomes
