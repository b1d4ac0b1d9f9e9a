"""The set of plugins that all processes of an installation use: stamped when it is brought up to date.

Of a plugin with Python of its own the database knows which code that was, and whether it was tripped. A process that has found
other code asks it nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

import msgspec

from dangwu import apart
from tenants.database.session import Session, current_session


class Stamp(msgspec.Struct, frozen=True):
    """By plugin its code (`digest`), and why it was tripped."""

    digests: Mapping[str, str] = {}
    tripped: Mapping[str, str] = {}

    def differs(self, place: apart.Place) -> bool:
        """Whether the code at a place is another than all processes use; never before anything was stamped."""
        return bool(self.digests) and self.digests.get(place.name) != place.digest


class _Read:
    stamp = Stamp()
    loop: asyncio.AbstractEventLoop | None = None


def present() -> Stamp:
    """The stamp as it was last read."""
    return _Read.stamp


def loop() -> asyncio.AbstractEventLoop | None:
    """The event loop in which it was last read: that of this process."""
    return _Read.loop


async def refresh() -> None:
    """Read it anew: whoever reads a county's policies does."""
    _Read.loop = asyncio.get_running_loop()
    rows = await current_session().fetch("select plugin, digest, tripped from plugin_code")
    digests = {row["plugin"]: row["digest"] for row in rows}
    _Read.stamp = Stamp(digests, {row["plugin"]: row["tripped"] for row in rows if row["tripped"]})


async def put(session: Session, places: Iterable[apart.Place]) -> None:
    """Stamp the set with what is installed here, as the owner of the tables: new code is asked again."""
    names = []
    for place in places:
        names.append(place.name)
        await session.execute(
            "insert into plugin_code (plugin, digest) values ($1, $2) on conflict (plugin) do update"
            " set digest = excluded.digest, tripped = null where plugin_code.digest <> excluded.digest",
            place.name, place.digest,
        )  # fmt: skip
    await session.execute("delete from plugin_code where not plugin = any($1)", names)


async def reset(session: Session, plugin: str) -> bool:
    """Let a plugin that was tripped be asked again, as the owner of the tables; whether it was."""
    found = await session.fetchval(
        "update plugin_code set tripped = null where plugin = $1 and tripped is not null returning true",
        plugin,
    )
    if found:
        await session.execute("update county set policy_version = policy_version + 1")
    return bool(found)


def forget() -> None:
    """Know nothing, as a process that has just started."""
    _Read.stamp = Stamp()
