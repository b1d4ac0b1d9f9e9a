"""What a source says and a policy does not require: listed, so that every sentence of the source is accounted for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

import msgspec

from dangwu.facets.reading import brief

Area = Literal["duty", "rating", "plan", "transfer", "register", "dues", "election", "disposal", "other"]
AREAS: dict[Area, str] = {
    "duty": "经常性职责",
    "rating": "评议评级",
    "plan": "计划",
    "transfer": "关系转接",
    "register": "名册",
    "dues": "党费",
    "election": "换届选举",
    "disposal": "组织处置",
    "other": "其他",
}
"""What a rule for later is about (its `kind`) → how it is called."""


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule of the source that is deliberately not one here: refused with its reason, or for later with what it will be."""

    id: str
    reason: str = ""
    kind: Area = "other"
    note: str = ""
    basis: str = ""

    @property
    def about(self) -> str:
        """What it is about, in words."""
        return AREAS[self.kind]


class Unwritten(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a source calls by its title and says nothing more of (`unwritten`), or says in words that nobody can hold against a
    record (`unchecked`: an attitude, a freedom, advice); `reason`: what of it is missing, or why nothing is asked."""

    id: str
    title: Annotated[str, msgspec.Meta(pattern=r"\S")]
    reason: str = ""


NOTES = {"refused": Note, "later": Note, "unwritten": Unwritten, "unchecked": Unwritten}
"""Where it is listed, each with what it is listed as."""
_ID = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")


def misnamed(notes: Iterable[tuple[int, Any]]) -> Iterator[tuple[int, str]]:
    """(number, clause) for each raw note that is called neither as a rule would be nor by a topic."""
    for number, one in notes:
        name = one.get("id") if isinstance(one, dict) else None
        if isinstance(name, str) and not _ID.fullmatch(name):
            yield (
                number,
                f"id“{brief(name)}”应写作 主题.规则（小写字母、数字和连字符，例如 public.fifteen-days）",
            )


__all__ = ["AREAS", "NOTES", "Note", "Unwritten", "misnamed"]
