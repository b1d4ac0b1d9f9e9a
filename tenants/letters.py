"""Letters in a county: they follow its cases, and what another county has answered is written by a task."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from core.events import Happening
from core.transfers.follow import follow
from core.transfers.reply import reply
from tenants.database.session import Session
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
