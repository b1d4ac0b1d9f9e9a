"""Asking plugins in force what they show. One that is late or wrong is named, and the page goes on without.

An answer is waited for in another thread, for a moment; while one call of a plugin still runs there is no second, and after
MOST_FAILURES in a row it is not asked again by this process.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

import msgspec

from dangwu import Unanswered, apart, where_raised
from tenants.policies import plugins
from tenants.policies.shelf import title_named

log = logging.getLogger(__name__)
PATIENCE = apart.limits.PANEL
"""All plugins are asked at once."""
FIRST = apart.limits.CALL.wall
"""For whom this process asks for the first time: one that only shows something has not begun to run."""
MOST_FAILURES = apart.limits.BROKEN
Kind = TypeVar("Kind")

_met: set[str] = set()
_failures: dict[tuple[str, str], int] = {}
_running: set[tuple[str, str]] = set()


class Given(msgspec.Struct, Generic[Kind], frozen=True):
    """What one plugin shows, with its title; or why there is nothing, a sentence."""

    plugin: str
    title: str
    found: tuple[Kind, ...] = ()
    wrong: str = ""


class Question(msgspec.Struct, Generic[Kind], frozen=True):
    """A hook, the type of what it answers, and at most how many."""

    hook: str
    kind: type[Kind]
    most: int

    async def ask(
        self, in_force: Iterable[str], given: dict[str, Any], *, patience: float = PATIENCE
    ) -> list[Given[Kind]]:
        """What the plugins `in_force` that have written the hook answer, by plugin; who answers nothing is left out."""
        asked = sorted(set(in_force) & plugins.with_hook(self.hook))
        found = await asyncio.gather(*(self._asked(name, given, patience) for name in asked))
        return [one for one in found if one is not None]

    async def _asked(self, plugin: str, given: dict[str, Any], patience: float) -> Given[Kind] | None:
        title, key = title_named(plugin), (self.hook, plugin)
        if _failures.get(key, 0) >= MOST_FAILURES or key in _running:
            return Given(plugin, title, wrong="接连出错或者太慢，暂不显示")
        _running.add(key)
        patience = patience if plugin in _met else max(patience, FIRST)
        call = asyncio.get_running_loop().run_in_executor(None, self._called, plugin, given)
        call.add_done_callback(lambda _: _running.discard(key))
        try:
            found: tuple[Kind, ...] | str = await asyncio.wait_for(asyncio.shield(call), patience)
        except TimeoutError:
            found = "太慢"
        _met.add(plugin)
        if isinstance(found, str):
            return self._wrong(plugin, title, found)
        _failures.pop(key, None)
        return Given(plugin, title, found) if found else None

    def _called(self, plugin: str, given: dict[str, Any]) -> tuple[Kind, ...] | str:
        """The answer, or what went wrong; whatever is raised ends here, SystemExit too, which would end our process."""
        call = plugins.installed().caller(self.hook, plugin)
        try:
            answered = call(**given) if call else []
            # Through builtins and back: whatever they hold is of the types and lengths that a page can show.
            plain = msgspec.to_builtins(answered[: self.most])
            return tuple(msgspec.convert(one, self.kind) for one in plain)
        except Unanswered as held:
            return f"出错（{held.why}）"
        except BaseException as error:
            return f"出错（{type(error).__name__}{where_raised(error)}）"

    def _wrong(self, plugin: str, title: str, why: str) -> Given[Kind]:
        _failures[self.hook, plugin] = _failures.get((self.hook, plugin), 0) + 1
        log.error("plugin %s: %s: %s", plugin, self.hook, why)
        return Given(plugin, title, wrong=why)


def forget_failures() -> None:
    """Ask everybody again, as a process that has just started."""
    _failures.clear()
    _met.clear()
