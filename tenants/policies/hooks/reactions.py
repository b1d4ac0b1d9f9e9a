"""`dangwu_react`: what happens is told to the plugins in force where it happens, through the outbox, once it is committed.

Each plugin has messages of its own, so none waits for another's failures. An event's id is made with its message: delivered
twice, it is the same.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from uuid import uuid4

import msgspec

from core.actor import SYSTEM
from core.events import Happening
from core.ledger.note import note
from dangwu import Event
from tenants.database.session import Session
from tenants.policies import plugins
from tenants.policies.regimes import CountyPolicies, county_policies
from tenants.policies.strangers.telling import tell
from tenants.queue.outbox import enqueue
from tenants.queue.run import Ended, task

log = logging.getLogger(__name__)
HOOK = "dangwu_react"
PART = 200


class ReactionFailed(Exception):
    """A plugin's reaction has failed: which one, and what is to be known of it."""


async def tell_plugins(happenings: Sequence[Happening]) -> None:
    """Write a message for each plugin that reacts and is in force where and when something has happened."""
    reacting = plugins.with_hook(HOOK)
    known = await county_policies() if reacting else None
    for plugin in reacting if known else ():
        events = [_event(one) for one in happenings if known and _reaches(known, plugin, one)]
        for start in range(0, len(events), PART):
            await enqueue(react, plugin=plugin, events=events[start : start + PART])


def _reaches(known: CountyPolicies, plugin: str, one: Happening) -> bool:
    """Whether a plugin is in force there; one whose own policy has just changed hears of that too."""
    live = (item for item in known.reaching(one.path) if item.plugin == plugin)
    return one.plugin == plugin or any(item.runs_on(one.today) for item in live)


def _event(one: Happening) -> dict[str, str]:
    given = {
        name: value
        for name, value in msgspec.structs.asdict(one).items()
        if name not in ("path", "today") and value
    }
    return {"id": str(uuid4()), **{name: str(value) for name, value in given.items()}}


async def _given_up(session: Session, plugin: str, events: list[dict[str, str]], *, ended: Ended) -> None:
    """It will not be tried again: the county reads which plugin it was."""
    await note(SYSTEM, "plugin.failed", "plugin", None, plugin=plugin, hook=HOOK, events=len(events))


@task("通知插件", given_up=_given_up)
async def react(session: Session, plugin: str, events: list[dict[str, str]]) -> None:
    """Call the plugin's `dangwu_react` for each event, in a process of its own. Raises ReactionFailed to be tried again."""
    if plugin not in plugins.with_hook(HOOK):
        log.warning("plugin %s is not installed any more: %s events are not told", plugin, len(events))
        return
    wrong = await tell(plugins.installed().found.places[plugin], tuple(_typed(events)))
    if wrong:
        log.error("plugin %s: %s failed: %s", plugin, HOOK, wrong)
        raise ReactionFailed(plugin)


def _typed(events: Iterable[dict[str, str]]) -> Iterator[Event]:
    yield from (msgspec.convert(one, Event, strict=False) for one in events)
