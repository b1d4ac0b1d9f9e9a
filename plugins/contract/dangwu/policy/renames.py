"""What the rules of an earlier text of a plugin are called in a later one."""

from __future__ import annotations

from dangwu.policy.policy import Policy


def renames(old: Policy, new: Policy) -> dict[str, str]:
    """Old rule id → the id in `new`; a rule that is not there any more is left out.

    A rule keeps its id, or says `was`; a plugin that has got another name takes its rules along.
    """
    ids = frozenset(new.rule_ids())
    was = {before: rule.id for rule in new.rules for before in rule.was}
    found = {}
    for rule in old.rule_ids():
        own = f"{new.id}.{rule.removeprefix(f'{old.id}.')}"
        name = was.get(rule) or (own if own in ids else "")
        if name:
            found[rule] = name
    return found


__all__ = ["renames"]
