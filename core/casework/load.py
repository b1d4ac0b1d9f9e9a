"""From rows to the contract's Case."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from asyncpg import Record as Row

from core.bulk import many_objects
from core.casework.model import EntryView, LoadedCase, Way
from core.casework.stored import Stored, contract_entries
from core.database import fetch, fetchrow
from dangwu import Case, Entry, Subject

_dates = msgspec.json.Decoder(dict[str, date])
_met = msgspec.json.Decoder(dict[str, int])
_left = msgspec.json.Decoder(tuple[tuple[str, date], ...])

_LEFT = """(
        select json_agg(json_build_array(u.path, v.data ->> 'day') order by v.id) from case_event v
        join unit u on u.id = (v.data ->> 'was')::uuid where v.case_id = c.id and v.kind = 'carried')"""
CASE_COLUMNS = f"""c.id, c.procedure, c.person_id, c.person_name, c.unit_id, c.path, c.started, c.tags, c.dates, c.given,
    c.version, c.status, c.stage, c.membership, c.met, c.to_unit_id, c.to_path, c.beyond, p.born, {_LEFT} as left_units"""
FROM = "from person p join case_file c on c.person_id = p.id"


_stored = msgspec.json.Decoder(list[Stored])
_views = msgspec.json.Decoder(tuple[EntryView, ...])
_ENTRIES = """(
    select coalesce(json_agg(json_build_object('id', id, 'seq', seq, 'kind', kind, 'step', step, 'day', day, 'entered', entered,
        'evidence', evidence, 'note', note, 'attachments', attachments, 'level', level, 'by_id', by_id, 'by_name', by_name,
        'by_unit_id', by_unit_id, 'at', at, 'about', about, 'asks', asks,
        'activity', activity_id) order by seq), '[]')
    from case_entry e where e.case_id = c.id) entries"""


async def load_one(case_id: UUID, *, lock: bool = False) -> LoadedCase | None:
    """One case with its entries, or None: one query. `lock` keeps it for this transaction, by one before it (see `load`)."""
    if lock:
        await keep("c.id = $1", case_id)
    row = await fetchrow(f"select {CASE_COLUMNS}, {_ENTRIES} {FROM} where c.id = $1", case_id)
    if row is None:
        return None
    views = _views.decode(row["entries"])
    return _loaded(row, contract_entries(views), views)


async def ways_carried() -> set[Way]:
    """The ways of all cases that have been at another unit before."""
    rows = await fetch(
        f"""select c.path, {_LEFT} as left_units from case_file c
            where c.id in (select case_id from case_event where kind = 'carried')"""
    )
    return {Way(row["path"], _left.decode(row["left_units"])) for row in rows}


async def load(condition: str, *args: object, lock: bool = False) -> list[LoadedCase]:
    """The cases for which `condition` (on case_file c) holds, to be judged: `entries` stay empty.

    One query; with `lock` one before it. A statement that waits for a lock goes on with the entries that it saw before it
    waited: only the next statement sees what the other transaction has written.
    """
    if lock:
        await keep(condition, *args)
    with many_objects():
        rows = await fetch(
            f"""select {CASE_COLUMNS}, (
                    select coalesce(json_agg(json_build_array(kind, step, day, entered, evidence, id, about) order by seq), '[]')
                    from case_entry e where e.case_id = c.id and kind <> 'note') entries
                {FROM} where {condition} order by c.id""",
            *args,
        )
        return [_loaded(row, contract_entries(_stored.decode(row["entries"]))) for row in rows]


async def load_whole(condition: str, *args: object) -> list[LoadedCase]:
    """The same, each with its entries."""
    rows = await fetch(f"select {CASE_COLUMNS}, {_ENTRIES} {FROM} where {condition} order by c.id", *args)
    views = (_views.decode(row["entries"]) for row in rows)
    return [_loaded(row, contract_entries(one), one) for row, one in zip(rows, views, strict=True)]


async def keep(condition: str, *args: object) -> None:
    """Keep the cases for which `condition` holds, and their people, for this transaction."""
    # The person first, as whoever corrects his file does: two who lock in one order never wait for each other in a circle.
    await fetch(f"select c.id {FROM} where {condition} order by c.id for no key update of p, c", *args)


def _loaded(row: Row, entries: tuple[Entry, ...], views: tuple[EntryView, ...] = ()) -> LoadedCase:
    case = Case(
        subject=Subject(
            row["born"], frozenset(row["tags"]), _dates.decode(row["dates"]), str(row["person_id"])
        ),
        entries=entries,
        procedure=row["procedure"],
        given=_dates.decode(row["given"]),
        met=_met.decode(row["met"]) if row["met"] else {},
    )
    return LoadedCase(
        id=row["id"], procedure=row["procedure"], person_id=row["person_id"], person_name=row["person_name"],
        unit_id=row["unit_id"], path=row["path"], started=row["started"], born=row["born"], version=row["version"],
        status=row["status"], stage=row["stage"], membership=row["membership"], entries=views, case=case,
        left=_left.decode(row["left_units"]) if row["left_units"] else (), to_unit_id=row["to_unit_id"],
        to_path=row["to_path"] or "", beyond=row["beyond"],
    )  # fmt: skip
