"""Letters in a county: they follow its cases, what another county has answered is written by a task, many go at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple
from uuid import UUID

from core.errors import DomainError
from core.events import Happening
from core.transfers.follow import follow
from core.transfers.reply import reply
from tenants.database.session import Session, current_session
from tenants.ground import clock
from tenants.policies.regimes import regime_of_path
from tenants.queue.run import task


async def hear(happenings: Sequence[Happening]) -> None:
    """What `core.events` tells."""
    await follow(happenings, regime_of_path)


@task("记录对方县对介绍信的答复")
async def follow_letter(session: Session, letter: str) -> None:
    """Write into the case what has become of its letter in the other county."""
    await reply(UUID(letter), clock.today(), regime_of_path)


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
    return outcomes
