"""The texts of the floor in this installation: which held from when on, and which corrections the operator has signed.

A new text holds for what begins after it was installed; what begins before goes by the one before. A rule in it that
`corrects` an error of ours also holds earlier, once the operator has signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby, pairwise
from typing import NamedTuple

import msgspec

from dangwu import Floor, Held, Policy
from tenants.database.session import current_session
from tenants.policies import plugins, texts


class Line(NamedTuple):
    """A text of the floor: it holds from `since` on (None: on all days)."""

    id: int
    plugin: str
    hash: str
    since: date | None
    found_at: datetime | None = None
    corrected_at: datetime | None = None
    corrected_by: str = ""


class _Present:
    """The floor by which this process judges; `stamp` tells two of them apart."""

    stamp: str = ""
    floor: Floor | None = None


def in_force() -> Floor:
    """The floor with its history, as it was last read; the installed one where there is none yet."""
    return _Present.floor or plugins.installed().floor


def stamp() -> str:
    """Tells apart two histories of the floor."""
    return _Present.stamp


async def lines() -> tuple[Line, ...]:
    """Its history, oldest first."""
    rows = await current_session().fetch(
        "select id, plugin, hash, since, found_at, corrected_at, corrected_by from floor_text order by id"
    )
    return tuple(Line(**row) for row in rows)


async def refresh() -> None:
    """Read the history anew: whoever reads a county's policies does."""
    found = await lines()
    present = "".join(f"{one.id}{'!' if one.corrected_at else '.'}" for one in found)
    if present != _Present.stamp:
        await texts.load(one.hash for one in found)
        _Present.floor, _Present.stamp = (floor_of(found) if found else None), present


def floor_of(found: Iterable[Line]) -> Floor:
    """The floor that these texts make."""
    by_plugin = sorted(found, key=lambda one: one.plugin)
    held = [one for _, listed in groupby(by_plugin, lambda one: one.plugin) for one in _held([*listed])]
    newest = [one.policy for one in held if one.until is None]
    if len(held) == len(newest):
        return Floor(tuple(newest))
    return Floor(tuple(newest), tuple(held))


def _held(listed: Sequence[Line]) -> list[Held]:
    """The texts of one plugin, each until the next; what a later one corrects is corrected in them."""
    policies = [texts.policy_of(one.hash, one.plugin) for one in listed]
    for number in range(len(listed) - 1, 0, -1):
        if listed[number].corrected_at is not None:
            policies[:number] = [corrected(one, policies[number]) for one in policies[:number]]
    ends = [*(after.since for _, after in pairwise(listed)), None]
    return [
        Held(policy, line.since, end)
        for policy, line, end in zip(policies, listed, ends, strict=True)
        if line.since is None or end is None or line.since < end
    ]


def corrected(old: Policy, new: Policy) -> Policy:
    """An earlier text with what the later one corrects: its rules in place of those of the same id."""
    right = [rule for rule in new.rules if rule.corrects]
    gone = {name for rule in right for name in (rule.id, *rule.was)}
    return msgspec.structs.replace(
        old,
        rules=(*(rule for rule in old.rules if rule.id not in gone), *right),
        sources={**old.sources, **{rule.cite.source: new.sources[rule.cite.source] for rule in right}},
        terms={**new.terms, **old.terms},
        tags={**new.tags, **old.tags},
    )
