"""Which document says what a table of ours holds (terms.yaml, branches.yaml, words.yaml): its sources, and clauses of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

Checked = Literal["verified", "second-hand", "unverified"]
"""As in a policy's file: compared with the text, reported by somebody else, or neither."""


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A document."""

    title: str
    year: int


class Cite(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A clause of one of the sources."""

    source: str
    clause: str


def cited(sources: Mapping[str, Source], cite: Cite) -> str:
    """《中国共产党章程》第七条。"""
    return f"《{sources[cite.source].title}》{cite.clause}"
