"""The motion that a record puts, whichever of its facets does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dangwu.case.case import Record
from dangwu.facets.registry import kind_of


class Motion(NamedTuple):
    """`name` is "" for the regular motion; `months` what it names; `facet` whose evidence puts it."""

    name: str
    months: int
    facet: str


def motion_in(records: Sequence[Record]) -> Motion | None:
    """The newest motion in these records (oldest first); None where none is put."""
    for record in reversed(records):
        for name, given in record.evidence.items():
            if (kind := kind_of(name)).moves:
                return Motion(*kind.motion(given), name)
    return None
