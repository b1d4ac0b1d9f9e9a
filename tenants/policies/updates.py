"""A newer text of a plugin that a unit has adopted: offered, never taken by itself.

The code that judges by a text belongs to it. There is only the one that is installed: where a unit has adopted another, what
needs it is held until the day from which the unit has agreed to it; what the old one had found met stays met.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from core.errors import Conflict
from dangwu import Policy, renames
from tenants.policies import plugins, texts
from tenants.policies.changes import Activation, Adjust, Choice


def offered(item: Activation) -> Policy | None:
    """The installed text of the plugin, under whatever name, if the activation goes by another one; None if there is none."""
    found = _installed(item.plugin)
    return found if found is not None and texts.installed_text(found.id) != item.text else None


def only_code(item: Activation) -> bool:
    """Whether the text that is offered differs from the activation's by nothing but the code that goes with it."""
    found = offered(item)
    return found is not None and found == texts.known(item.text)


def agreed(item: Activation, chain: Iterable[Activation]) -> date | None:
    """From which day on the unit has agreed to the code that is there; None where it is the one that it has adopted.

    What had begun before an activation that has ended is judged by what is there from then on: nobody could agree any more.
    """
    policy, code = texts.known(item.text), texts.code_of(item.text)
    if policy is None or not code or plugins.code_for(policy) in ("", code):
        return None
    later = (other.since for other in chain if _follows(other, item) and _present(other))
    return min(later, default=item.until or date.max)


def held_today(live: Iterable[Activation], today: date) -> list[Activation]:
    """The activations in force that wait for somebody to agree to the code that is there."""
    live = tuple(live)
    return [
        item
        for item in live
        if item.runs_on(today) and (day := agreed(item, live)) is not None and today < day
    ]


def _follows(other: Activation, item: Activation) -> bool:
    """Whether an activation goes on from where another ends, perhaps under a new name."""
    policy = texts.known(other.text)
    named = (other.plugin, *(policy.was if policy is not None else ()))
    return other.unit_id == item.unit_id and item.plugin in named and other.since >= item.since


def _present(item: Activation) -> bool:
    """Whether an activation goes by the code that is there."""
    policy = texts.known(item.text)
    return policy is not None and texts.code_of(item.text) == plugins.code_for(policy)


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
