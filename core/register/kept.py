"""What is held of a person, and why (kept.yaml): each field with its purpose, how long, who sees it, whether it is exported, how
it goes. Data, with a version; a test compares it with the tables (个人信息保护法第十七条、第十九条).
"""

from __future__ import annotations

from importlib.resources import files
from typing import Literal

import msgspec

from core.actor import Capability


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing that is held; `keeping` and `erasing` are keys of the list's own sentences."""

    title: str
    purpose: str
    keeping: str
    sees: tuple[Capability, ...]
    """What somebody needs to see it: all of these."""
    export: Literal["roster", "masked", "none"]
    erasing: str
    sensitive: bool = False
    """个人信息保护法第二十八条."""
    columns: dict[str, tuple[str, ...]] = {}
    """Table → its columns; of what stands elsewhere the whole table."""


class Minimising(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is minimised after so many years; `why` not sooner than after the `least`."""

    title: str
    least: int
    why: str


class KeptList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`fields` are in the register's own tables, `elsewhere` is by the table that has it."""

    version: int
    minimising: dict[str, Minimising]
    keeping: dict[str, str]
    erasing: dict[str, str]
    fields: dict[str, Kept]
    elsewhere: dict[str, Kept]

    @property
    def minimised(self) -> dict[str, Kept]:
        """What serves only to reach somebody: by name the fields that go after some years (core/changes/minimise)."""
        return {name: one for name, one in self.fields.items() if one.keeping == "contact"}

    @property
    def all(self) -> tuple[Kept, ...]:
        """In the order of the list."""
        return (*self.fields.values(), *self.elsewhere.values())


EXPORT = {"roster": "随名册导出", "masked": "只导出一部分；有查看完整号码权限的可导出全号", "none": "不导出"}

KEPT = msgspec.yaml.decode(files(__package__).joinpath("kept.yaml").read_bytes(), type=KeptList)
