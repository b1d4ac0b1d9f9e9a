"""The plugins that are installed here: found once per process."""

from __future__ import annotations

import logging
import os
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import msgspec

import dangwu
from core.errors import Conflict, NotFound
from dangwu import FACETS, Plugins, Policy, apart, discover, floor_named, is_foreign
from tenants.policies.strangers import stamp
from tenants.policies.strangers.outside import outside

log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def installed() -> Plugins:
    """National and local policies: installed packages, and the files in the folder DANGWU_PLUGINS.

    Their own Python runs in processes apart (strangers/).

    A plugin that cannot be used is reported and left out: one county's mistake does not stop the others.
    """
    folder, floor = os.environ.get("DANGWU_PLUGINS", ""), os.environ.get("DANGWU_FLOOR", "")
    found = discovered(folder, floor, outside)
    for name in found.broken:
        log.error("plugin %s cannot be used: %s", name, why_broken(name, found))
    return found


def discovered(folder: str, floor: str, outside: apart.Outside | None = None) -> Plugins:
    """The plugins that are installed and in a folder; `floor` names those of them that belong to the floor, by commas.

    Without `outside` their Python runs here: in a process that is limited itself.
    """
    where = Path(folder) if folder else None
    return discover(where, tolerant=True, floor=floor_named(floor), outside=outside)


def why_broken(plugin: str, plugins: Plugins | None = None) -> str:
    """The sentences that say why a plugin cannot be used; "" for one that can."""
    return "".join((plugins or installed()).broken.get(plugin, ()))


class Unjudged(Conflict):
    """What is in force at a unit cannot be said at present: nothing is judged there."""


class BrokenPlugin(Unjudged):
    """A policy that a unit has adopted cannot be read: nothing is judged rather than without its rules.

    That befalls only what was adopted before texts were kept, and was not installed when they began to be.
    """

    def __init__(self, plugin: str, why: str = "") -> None:
        why = why or why_broken(plugin)
        what, then = (f"不能载入：{why}", "改正") if why else ("没有安装。", "重新安装")
        super().__init__(
            f"正在执行的政策“{plugin}”{what}为免漏掉其中的规定，有关事项暂停办理。请联系平台运行维护人员{then}插件。",
            code="plugin-broken",
        )


def fingerprint() -> str:
    """Tells apart two sets of installed policies and their code, with what of it was tripped: standings that were worked out
    under another one are not today's."""
    found = stamp.present()
    mine = [(place, found.differs(place)) for place in strangers()]
    if not mine:
        return _policies(installed())
    told = (_policies(installed()), mine, sorted(found.tripped.items()))
    return sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()[:16]


def code_for(policy: Policy) -> str:
    """Tells apart the Python that judges by a policy's text: its check, and the facets that it names, whoever brings them.

    "" where it needs none, or some of it is not there; of the floor too, whose texts have days of their own.
    """
    if policy.floor:
        return ""
    found = installed()
    named = {FACETS[name].__module__ for rule in policy.rules for name in rule.facets if is_foreign(name)}
    bringing = {apart.plugin_of(module) for module in named} | (
        {policy.id} if found.checks(policy.id) else set()
    )
    digests = [place.digest for name in sorted(bringing) if (place := found.found.places.get(name))]
    whole = bool(digests) and len(digests) == len(bringing)
    return sha256("".join(digests).encode()).hexdigest()[:16] if whole else ""


def strangers() -> tuple[apart.Place, ...]:
    """Where the plugins' own Python stands, of those that have any."""
    return tuple(installed().found.places.values())


def differing() -> list[str]:
    """The plugins whose code is here another than all processes use; nothing is judged by them."""
    return [place.name for place in strangers() if stamp.present().differs(place)]


@lru_cache(maxsize=2)
def _policies(found: Plugins) -> str:
    everything = (dangwu.__version__, found.floor.policies, sorted(found.policies.items()))
    return sha256(msgspec.json.encode(everything, order="deterministic")).hexdigest()[:16]


def with_hook(hook: str) -> frozenset[str]:
    """The plugins that have written a hook."""
    return _with_hook(installed(), hook)


@lru_cache(maxsize=8)
def _with_hook(found: Plugins, hook: str) -> frozenset[str]:
    return frozenset(name for name in found.policies if found.caller(hook, name) is not None)


def policy(plugin: str) -> Policy:
    """The policy of a plugin that can be adopted. Raises NotFound."""
    found = installed().policies.get(plugin)
    if found is None and plugin in installed().broken:
        raise Conflict(f"政策插件“{plugin}”不能使用：{why_broken(plugin)}请联系平台运行维护人员改正插件。")
    if found is None:
        raise NotFound(f"没有安装名为“{plugin}”的政策插件。请从政策列表中选择，或请平台运行维护人员安装。")
    return found


def any_policy(plugin: str) -> Policy:
    """An installed policy, those of the floor too. Raises NotFound."""
    ours = (one for one in installed().floor.policies if one.id == plugin)
    return next(ours, None) or policy(plugin)
