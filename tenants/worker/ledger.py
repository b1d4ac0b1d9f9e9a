"""Every county's ledger is closed again and again, by the workers: they alone have the key, and a full queue keeps none back.

Each worker process goes its rounds; the first at a county does it (an advisory lock), the others find nothing to do.
"""

from __future__ import annotations

import asyncio
import logging

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.ledger.close import OPEN, close
from tenants.counties import CountyView, everywhere
from tenants.database.session import Session
from tenants.ground.environment import LEDGER_KEY, ledger_key

log = logging.getLogger(__name__)
ROUND_SECONDS = 20.0
"""An entry is closed within a minute of its commit: three rounds, should one be late or fail."""


async def keep_closing() -> None:
    """Close what is open in every county, until cancelled. Without a key it says so and ends."""
    key = ledger_key()
    if key is None:
        log.error("no %s: the ledger is written and not sealed", LEDGER_KEY)
        return
    while True:
        try:
            await close_all(key)
        except Exception:
            # The database may be away; what is open stays open, and the page of the ledger says since when.
            log.exception("the ledger could not be closed everywhere, trying again")
        await asyncio.sleep(ROUND_SECONDS)


async def close_all(key: Ed25519PrivateKey) -> int:
    """One round: how many entries were closed. What fails in one county is raised once all others are done."""

    async def here(session: Session, county: CountyView) -> int:
        return await close(county.id, key) if session.answered else 0

    return await everywhere(here, asking=OPEN, shut=True)
