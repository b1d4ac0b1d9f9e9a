"""The installed policies as cards: what each is for, whether it is in force at a unit, and what is still to be done there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from core.organisation.model import UnitView
from dangwu import Policy
from tenants.policies.beside import conflicts, open_blanks
from tenants.policies.changes import Activation
from tenants.policies.plugins import installed, why_broken
from tenants.policies.regimes import adoption_of
from tenants.policies.shelf import on_shelf
from tenants.policies.supplement import is_supplement
from tenants.policies.texts import installed_text, known
from tenants.policies.updates import offered, only_code

STATES = {
    "always": ("全国统一，始终有效", "done"),
    "running": ("在用", "done"),
    "coming": ("将启用", "waiting"),
    "ended": ("已停用", "blocked"),
    "none": ("未启用", "blocked"),
}


class Newer(msgspec.Struct, frozen=True):
    """A newer text of the plugin, offered as an update: what it is kept under, and how it calls itself. `code`: the text is the
    same, only the program that judges by it is another; until it is agreed to, what it judges is held."""

    text: str
    plugin: str
    title: str
    version: str
    code: bool
    said: str
    """That it is there, in words: which of the two calls itself the later one."""


class Adopted(msgspec.Struct, frozen=True):
    """One activation that reaches the unit: `own` if the unit itself has decided it; `path` is that of who has."""

    id: UUID
    unit_id: UUID
    unit_name: str
    path: str
    own: bool
    since: date
    until: date | None
    basis: str
    rules_on: int
    rules_off: int
    open_blanks: tuple[str, ...]
    version: str
    text: str
    """What its text is kept under."""
    pinned_on: date | None
    newer: Newer | None


class Card(msgspec.Struct, frozen=True):
    """A policy, by the text that is shown at the unit. `state` is a key of STATES; `here` the activations running or to come,
    `past` how many have ended; `installed`: whether the plugin can be adopted anew."""

    id: str
    title: str
    place: str
    about: str
    rules: int
    state: str
    here: tuple[Adopted, ...]
    past: int
    conflicts: tuple[str, ...]
    version: str
    installed: bool


def cards(unit: UnitView, chain: Sequence[Activation], today: date) -> list[Card]:
    """Of what reaches the unit: national first, then those in force, those to come, the others; each group by title."""
    found = [_card(policy, unit, chain, today) for policy in on_shelf(chain, today)]
    rank = list(STATES)
    found.sort(key=lambda card: (rank.index(card.state), card.title))
    return [*(_floor(one) for one in installed().floor.policies), *found]


def card_of(policy: Policy, unit: UnitView, chain: Sequence[Activation], today: date) -> Card:
    """The card of one policy; `chain` is what reaches the unit."""
    if policy.floor:
        return _floor(policy)
    return _card(policy, unit, chain, today)


def _floor(policy: Policy) -> Card:
    rules = len(policy.rule_ids())
    return Card(
        policy.id, policy.title, policy.place, policy.about, rules, "always", (), 0, (), policy.version, True
    )


def _card(policy: Policy, unit: UnitView, chain: Sequence[Activation], today: date) -> Card:
    mine = [item for item in chain if item.plugin == policy.id]
    present = [item for item in mine if item.until is None or today < item.until]
    running = any(item.runs_on(today) for item in present)
    state = "running" if running else "coming" if present else "ended" if mine else "none"
    return Card(
        id=policy.id,
        title=policy.title,
        place=policy.place,
        about=policy.about,
        rules=len(policy.rule_ids()),
        state=state,
        here=tuple(_here(known(item.text) or policy, item, unit) for item in present),
        past=len(mine) - len(present),
        conflicts=() if present else conflicts(policy, chain, today),
        version=policy.version,
        installed=policy.id in installed().policies or is_supplement(policy.id),
    )


def _here(policy: Policy, item: Activation, unit: UnitView) -> Adopted:
    """By its own text: two units may go by different ones."""
    adoption = adoption_of(policy, item)
    taken = {rule.id for rule in policy.rules if adoption.takes(rule)}
    return Adopted(
        id=item.id,
        unit_id=item.unit_id,
        unit_name=item.unit_name,
        path=item.path,
        own=item.unit_id == unit.id,
        since=item.since,
        until=item.until,
        basis=item.choice.basis,
        rules_on=len(taken),
        rules_off=len(policy.rule_ids()) - len(taken),
        open_blanks=open_blanks(policy, adoption),
        version=policy.version,
        text=item.text or "",
        pinned_on=item.pinned_on,
        newer=_newer(item, policy),
    )


def _newer(item: Activation, adopted: Policy) -> Newer | None:
    found = offered(item)
    if found is None:
        return None
    said = _said(adopted.version, found.version)
    return Newer(installed_text(found.id), found.id, found.title, found.version, only_code(item), said)


def _said(adopted: str, installed: str) -> str:
    """How the installed text stands to the one that was adopted, by their versions."""
    if not installed or not adopted:
        return f"有新文本 {installed}".rstrip()
    if installed == adopted:
        return f"文本有改动，版本号没有变（{installed}）"
    later = [int(part) for part in installed.split(".")] > [int(part) for part in adopted.split(".")]
    return f"有新文本 {installed}" if later else f"安装的是较早的文本 {installed}（启用的是 {adopted}）"


def broken_plugins() -> list[tuple[str, str]]:
    """(plugin, why it cannot be used) of every one."""
    return [(name, why_broken(name)) for name in sorted(installed().broken)]
