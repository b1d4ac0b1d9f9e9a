"""The plugins whose Python has been tripped: nobody asks it until an operator has looked. Kept in the database, for all
processes."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from tenants.database.session import global_session
from tenants.policies.strangers import stamp

log = logging.getLogger(__name__)
_here: dict[str, str] = {}
"""What this process has tripped and not yet written down."""
_writing: set[asyncio.Task[None]] = set()


def trip(plugin: str, why: str) -> None:
    """Ask it no more, here at once; the others learn it from the database."""
    _here[plugin] = why
    loop = stamp.loop()
    with suppress(RuntimeError):  # it is closed: the process ends, and the next one finds out for itself
        if loop is not None:
            loop.call_soon_threadsafe(_write)


def _write() -> None:
    task = asyncio.get_running_loop().create_task(save())
    _writing.add(task)
    task.add_done_callback(_writing.discard)


def why(plugin: str) -> str:
    """Why a plugin is not asked, in a few words; "" for one that is."""
    found = _here.get(plugin) or stamp.present().tripped.get(plugin)
    return f"接连出错，已停止运行，待平台运行维护人员处理；最后一次：{found}" if found else ""


async def save() -> None:
    """Write down what was tripped here. Opens a session of its own; a database that does not answer is asked again later.

    One after another: two that write the same row would wait for each other's end, also while the process stops.
    """
    others = [task for task in _writing if task is not asyncio.current_task() and not task.done()]
    if others:
        await asyncio.wait(others)
    for plugin, told in list(_here.items()):
        try:
            async with global_session() as session:
                await session.execute("select trip_plugin($1, $2)", plugin, told)
                await stamp.refresh()
        except (OSError, TimeoutError) as failure:
            log.warning("plugin %s: that it was tripped is not written down yet (%s)", plugin, failure)
            return
        _here.pop(plugin, None)


def forget() -> None:
    """Ask everybody again, as a process that has just started."""
    _here.clear()
    stamp.forget()
