"""Lists of people that were looked at: gathered in this process, written into the ledger a moment later. No list waits for it.

What a process had gathered when it was killed is lost: at most EVERY seconds of it. A process that ends writes it down first.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from uuid import UUID

import msgspec

from core.actor import Actor
from core.ledger.note import Listed, note_lists
from tenants.database.session import county_session

EVERY = 2.0
TRIES = 30
"""How often a county's are tried to be written, EVERY seconds apart; then they are given up, and the log says how many."""

log = logging.getLogger("dangwu")
Key = tuple[UUID, UUID | None, str, str, tuple[str, ...]]
_gathered: defaultdict[UUID, dict[Key, Listed]] = defaultdict(dict)
_failed: defaultdict[UUID, int] = defaultdict(int)


def looked(
    county_id: UUID, actor: Actor, title: str, which: str, filters: tuple[str, ...], lines: int, address: str
) -> None:
    """He was shown so many `lines` of the list `which` (an address without what was asked), narrowed by these kinds of filters.
    The same list again within the moment is one entry, which says how many times and lines it was."""
    key = (actor.id, actor.acts_for, which, address, filters)
    said: dict[str, object] = {
        "list": which, "filters": list(filters), "times": 1, "lines": lines, "address": address,
    }  # fmt: skip
    _gather(county_id, key, Listed(actor.id, actor.name, actor.acts_for, f"查看名单：{title}", said))


def _gather(county_id: UUID, key: Key, one: Listed) -> None:
    before = _gathered[county_id].get(key)
    if before is not None:
        counts = {name: _number(before, name) + _number(one, name) for name in ("times", "lines")}
        one = msgspec.structs.replace(one, said=one.said | counts)
    _gathered[county_id][key] = one


def _number(one: Listed, name: str) -> int:
    number = one.said[name]
    assert isinstance(number, int)
    return number


async def write_down() -> None:
    """Write down all that has been gathered, each county's in a transaction of its own."""
    for county_id in list(_gathered):
        lists = _gathered.pop(county_id)
        try:
            async with county_session(county_id):
                await note_lists(list(lists.values()))
            _failed.pop(county_id, None)
        except Exception:
            _keep(county_id, lists)
        except asyncio.CancelledError:
            _put_back(county_id, lists)
            raise


def _keep(county_id: UUID, lists: dict[Key, Listed]) -> None:
    _failed[county_id] += 1
    if _failed[county_id] < TRIES:
        log.warning("the lists looked at are not in the ledger yet", exc_info=True)
        _put_back(county_id, lists)
        return
    log.error("%d lists that were looked at are not in the ledger", len(lists), exc_info=True)
    _failed.pop(county_id)


def _put_back(county_id: UUID, lists: dict[Key, Listed]) -> None:
    for key, one in lists.items():
        _gather(county_id, key, one)


async def keep_writing() -> None:
    """Write them down every EVERY seconds, until cancelled."""
    while True:
        await asyncio.sleep(EVERY)
        await write_down()
