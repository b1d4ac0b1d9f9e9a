"""The policy files of this repository, loaded once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from dangwu import Floor, Policy, load_policy

FOLDER = Path(__file__).parents[2] / "plugins"
PRACTICES = FOLDER / "practices" / "dangwu_practices"
PLUGINS = tuple(sorted(file.parent.name.replace("_", "-") for file in PRACTICES.glob("*/policy.yaml")))
"""The local practices, without the floor."""


def package(plugin: str) -> Path:
    """The folder of a plugin's Python package."""
    if plugin == "national":
        return FOLDER / "national" / "dangwu_national"
    return PRACTICES / plugin.replace("-", "_")


@cache
def policy(plugin: str) -> Policy:
    """A plugin's policy, straight from its file; local ones may use the floor's words."""
    file = package(plugin) / "policy.yaml"
    floor = plugin == "national"
    ground = Floor(() if floor else (policy("national"),))
    return load_policy(file.read_text("utf-8"), where=str(file), ground=ground, floor=floor)


def ruled(*, admission: bool = False) -> tuple[str, ...]:
    """The practices that have rules, and not titles or things for later only; `admission`: that have rules about its steps."""
    return tuple(one for one in PLUGINS if any(rule.steps or not admission for rule in policy(one).rules))
