"""The installed plugins: their policies by id, and the hooks of those that have any."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pluggy

from dangwu.errors import PolicyError
from dangwu.facets.base import Facet
from dangwu.facets.registry import FACETS
from dangwu.plugins.discovery import HOOKS, Found, Outside
from dangwu.plugins.paper import Paper, unusable
from dangwu.policy.floor import Floor, floor_of
from dangwu.policy.load import load_policy
from dangwu.policy.policy import Policy
from dangwu.regime.adoption import Adoption
from dangwu.regime.checks import lost
from dangwu.regime.regime import Regime, compose
from dangwu.text.called import named, says_floor


class Plugins:
    """The installed plugins: their policies by id (the floor apart), and their hooks.

    `broken`, `causes`: of each plugin that cannot be used, the sentences that say why, and what its code raised. `origins`,
    `rehearsals`: where each comes from, and the rehearsals that it brings along. `texts`: the policy files;
    `papers`: the papers that each brings.
    """

    def __init__(
        self,
        floor: Floor,
        policies: Mapping[str, Policy],
        found: Found,
        broken: Mapping[str, tuple[str, ...]],
    ) -> None:
        self.floor, self.policies, self.found = floor, dict(policies), found
        self.manager: pluggy.PluginManager = found.manager
        self.broken = dict(broken)
        self.causes = dict(found.causes)
        self.origins, self.rehearsals = dict(found.origins), dict(found.rehearsals)
        self.papers: dict[str, tuple[Paper, ...]] = {
            one.id: found.papers.get(one.id, ()) for one in self.everything
        }
        self.texts = {one.id: found.texts[one.id][0] for one in self.everything if one.id in found.texts}
        self._callers: dict[tuple[str, str], Callable[..., list[Any]]] = {}

    @property
    def everything(self) -> tuple[Policy, ...]:
        """All policies, those of the floor first."""
        return (*self.floor.policies, *self.policies.values())

    def hooks_of(self, plugin: str) -> tuple[str, ...]:
        """The hooks that a plugin has written, by name."""
        mine = self.manager.get_plugin(plugin)
        return tuple(name for name in HOOKS if mine is not None and hasattr(mine, name))

    def with_policy(self, policy: Policy, name: str = "") -> Plugins:
        """The same plugins, with this policy in the place of the one of its id (one of the floor's too), or under a name of its
        own beside it. Raises PolicyError when the floor's cannot stand side by side any more."""
        if not name and policy.id in self.floor.ids:
            others = [one for one in self.floor.policies if one.id != policy.id]
            return Plugins(floor_of([*others, policy]), self.policies, self.found, self.broken)
        return Plugins(self.floor, {**self.policies, name or policy.id: policy}, self.found, self.broken)

    def beside(self, policy: Policy, module: object) -> Plugins:
        """The same plugins and one more, whose code (None: it has none) has been loaded by itself."""
        if module is not None and self.manager.get_plugin(policy.id) is None:
            self.manager.register(module, policy.id)
        return self.with_policy(policy)

    def compose(
        self, adoptions: Iterable[Adoption], floor: Floor | None = None, checking: Iterable[str] = ()
    ) -> Regime:
        """The regime of a unit with these adoptions, their own checks included. Raises as `dangwu.compose`.

        `floor`: the texts of the floor that hold instead of the installed ones. `checking`: the plugins that have a check; of one
        whose check is not there, every step that it has not passed waits.
        """
        listed = list(adoptions)
        checks = [
            (one, check)
            for one in {item.policy.id for item in listed}
            if (check := self.caller("dangwu_check", one) or (lost(one) if one in checking else None))
            is not None
        ]
        return compose(floor or self.floor, listed, checks=sorted(checks, key=lambda pair: pair[0]))

    def checks(self, plugin: str) -> bool:
        """Whether a plugin has a check of its own."""
        return self.caller("dangwu_check", plugin) is not None

    def caller(self, hook: str, plugin: str) -> Callable[..., list[Any]] | None:
        """A hook of one plugin alone: called by name with the hook's arguments it answers all that the plugin gives.

        None where the plugin has not written it.
        """
        if (hook, plugin) not in self._callers:
            mine = self.manager.get_plugin(plugin)
            written = getattr(self.manager.hook, hook).get_hookimpls()
            if mine is None or not any(one.plugin is mine for one in written):
                return None
            others = [one for one in self.manager.get_plugins() if one is not mine]
            asked = self.manager.subset_hook_caller(hook, remove_plugins=others)
            self._callers[hook, plugin] = lambda **given: [
                one for answer in asked(**given) for one in _several(answer)
            ]
        return self._callers[hook, plugin]


def _several(given: object) -> Iterable[Any]:
    """What a hook gave, one by one; what comes alone is one of one."""
    if given is None:
        return ()
    return given if isinstance(given, Iterable) else (given,)


OWN_FLOOR = "national"
"""The floor that Dangwu brings."""


def floor_named(also: str | None = None) -> frozenset[str]:
    """The plugins that belong to the floor: the national rules, and those that whoever runs the platform names in DANGWU_FLOOR
    (`also`, by commas). No plugin belongs to it by its own word."""
    told = os.environ.get("DANGWU_FLOOR", "") if also is None else also
    return frozenset({OWN_FLOOR, *filter(None, map(str.strip, told.split(",")))})


def belongs_to_floor(text: str) -> bool:
    """Whether a policy file calls itself the floor's, and whoever runs the platform lets it be."""
    return says_floor(text) and named(text) in floor_named()


def discover(
    folder: Path | None = None,
    *,
    tolerant: bool = False,
    also: Mapping[str, str] | None = None,
    floor: Collection[str] | None = None,
    outside: Outside | None = None,
) -> Plugins:
    """All installed plugins, those in `folder`, and `also`: packages that can be imported but are not installed, by plugin.

    Raises PolicyError naming every plugin that cannot be used.

    `outside`: where plugins' code runs, if not here.

    With `tolerant` one broken plugin does not keep the others from being used: it is in `broken`. The floor has to be whole.
    `floor` are the plugins that belong to it, as `floor_named` has them.
    """
    found = Found(outside)
    found.installed(also)
    if folder is not None and folder.is_dir():
        found.folder(folder)
    plugins = _loaded(found, floor_named() if floor is None else {OWN_FLOOR, *floor})
    if plugins.broken and not tolerant:
        raise PolicyError([problem for problems in plugins.broken.values() for problem in problems])
    return plugins


def _loaded(found: Found, allowed: Collection[str]) -> Plugins:
    texts = found.texts
    says = {name for name, text in texts.items() if says_floor(text[0])}
    broken = {**{name: (_NOT_FLOOR.format(name),) for name in says - {*allowed}}, **found.broken}
    facets, ground = (*FACETS.values(),), _ground(found, says & {*allowed})
    floor = _floor(ground, facets)
    for policy in floor.policies:
        _with_papers(policy, found, floor)
    policies: dict[str, Policy] = {}
    for name, (text, where) in texts.items():
        if name in broken or name in floor.ids:
            continue
        try:
            policies[name] = _with_papers(_read(Text(name, text, where), ground, facets), found, floor)
        except PolicyError as error:
            broken[name] = error.problems
    return Plugins(floor, policies, found, broken)


_NOT_FLOOR = (
    "插件 {0} 写了 floor: true（底线政策处处适用、不能停用），是否作为底线由运行维护人员决定。"
    "请删去 floor 和 procedures；确要作为底线的，启动前设 DANGWU_FLOOR={0}。"
)


class Text(NamedTuple):
    """A policy file: the plugin's name, what it says, where it stands."""

    name: str
    text: str
    where: str


def _ground(found: Found, names: Collection[str]) -> tuple[Text, ...]:
    """The texts of these names, of which the floor is to be. Raises PolicyError unless each of them can be used."""
    if problems := [one for name in found.texts if name in names for one in found.broken.get(name, ())]:
        raise PolicyError(problems)
    ground = tuple(Text(name, *text) for name, text in found.texts.items() if name in names)
    if not ground:
        raise PolicyError(["没有安装国家规定（插件 national）。请先安装 dangwu-national。"])
    return ground


# A process that looks for its plugins again finds nearly all texts as they were; what one means hangs on floor and facets.
@lru_cache(maxsize=4)
def _floor(ground: tuple[Text, ...], facets: tuple[type[Facet], ...]) -> Floor:
    return floor_of(
        [_named(one.name, one.where, load_policy(one.text, where=one.where, floor=True)) for one in ground]
    )


@lru_cache(maxsize=256)
def _read(one: Text, ground: tuple[Text, ...], facets: tuple[type[Facet], ...]) -> Policy:
    return _named(one.name, one.where, load_policy(one.text, where=one.where, ground=_floor(ground, facets)))


def _with_papers(policy: Policy, found: Found, floor: Floor) -> Policy:
    """The policy, if the papers of its plugin can be used. Raises PolicyError."""
    if problems := [*unusable(found.papers.get(policy.id, ()), policy, floor)]:
        raise PolicyError(problems)
    return policy


def _named(name: str, where: str, policy: Policy) -> Policy:
    """The policy, if it is called as its plugin is. Raises PolicyError."""
    if policy.id != name:
        raise PolicyError([f"{where}：plugin 写的是“{policy.id}”，应与插件名称“{name}”一致。"])
    return policy
