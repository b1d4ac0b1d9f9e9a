"""Two counties between which people go."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest

from core import events
from core.events import Happening
from core.transfers.follow import follow
from tests.core.conftest import RegimeFor, World
from tests.core.transfers.between import Both, Side


@pytest.fixture
async def both(world: World, other_world: World, regime_for: RegimeFor) -> AsyncIterator[Both]:
    """With letters that hear of cases."""

    async def hear(happenings: Sequence[Happening]) -> None:
        await follow(happenings, regime_for)

    events.listen(hear)
    yield Both(Side(world, regime_for), Side(other_world, regime_for))
    events._listeners.remove(hear)
