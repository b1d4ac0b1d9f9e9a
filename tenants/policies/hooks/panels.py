"""`dangwu_panels`: what plugins in force show on a page. A plugin that is late or wrong is named, and the page goes on without.

Its answer is waited for in another thread, for a moment; while one call of a plugin still runs there is no second, and after
MOST_FAILURES in a row it is not asked again by this process.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec

from dangwu import Case, Desk, Panel, Unanswered, apart, where_raised
from tenants.policies import plugins
from tenants.policies.shelf import title_named

log = logging.getLogger(__name__)
HOOK = "dangwu_panels"
PATIENCE = apart.limits.PANEL
"""All plugins are asked at once."""
MOST_FAILURES = apart.limits.BROKEN
MOST_PANELS = 3

_failures: dict[str, int] = {}
_running: set[str] = set()


class Shown(msgspec.Struct, frozen=True):
    """The panels of one plugin with its title; or why there are none, a sentence."""

    plugin: str
    title: str
    panels: tuple[Panel, ...] = ()
    wrong: str = ""


async def panels(
    in_force: Iterable[str], place: str, subject: Case | Desk, today: date, *, patience: float = PATIENCE
) -> list[Shown]:
    """What the plugins `in_force` that have panels show at a place, by plugin."""
    asked = sorted(set(in_force) & plugins.with_hook(HOOK))
    given = {"place": place, "subject": subject, "today": today}
    return [one for one in await asyncio.gather(*(_asked(name, given, patience) for name in asked)) if one]


async def _asked(plugin: str, given: dict[str, Any], patience: float) -> Shown | None:
    title = title_named(plugin)
    if _failures.get(plugin, 0) >= MOST_FAILURES or plugin in _running:
        return Shown(plugin, title, wrong="接连出错或者太慢，暂不显示")
    _running.add(plugin)
    call = asyncio.get_running_loop().run_in_executor(None, _called, plugin, given)
    call.add_done_callback(lambda _: _running.discard(plugin))
    try:
        found: tuple[Panel, ...] | str = await asyncio.wait_for(asyncio.shield(call), patience)
    except TimeoutError:
        found = "太慢"
    if isinstance(found, str):
        return _wrong(plugin, title, found)
    _failures.pop(plugin, None)
    return Shown(plugin, title, found) if found else None


def _called(plugin: str, given: dict[str, Any]) -> tuple[Panel, ...] | str:
    """The panels, or what went wrong; whatever is raised ends here, SystemExit too, which would end our process."""
    call = plugins.installed().caller(HOOK, plugin)
    try:
        answered = call(**given) if call else []
        # Through builtins and back: whatever they hold is of the types and lengths that a page can show.
        return msgspec.convert(msgspec.to_builtins(answered[:MOST_PANELS]), tuple[Panel, ...])
    except Unanswered as held:
        return f"出错（{held.why}）"
    except BaseException as error:
        return f"出错（{type(error).__name__}{where_raised(error)}）"


def _wrong(plugin: str, title: str, why: str) -> Shown:
    _failures[plugin] = _failures.get(plugin, 0) + 1
    log.error("plugin %s: %s: %s", plugin, HOOK, why)
    return Shown(plugin, title, wrong=why)


def forget_failures() -> None:
    """Ask everybody again, as a process that has just started."""
    _failures.clear()
