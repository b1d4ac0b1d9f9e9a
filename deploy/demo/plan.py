"""What a demo county is made of, as plain values: its committees, their branches, and the policies that it adopts."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec


class Committee(msgspec.Struct, frozen=True):
    """A committee and its branches. `domain` (town, street, organs, school, health, company, estate) says how its branches
    are named and who belongs to them; `general` are general branches: name → branches below it."""

    domain: str
    name: str
    branches: tuple[str, ...]
    general: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Adopted(msgspec.Struct, frozen=True, kw_only=True):
    """A policy that the department (or the committee `at`) has adopted, and on what grounds."""

    plugin: str
    since: date
    at: str = ""
    without: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    fill: dict[str, Any] = msgspec.field(default_factory=dict)
    basis: str = ""


class County(msgspec.Struct, frozen=True, kw_only=True):
    """A demo county. No such county exists; `area` is an area code, `dial` a dialling code that nobody has been given.

    The demo's sign-ins belong to the branch `branch` and to the committee above it.
    """

    slug: str
    name: str
    area: str
    dial: str
    phone: str
    seed: int
    opened: date
    branch: str
    committees: tuple[Committee, ...]
    adopted: tuple[Adopted, ...]
    rated: tuple[str, ...] = ()
    """Schemes by which units are rated this year."""
    minorities: tuple[tuple[str, float], ...] = ()


def words(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())
