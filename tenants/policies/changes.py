"""Activations as plain values, and what a change makes of them: nothing is overwritten, a new version supersedes an old one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec

from core.casework.model import Way
from core.errors import Invalid, NotFound
from tenants.ground.clock import SHANGHAI
from tenants.policies.lineage import ALWAYS, Move, Span, lineage

NO_SUCH_ACTIVATION = "没有找到这项政策的启用记录，或它已被更新的记录取代。请刷新页面后重试。"


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """What a unit decides when it adopts a plugin: rules left out, rules switched on, blanks filled; `basis` is its document."""

    without: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()
    fill: Mapping[str, Any] = msgspec.field(default_factory=dict)
    basis: str = ""


class Activation(msgspec.Struct, frozen=True, kw_only=True):
    """One version of an activation. It is in force from `since` until the day before `until`."""

    id: UUID
    unit_id: UUID
    unit_name: str
    path: str
    plugin: str
    since: date
    until: date | None
    choice: Choice
    level: str
    text: str | None = None
    """The hash of the text that it adopts (texts.py); None: none was kept when it was made, nor installed since."""
    pinned_on: date | None = None
    """It was made before texts were kept, and goes by the one that was installed on that day."""
    act: str = "adopt"
    supersedes: UUID | None = None
    by_name: str = ""
    at: datetime | None = None

    @property
    def never(self) -> bool:
        """Withdrawn altogether, before its first day or since: kept for the record, in force on no day."""
        return self.until == self.since

    def runs_on(self, day: date) -> bool:
        """Whether it is in force on that day."""
        return self.since <= day and (self.until is None or day < self.until)

    @property
    def decided(self) -> str:
        """What was decided, as a clause of a sentence."""
        if self.act == "end":
            return f"自 {self.until} 起停用"
        if self.act == "withdraw":
            begun = self.at is not None and self.at.astimezone(SHANGHAI).date() >= self.since
            return (
                f"撤销自 {self.since} 起的启用，视同没有启用过，已按它核对的重新核对"
                if begun
                else f"撤销原定自 {self.since} 起的启用，未曾生效"
            )
        verb = "启用" if self.act == "adopt" else "调整"
        return f"自 {self.since} 起{verb}" + (f"，到 {self.until} 前一日为止" if self.until else "")


class Place(msgspec.Struct, frozen=True):
    """The unit that decides, and the level at which the deciding person acts."""

    unit_id: UUID
    name: str
    path: str
    level: str


class Adopt(msgspec.Struct, frozen=True, kw_only=True, tag="adopt"):
    """Adopt a plugin from a day on (`until`: the first day on which it no longer holds)."""

    plugin: str
    since: date
    until: date | None = None
    choice: Choice = Choice()
    text: str = ""
    """The hash of the plugin's text; the service puts in that of the installed one."""


class Adjust(msgspec.Struct, frozen=True, kw_only=True, tag="adjust"):
    """From `day` on, the same plugin with other choices, or by another text; before that day everything stays as it was."""

    activation_id: UUID
    day: date
    choice: Choice
    until: date | None = None
    text: str = ""
    """The hash of the text from that day on; "" for the one that it has."""
    plugin: str = ""
    """What the plugin is called in that text, where it has another name; the service puts it in."""


class End(msgspec.Struct, frozen=True, kw_only=True, tag="end"):
    """`day` is the first day on which it no longer holds; its own first day withdraws it altogether. `basis`: why."""

    activation_id: UUID
    day: date
    basis: str = ""


Change = Adopt | Adjust | End


def plan(live: Iterable[Activation], change: Change, place: Place) -> tuple[Activation, ...]:
    """The new versions that a change adds. Raises Invalid, NotFound, with a sentence."""
    if isinstance(change, Adopt):
        return (_adopted(change, place),)
    old = next((item for item in live if item.id == change.activation_id), None)
    if old is None:
        raise NotFound(NO_SUCH_ACTIVATION)
    if isinstance(change, End):
        return (_ended(old, change.day, change.basis),)
    return _adjusted(old, change)


def _adopted(change: Adopt, place: Place) -> Activation:
    _check_period(change.since, change.until)
    return Activation(
        id=uuid4(), unit_id=place.unit_id, unit_name=place.name, path=place.path, plugin=change.plugin,
        since=change.since, until=change.until, choice=change.choice, level=place.level, text=change.text or None,
    )  # fmt: skip


def _ended(old: Activation, day: date, basis: str) -> Activation:
    if day < old.since:
        raise Invalid(f"停用日期不能早于启用日期 {old.since:%Y-%m-%d}。", fields={"day": "停用日期过早。"})
    if old.until is not None and day >= old.until:
        raise Invalid(f"该政策已定于 {old.until:%Y-%m-%d} 起停用。", fields={"day": "停用日期应更早。"})
    act = "withdraw" if day == old.since else "end"
    choice = msgspec.structs.replace(old.choice, basis=basis)
    return msgspec.structs.replace(old, id=uuid4(), until=day, act=act, choice=choice, supersedes=old.id)


def _adjusted(old: Activation, change: Adjust) -> tuple[Activation, ...]:
    if change.day < old.since or (old.until is not None and change.day >= old.until):
        raise Invalid("调整日期应在该政策的有效期之内。", fields={"day": "请选择有效期之内的日期。"})
    _check_period(change.day, change.until)
    new = msgspec.structs.replace(
        old, id=uuid4(), since=change.day, until=change.until, choice=change.choice, act="change",
        text=change.text or old.text, plugin=change.plugin or old.plugin,
        pinned_on=None if change.text else old.pinned_on,
    )  # fmt: skip
    if change.day == old.since:
        return (msgspec.structs.replace(new, supersedes=old.id),)
    closed = msgspec.structs.replace(old, id=uuid4(), until=change.day, act="change", supersedes=old.id)
    return closed, msgspec.structs.replace(new, supersedes=None)


def _check_period(since: date, until: date | None) -> None:
    if until is not None and until <= since:
        raise Invalid("停用日期应晚于启用日期。", fields={"until": "停用日期应晚于启用日期。"})


def after(live: Iterable[Activation], added: Iterable[Activation]) -> tuple[Activation, ...]:
    """The live versions once `added` are written: what they supersede is live no more."""
    added = tuple(added)
    gone = {item.supersedes for item in added}
    return (*(item for item in live if item.id not in gone), *added)


def on_way(live: Iterable[Activation], way: Way, moves: Iterable[Move]) -> tuple[Activation, ...]:
    """The activations that reach a unit, or a case that came this way, from the county down; those in force on no day left out.

    Where units have moved, or a case has left one, each is cut to the time in which it reached this one.
    """
    above = lineage(way, moves)
    reaching = [cut for item in live for span in above.get(item.path, ()) if (cut := _cut(item, span))]
    return tuple(sorted(reaching, key=lambda item: (len(item.path), item.plugin, item.since, str(item.id))))


def _cut(item: Activation, span: Span) -> Activation | None:
    since, until = max(item.since, span[0]), min(item.until or date.max, span[1])
    if since >= until:
        return None
    if span == ALWAYS:
        return item
    return msgspec.structs.replace(item, since=since, until=None if until == date.max else until)
