"""A newer text of a plugin that a unit has adopted: offered, never taken by itself."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from core.errors import Conflict
from dangwu import Policy, renames
from tenants.policies import plugins, texts
from tenants.policies.changes import Activation, Adjust, Choice


def offered(item: Activation) -> Policy | None:
    """The installed text of the plugin, under whatever name, if the activation goes by another one; None if there is none."""
    found = _installed(item.plugin)
    return found if found is not None and texts.installed_text(found.id) != item.text else None


def _installed(plugin: str) -> Policy | None:
    """The installed policy of that name, or the one that was called so before."""
    policies = plugins.installed().policies
    return policies.get(plugin) or next((one for one in policies.values() if plugin in one.was), None)


def carried(choice: Choice, old: Policy, new: Policy) -> Choice:
    """A unit's choice as it reads by a newer text: what is called otherwise is, and what is gone falls away."""
    names, off = renames(old, new), {rule.id for rule in new.rules if rule.off}
    blanks = {name: value for name, value in choice.fill.items() if name in new.blanks}
    return msgspec.structs.replace(
        choice,
        without=_named(choice.without, names),
        also=_named(choice.also, names) & off,
        fill=blanks,
    )


def _named(rules: Iterable[str], names: dict[str, str]) -> frozenset[str]:
    return frozenset(names[rule] for rule in rules if rule in names)


def text_of(old: Activation, change: Adjust) -> Policy:
    """The policy by which an activation goes on after a change. Raises Conflict for a text that is not the installed one."""
    if not change.text or change.text == old.text:
        return texts.policy_of(old.text, old.plugin)
    found = offered(old)
    if found is None or texts.installed_text(found.id) != change.text:
        raise Conflict(
            "您看到的新文本已经不是现在安装的文本，没有办理。请刷新政策页面，查看最新的文本后再试。",
            code="text-changed",
        )
    return found
