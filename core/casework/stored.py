"""From stored entries to those that the contract judges."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar
from uuid import UUID

import msgspec

from core.casework.model import EntryView, Evidence
from dangwu import (
    Correction,
    End,
    Entry,
    EvidenceError,
    Exemption,
    Facts,
    Mend,
    Record,
    Reopening,
    Return,
    Strike,
    read_record,
    written,
)

log = logging.getLogger(__name__)


class Stored(msgspec.Struct, array_like=True):
    """An entry as far as it is judged by: see EntryView; `evidence` as it lies there, to be read as its types."""

    kind: str
    step: str | None
    day: date
    entered: date
    evidence: dict[str, msgspec.Raw]
    id: str
    about: str | None


class _Facts(msgspec.Struct):
    tags: frozenset[str] | None = None
    dates: dict[str, date] | None = None
    plans: dict[str, tuple[int, ...]] | None = None


View = EntryView | Stored
V = TypeVar("V", EntryView, Stored)


def contract_entries(views: Iterable[V]) -> tuple[Entry, ...]:
    """What counts of a case's entries, oldest first: corrected records stand in the place of the wrong ones."""
    listed = list(views)
    asked = requests(listed)
    return written(entry for view in listed if (entry := contract_entry(view, asked)) is not None)


def requests(views: Iterable[V]) -> dict[str, V]:
    """The requests for a correction or a strike among these entries, by id."""
    return {str(view.id): view for view in views if view.kind in ("correction-request", "strike-request")}


def contract_entry(view: View, asked: Mapping[str, View]) -> Entry | Mend | None:
    """An entry as the contract knows it; a note, or a request as such, is nothing to it. `asked` are the requests by id."""
    if view.kind in ("record", "supplement"):
        return record_of(view)
    if view.kind == "return":
        return Return(view.step or "", view.day)
    if view.kind == "facts":
        facts = msgspec.convert(_plain(view), _Facts)
        return Facts(view.day, facts.tags, facts.dates, facts.plans)
    if view.kind == "exception":
        given = {key: str(value) for key, value in _plain(view).items()}
        return Exemption(view.step or "", given["facet"], given["param"], view.day, by=given["by"])
    if view.kind == "end":
        return End(str(_plain(view)["reason"]), view.day)
    if view.kind == "reopening":
        return Reopening(view.day)
    if view.kind in ("correction", "strike"):
        return _mend(view, view.entered)
    return _mend(asked[str(view.about)], view.entered) if view.kind == "correction-granted" else None


def _plain(view: View) -> Evidence:
    """What it says besides a record's evidence, as builtins."""
    if isinstance(view, EntryView):
        return view.evidence
    return {name: msgspec.json.decode(given) for name, given in view.evidence.items()}


def _mend(view: View, entered: date) -> Mend:
    """What a correction, a strike, or a request for one puts right, as of the day on which that was entered."""
    of, step = str(view.about or ""), view.step or ""
    if view.kind.startswith("strike"):
        return Strike(of, step, view.day)
    made = record_of(view) if of else Record(step, view.day, {}, entered)
    return Correction(of, msgspec.structs.replace(made, entered=entered))


def record_of(view: View) -> Record:
    """What an entry says was done, whether it counts or not."""
    step, day, entered, name = view.step or "", view.day, view.entered, str(view.id)
    try:
        return read_record(step, day, view.evidence, entered=entered, id=name)
    except EvidenceError:
        # What was recorded for a facet whose plugin has been removed stays in the file, and asks nothing any more.
        return Record(step, day, _readable(view.evidence, name), entered, name)


def _readable(evidence: Mapping[str, object], name: str) -> Evidence:
    found: dict[str, object] = {}
    for facet, given in evidence.items():
        try:
            found |= read_record("", date.min, {facet: given}).evidence
        except EvidenceError as error:
            # Not the error itself: it quotes what was recorded about a person.
            log.warning("entry %s: evidence of %s is left out: %s", name, facet, type(error).__name__)
    return found


def is_struck(entries: Sequence[EntryView], record: UUID) -> bool:
    """Whether a record was struck out as made by mistake."""
    asked = requests(entries)
    granted = (asked[str(one.about)] for one in entries if one.kind == "correction-granted")
    strikes = (*(one for one in entries if one.kind == "strike"), *granted)
    return any(one.kind.startswith("strike") and one.about == record for one in strikes)


def valid(entries: Sequence[EntryView], record: EntryView) -> EntryView:
    """What holds now of a record: the newest correction of it, or the request that was granted; itself where there is none."""
    asked = requests(entries)
    newest = record
    for one in entries:
        if one.kind == "correction" and one.about == record.id:
            newest = one
        elif one.kind == "correction-granted" and asked[str(one.about)].about == record.id:
            request = asked[str(one.about)]
            newest = request if request.kind == "correction-request" else newest
    return newest
