"""The yearly tables of a unit: each query once, laid out as yearly.yaml says."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

import msgspec

from core.actor import Actor
from core.errors import Invalid
from core.organisation.access import access_unit
from core.paths import within
from core.statistics.counts import begun, seen
from core.statistics.dimensions import DIMENSIONS
from core.statistics.flows import Change, Flows, laid_out
from core.statistics.stood import MEMBERS
from core.statistics.yearly import people, standing, units
from core.statistics.yearly.checks import checked
from core.statistics.yearly.model import YEARLY, Declared, Figures, Line, Report, Source, Table, Year
from core.statistics.yearly.people import Counted
from core.statistics.yearly.withhold import withheld

Counting = Callable[[Sequence[str], Year, Declared], Awaitable[Figures]]
ALONE: dict[Source, Counting] = {
    "organisations": units.organisations,
    "terms": units.terms,
    "ratings": standing.ratings,
    "disposal": standing.disposal,
    "education": units.education,
    "stages": lambda paths, year, _: people.stages(paths, year),
}
"""What is counted for one table by a query of its own."""
NOT_OF_PEOPLE: frozenset[Source] = frozenset({"organisations", "terms", "education"})
_OPEN = frozenset(one.id for one in YEARLY.tables if one.of in NOT_OF_PEOPLE)


class Wanted(msgspec.Struct, frozen=True):
    """Of which unit (None: all that he sees), of which calendar year."""

    year: int
    unit_id: UUID | None = None


async def report(actor: Actor, wanted: Wanted, today: date) -> Report:
    """Count all tables. Raises NotFound, Forbidden, Invalid for a year that has not begun."""
    paths, year = await seen(actor, wanted.unit_id), _year(wanted.year, today)
    named = (await access_unit(actor, wanted.unit_id, "statistics.view")).name if wanted.unit_id else ""
    since, found = await begun(), Flows(Change(""), (), Change(""), None)
    tables: dict[str, Table] = {}
    if paths:
        counted = await people.counted(paths, year)
        found = laid_out(counted.flow, since)
        tables = await _tables(paths, year, counted, found)
    close = all(path in within(actor, "person.view", path) for path in paths)
    return Report(
        unit=named, year=year, checks=checked(tables, found), begun=since, withheld=not close,
        tables=tuple(one if close or one.id in _OPEN else withheld(one) for one in tables.values()),
    )  # fmt: skip


def _year(number: int, today: date) -> Year:
    if number > today.year:
        raise Invalid(f"{number} 年还没有到。年报只能统计到今年。", fields={"year": "还没有到。"})
    first = date(number, 1, 1)
    return Year(first, min(date(number, 12, 31), today), first - timedelta(days=1))


async def _tables(paths: Sequence[str], year: Year, counted: Counted, found: Flows) -> dict[str, Table]:
    tables = {}
    for one in YEARLY.tables:
        if one.of == "flow":
            tables[one.id] = _table(one, _flow(found))
        elif one.by:
            tables[one.id] = _table(one, _valued(one, counted.by.get(one.id, {})))
        elif one.of not in ALONE:
            tables[one.id] = _table(one, _listed(one, counted.by.get(one.id, {})))
        else:
            figures = await ALONE[one.of](paths, year, one)
            also = counted.gone() if one.of == "disposal" else {}
            tables[one.id] = _table(one, _listed(one, {**figures, **also}))
    return tables


def _table(one: Declared, lines: tuple[Line, ...]) -> Table:
    table = Table(
        id=one.id, title=one.title, columns=tuple(one.columns.values()), lines=lines, total=None,
        source=one.source, unverified=one.unverified, note=one.note,
    )  # fmt: skip
    sums = tuple(table.sum(place) for place in range(len(one.columns)))
    return msgspec.structs.replace(table, total=Line("合计", sums)) if one.total else table


def _flow(found: Flows) -> tuple[Line, ...]:
    ends = (("年初", found.before), *((one.title, one) for one in found.changes), ("年末", found.after))
    return tuple(Line(title, (one.full, one.probationary, one.members)) for title, one in ends)


def _listed(one: Declared, figures: Figures) -> tuple[Line, ...]:
    return tuple(
        Line(title, tuple(figures.get(row, {}).get(column) or 0 for column in one.columns))
        for row, title in one.rows.items()
    )


def _valued(one: Declared, figures: Figures) -> tuple[Line, ...]:
    """A row for each value of the dimension, in its order; what is not registered last, where there is somebody."""
    dimension = DIMENSIONS[one.by]
    lines = [
        Line(title, _people(one, figures.get(value, {})))
        for value, title in dimension.titles.items()
        if value in figures or (title not in one.without and value != "else")
    ]
    return (*lines, *([Line(dimension.unknown, _people(one, figures[""]))] if "" in figures else []))


def _people(one: Declared, counts: Mapping[str, int | float]) -> tuple[int | float, ...]:
    everybody = sum(counts.get(name, 0) for name in MEMBERS)
    known = {**counts, "members": everybody, "people": everybody}
    return tuple(known.get(column, 0) for column in one.columns)
