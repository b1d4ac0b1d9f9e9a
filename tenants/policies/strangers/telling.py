"""`dangwu_react`: a plugin is told of events in a process of its own, which may take longer than one that somebody waits for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec

from dangwu import Event, apart
from tenants.policies.strangers import stamp, trips
from tenants.policies.strangers.process import Process
from tenants.policies.strangers.watch import Broken

AT_ONCE = 2
"""So many plugins of all counties are told at a time by one process of ours."""

_threads = ThreadPoolExecutor(AT_ONCE, "telling")


async def tell(place: apart.Place, events: Sequence[Event]) -> str:
    """Tell the plugin at a place of these events; what went wrong, in a few words."""
    if stamp.present().differs(place):
        return "程序与平台登记的不一致"
    return trips.why(place.name) or await asyncio.get_running_loop().run_in_executor(
        _threads, _told, place, events
    )


def _told(place: apart.Place, events: Sequence[Event]) -> str:
    try:
        process = Process(place)
        try:
            return _all(process, events)
        finally:
            process.end()
    except Broken as broken:
        return str(broken)


def _all(process: Process, events: Sequence[Event]) -> str:
    """Raises Broken."""
    within = apart.limits.REACTION
    began, left = time.monotonic(), within.busy
    for event in events:
        call = apart.Call("dangwu_react", {"event": apart.plain(event)})
        wall = within.wall - (time.monotonic() - began)
        before = process.busy
        content = process.ask(call, apart.limits.Limits(left, within.idle, wall))
        left -= process.busy - before
        try:
            answer: apart.Answer = apart.unpacked(content, apart.Answer)
        except (msgspec.MsgspecError, ValueError):
            return "给出的内容不对"
        if answer.wrong:
            return answer.wrong
    return ""
