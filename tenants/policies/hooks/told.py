"""What runs apart: one plugin is told of events; the answer is empty, or what went wrong."""

from __future__ import annotations

from pathlib import Path

import msgspec

from dangwu import Event, discover, where_raised


class Asked(msgspec.Struct, frozen=True):
    """The folder of further plugins ("": none), the plugin, the events."""

    folder: str
    plugin: str
    events: tuple[Event, ...]


def work(content: bytes) -> bytes:
    """What runs apart (core/apart.py)."""
    asked = msgspec.json.decode(content, type=Asked)
    found = discover(Path(asked.folder) if asked.folder else None, tolerant=True)
    call = found.caller("dangwu_react", asked.plugin)
    if call is None:
        return f"没有插件 {asked.plugin} 的 dangwu_react".encode()
    for event in asked.events:
        try:
            call(event=event)
        except Exception as error:
            return f"{type(error).__name__}{where_raised(error)}".encode()
    return b""
