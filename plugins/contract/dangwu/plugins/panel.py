"""What a plugin can show on a page of the platform (`dangwu_panels`): plain text, which the platform lays out."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

PLACES = {"case": "一份档案的页面", "workbench": "工作台"}
"""Where a panel can stand."""

Short = Annotated[str, Meta(min_length=1, max_length=40)]
Text = Annotated[str, Meta(max_length=300)]


class Fact(msgspec.Struct, frozen=True):
    """A line of a panel: what it is about, and what there is to say; `alert`: it wants attention."""

    label: Short
    text: Text
    alert: bool = False


class Panel(msgspec.Struct, frozen=True):
    """A small table with a heading; `note` stands below it in small print."""

    title: Short
    facts: Annotated[tuple[Fact, ...], Meta(max_length=12)] = ()
    note: Text = ""


class Desk(msgspec.Struct, frozen=True):
    """Whose workbench it is, as far as a plugin may know: the levels at which he acts, how many cases wait for him, and how many
    of those that he sees are overdue or due within a week."""

    levels: frozenset[str] = frozenset()
    waiting: int = 0
    due: int = 0


__all__ = ["PLACES", "Desk", "Fact", "Panel"]
