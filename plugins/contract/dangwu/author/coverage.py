"""Which rules of a plugin no rehearsal touches: those without which every rehearsal would go just the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from dangwu.author.rehearse import rehearse
from dangwu.errors import DangwuError
from dangwu.plugins.plugins import Plugins
from dangwu.policy.policy import Policy, Rule


def asking(policy: Policy) -> Mapping[str, Rule]:
    """By id, the rules that ask something: all but those that only declare a tag or a word."""
    return {rule.id: rule for rule in policy.rules if rule.kind not in ("tag", "term")}


def untouched(plugins: Plugins, policy: Policy, texts: Mapping[str, str]) -> list[str]:
    """The ids of its rules that can be left out without any of the rehearsals (by name) noticing; `texts` hold now."""
    return [one for one in asking(policy) if _unnoticed(plugins, _without(policy, one), texts.items())]


def _without(policy: Policy, rule: str) -> Policy:
    kept = tuple(one for one in policy.rules if one.id != rule)
    return msgspec.structs.replace(policy, rules=kept)


def _unnoticed(plugins: Plugins, policy: Policy, texts: Iterable[tuple[str, str]]) -> bool:
    fewer = plugins.with_policy(policy)
    try:
        return all(rehearse(fewer, text, where=name).passed for name, text in texts)
    except DangwuError:
        return False  # a rehearsal speaks of what only this rule brings


__all__ = ["asking", "untouched"]
