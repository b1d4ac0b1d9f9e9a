"""Changes of policies as the API takes them in."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from tenants.policies.changes import Adjust, Adopt, Change, Choice, End


class ChoiceIn(msgspec.Struct, kw_only=True):
    """Rules left out, rules that are off by default and switched on, blanks filled, the unit's own document."""

    without: list[str] = []
    also: list[str] = []
    fill: dict[str, Any] = {}
    basis: str = ""

    def choice(self) -> Choice:
        """As the domain has it."""
        return Choice(
            without=frozenset(self.without), also=frozenset(self.also), fill=self.fill, basis=self.basis
        )


class AdoptIn(msgspec.Struct, kw_only=True, tag="adopt"):
    """Adopt a plugin from `since` on; `until` is the first day on which it no longer holds. `text`: which one, of the county's
    own supplement."""

    plugin: str
    since: date
    until: date | None = None
    text: str = ""
    choice: ChoiceIn = msgspec.field(default_factory=ChoiceIn)

    def change(self) -> Change:
        """As the domain has it."""
        return Adopt(
            plugin=self.plugin,
            since=self.since,
            until=self.until,
            choice=self.choice.choice(),
            text=self.text,
        )


class AdjustIn(msgspec.Struct, kw_only=True, tag="adjust"):
    """From `day` on, the same plugin with other choices, or by a newer `text` (a card's `newer.text`); "" keeps what it has."""

    activation_id: UUID
    day: date
    until: date | None = None
    text: str = ""
    choice: ChoiceIn = msgspec.field(default_factory=ChoiceIn)

    def change(self) -> Change:
        """As the domain has it."""
        return Adjust(
            activation_id=self.activation_id,
            day=self.day,
            until=self.until,
            choice=self.choice.choice(),
            text=self.text,
        )


class EndIn(msgspec.Struct, kw_only=True, tag="end"):
    """`day` is the first day on which it no longer holds; `basis` the document or reason."""

    activation_id: UUID
    day: date
    basis: str = ""

    def change(self) -> Change:
        """As the domain has it."""
        return End(activation_id=self.activation_id, day=self.day, basis=self.basis)


class ChangeIn(msgspec.Struct):
    """A change at a unit: `change.type` is adopt, adjust or end. With `seen` (from the preview) it is refused with 409 if
    what the preview rested on has changed since."""

    unit_id: UUID
    change: AdoptIn | AdjustIn | EndIn
    seen: str = ""
