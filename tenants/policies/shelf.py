"""Which text of a plugin is shown at a unit: what is in force there, whatever is installed; else the installed one."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date

from core.errors import NotFound
from dangwu import Policy
from tenants.database.errors import NoSession
from tenants.database.session import current_session
from tenants.policies.changes import Activation
from tenants.policies.plugins import any_policy, installed
from tenants.policies.regimes import CountyPolicies, cache
from tenants.policies.supplement import chosen, is_supplement
from tenants.policies.texts import all_read, installed_text, known, load


def on_show(plugin: str, chain: Iterable[Activation], today: date) -> Policy:
    """The text that is in force today, the nearest unit's; else the one to come, the installed one, the last that was in force.

    Raises NotFound, and Conflict for an installed plugin that cannot be used and never was.
    """
    mine = [item for item in chain if item.plugin == plugin and known(item.text) is not None]
    left = [item for item in mine if item.until is None or today < item.until]
    running = [item for item in left if item.runs_on(today)]
    own = installed().policies.get(plugin)
    for listed in (running, left):
        if listed and (found := known(listed[-1].text)) is not None:
            return found
    return own or known(mine[-1].text if mine else None) or any_policy(plugin)


def on_shelf(chain: Iterable[Activation], today: date) -> list[Policy]:
    """Of every plugin that is installed, or was ever adopted on the way down to a unit, the text that is shown there."""
    chain = tuple(chain)
    names = dict.fromkeys((*installed().policies, *(item.plugin for item in chain if known(item.text))))
    return [on_show(name, chain, today) for name in names]


async def by_text(plugin: str, text: str) -> Policy:
    """One text of a plugin, by its hash: kept, or installed; of supplements the county's own. Raises NotFound."""
    if is_supplement(plugin):
        return await chosen(plugin, text)
    await load([text])
    policy = known(text)
    if policy is None and installed_text(plugin) == text:
        policy = any_policy(plugin)
    if policy is None or policy.id != plugin:
        raise NotFound(f"没有找到“{plugin}”的这份文本。请从政策列表中选择。")
    return policy


def title_of(item: Activation) -> str:
    """The title of what an activation has adopted; by its id where no text was ever kept."""
    found = known(item.text)
    return found.title if found is not None else title_named(item.plugin)


def title_named(plugin: str) -> str:
    """The title of a plugin by any text that this process knows; its id where it knows none."""
    found = next((one for one in everything() if one.id == plugin), None)
    return found.title if found is not None else plugin


def is_readable(plugin: str) -> bool:
    """Whether it has a page."""
    return any(one.id == plugin for one in everything())


def everything() -> list[Policy]:
    """Whatever can name a word: the floor, the texts in force in the county of the session, the newest first, then the installed
    ones and every other text that this process has read, but for other counties' supplements."""
    county = _county()
    live = sorted(county.live, key=lambda item: item.since, reverse=True) if county is not None else ()
    own = [policy for item in live if (policy := known(item.text)) is not None]
    found = [*installed().floor.policies, *own, *installed().policies.values()]
    return [*found, *(one for one in all_read() if one not in found and not is_supplement(one.id))]


def read() -> object:
    """What `everything` depends on: for whoever keeps what he has made of it."""
    county = _county()
    return installed(), len(all_read()), tuple(item.id for item in county.live) if county is not None else ()


def _county() -> CountyPolicies | None:
    """What this process knows of the county of the session, if there is one."""
    with suppress(NoSession):
        session = current_session()
        if session.county_id is not None:
            return cache.county(session.county_id, session.policy_version or 0)
    return None
