"""Finding plugins: entry points `dangwu.plugins`, and single `.yaml` or `.py` files in a folder.

This module and the command line are the only ones of the package that read files.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy

from dangwu import hooks
from dangwu.errors import PolicyError
from dangwu.facet import Finding
from dangwu.load import load_policy
from dangwu.policy import Policy
from dangwu.regime import Adoption, Regime, compose

GROUP = "dangwu.plugins"
FLOOR = "national"


class Plugins:
    """The installed plugins: their policies by id (the floor apart), and their hooks."""

    def __init__(
        self, national: Policy, policies: Mapping[str, Policy], manager: pluggy.PluginManager
    ) -> None:
        self.national, self.policies, self.manager = national, dict(policies), manager
        self._checks: dict[str, Callable[..., list[Finding]]] = {}

    def compose(self, adoptions: Iterable[Adoption]) -> Regime:
        """The regime of a unit with these adoptions, their own checks included. Raises as `dangwu.compose`."""
        listed = list(adoptions)
        checks = [
            (one, check)
            for one in {item.policy.id for item in listed}
            if (check := self._check(one)) is not None
        ]
        return compose(self.national, listed, checks=sorted(checks, key=lambda pair: pair[0]))

    def _check(self, plugin: str) -> Callable[..., list[Finding]] | None:
        """`dangwu_check` of one plugin alone, None if it has none."""
        if plugin not in self._checks:
            mine = self.manager.get_plugin(plugin)
            if mine is None or not any(
                one.plugin is mine for one in self.manager.hook.dangwu_check.get_hookimpls()
            ):
                return None
            others = [one for one in self.manager.get_plugins() if one is not mine]
            caller = self.manager.subset_hook_caller("dangwu_check", remove_plugins=others)
            self._checks[plugin] = lambda **asked: [
                found for listed in caller(**asked) for found in listed or ()
            ]
        return self._checks[plugin]


def discover(folder: Path | None = None) -> Plugins:
    """All installed plugins, and those in `folder`. Raises PolicyError naming the plugin that cannot be used."""
    manager = pluggy.PluginManager(hooks.NAME)
    manager.add_hookspecs(hooks)
    texts: dict[str, tuple[str, str]] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        module = _imported(point.name, point.load)
        _register(manager, point.name, module)
        texts[point.name] = (_policy_text(point.name, module), f"{point.name}/policy.yaml")
    for path in sorted(folder.iterdir()) if folder is not None and folder.is_dir() else ():
        _file(path, manager, texts)
    manager.check_pending()
    return _loaded(manager, texts)


def _file(path: Path, manager: pluggy.PluginManager, texts: dict[str, tuple[str, str]]) -> None:
    if path.suffix in (".yaml", ".yml"):
        texts[path.stem] = (path.read_text(encoding="utf-8"), path.name)
    elif path.suffix == ".py":
        module = _imported(path.stem, lambda: _module(path))
        _register(manager, path.stem, module)
        if path.stem not in texts and hasattr(module, "dangwu_policy"):
            texts[path.stem] = (module.dangwu_policy(), path.name)


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"dangwu_file_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise ImportError(path.name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _imported(name: str, load: Callable[[], Any]) -> Any:
    try:
        return load()
    except Exception as error:
        raise PolicyError(
            [f"插件 {name} 无法载入（{type(error).__name__}：{error}）。请检查插件代码，或先移除该插件。"]
        ) from error


def _register(manager: pluggy.PluginManager, name: str, module: Any) -> None:
    try:
        manager.register(module, name)
    except (pluggy.PluginValidationError, ValueError) as error:
        raise PolicyError(
            [f"插件 {name} 的钩子写法不对（{error}）。可用的钩子见 dangwu/hooks.py。"]
        ) from error


def _policy_text(name: str, module: Any) -> str:
    if hasattr(module, "dangwu_policy"):
        return str(module.dangwu_policy())
    resource = files(module) / "policy.yaml"
    if not resource.is_file():
        raise PolicyError([f"插件 {name} 的包里没有 policy.yaml，也没有 dangwu_policy。请补上其中之一。"])
    return resource.read_text(encoding="utf-8")


def _loaded(manager: pluggy.PluginManager, texts: Mapping[str, tuple[str, str]]) -> Plugins:
    if FLOOR not in texts:
        raise PolicyError(["没有安装国家规定（插件 national）。请先安装 dangwu-national。"])
    text, where = texts[FLOOR]
    national = load_policy(text, where=where, floor=True)
    words = (*national.terms, *national.tags)
    policies: dict[str, Policy] = {}
    problems: list[str] = []
    for name, (text, where) in texts.items():
        if name == FLOOR:
            continue
        try:
            policy = load_policy(text, where=where, words=words)
        except PolicyError as error:
            problems += error.problems
            continue
        if policy.id != name:
            problems.append(f"{where}：plugin 写的是“{policy.id}”，应与插件名称“{name}”一致。")
        policies[policy.id] = policy
    if problems:
        raise PolicyError(problems)
    return Plugins(national, policies, manager)
