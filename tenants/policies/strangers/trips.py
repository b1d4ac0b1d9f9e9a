"""The plugins whose Python has been tripped: nobody asks it until an operator has looked. Kept in the database, for all
processes."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from contextvars import Context

from tenants.database.errors import DatabaseBusy
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
            # In a context of its own: whoever asks here may be within a session, and has nothing to do with this one.
            loop.call_soon_threadsafe(_write, context=Context())


def _write() -> None:
    if any(not task.done() for task in _writing):
        return  # that one writes this down, too
    task = asyncio.get_running_loop().create_task(save())
    _writing.add(task)
    task.add_done_callback(_writing.discard)


def why(plugin: str) -> str:
    """Why a plugin is not asked, in a few words; "" for one that is."""
    found = _here.get(plugin) or stamp.present().tripped.get(plugin)
    return f"接连出错，已停止运行，待平台运行维护人员处理；最后一次：{found}" if found else ""


async def save() -> None:
    """Write down what was tripped here, and what is meanwhile. Opens sessions of its own.

    Where the database does not answer, what is left is written down with what is tripped next.
    """
    while _here:
        plugin, told = next(iter(_here.copy().items()))
        try:
            async with global_session() as session:
                await session.execute("select trip_plugin($1, $2)", plugin, told)
                await stamp.refresh()
        except (OSError, DatabaseBusy) as failure:
            log.warning("plugin %s: that it was tripped is not written down yet (%s)", plugin, failure)
            return
        _here.pop(plugin, None)


def forget() -> None:
    """Ask everybody again, as a process that has just started."""
    _here.clear()
    stamp.forget()
