"""What a source says and a policy does not require: listed, so that every sentence of the source is accounted for."""

from __future__ import annotations

from typing import Annotated

import msgspec


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule of the source that is deliberately not one here: refused with its reason, or for later with what it will be."""

    id: str
    reason: str = ""
    kind: str = ""
    note: str = ""
    basis: str = ""


class Unwritten(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a source calls by its title and says nothing more of (`unwritten`), or says in words that nobody can hold against a
    record (`unchecked`: an attitude, a freedom, advice); `reason`: what of it is missing, or why nothing is asked."""

    id: str
    title: Annotated[str, msgspec.Meta(pattern=r"\S")]
    reason: str = ""


NOTES = {"refused": Note, "later": Note, "unwritten": Unwritten, "unchecked": Unwritten}
"""Where it is listed, each with what it is listed as."""

__all__ = ["NOTES", "Note", "Unwritten"]
