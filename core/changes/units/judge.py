"""What each row of a list of organisations would do: a new unit, a change, nothing, or that it cannot be taken."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import msgspec

from core.changes.units.sheet import TITLES, Entry
from core.database import fetch
from core.organisation.access import COLUMNS, unit_view
from core.organisation.history import FIELD_TITLES
from core.organisation.model import KINDS, MAY_STAND_UNDER, UnitView
from core.paths import beyond
from core.register.roster.match import plain_name

FIELDS = ("name", "short_name", "code", "founded")


class Fault(msgspec.Struct, frozen=True):
    """What is wrong: the column's title and a sentence."""

    column: str
    sentence: str


class Change(msgspec.Struct, frozen=True):
    """A field that changes, old and new in words."""

    field: str
    old: str
    new: str


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """`action` new|changed|same|error. `above` is the row (index) or the unit under which it stands; `unit` the one meant."""

    entry: Entry
    action: str
    faults: tuple[Fault, ...] = ()
    changes: tuple[Change, ...] = ()
    unit: UnitView | None = None
    above: int | UnitView | None = None

    @property
    def above_name(self) -> str:
        """Where it stands, if that is a unit that there is."""
        return self.above.short_name if isinstance(self.above, UnitView) else ""


async def judge(entries: Sequence[Entry], top: UnitView) -> list[Verdict]:
    """A verdict for every row, against the tree at and below `top` as it is now; one query."""
    rows = await fetch(
        f"select {COLUMNS} from unit where (path >= $1 and path < $2 and dissolved is null) or code = any($3)",
        top.path, beyond(top.path), [entry.code for entry in entries if entry.code],
    )  # fmt: skip
    return _Ground(entries, top, [unit_view(row) for row in rows]).verdicts()


class _Ground:
    def __init__(self, entries: Sequence[Entry], top: UnitView, units: Sequence[UnitView]) -> None:
        self._entries, self._top = entries, top
        below = [unit for unit in units if unit.path.startswith(top.path) and not unit.dissolved]
        self._by_code = {unit.code: unit for unit in units if unit.code}
        self._units: dict[str, list[UnitView]] = defaultdict(list)
        for unit in below:
            for name in {plain_name(unit.name), plain_name(unit.short_name)}:
                self._units[name].append(unit)
        self._row_of_code = {one.code: place for place, one in enumerate(entries) if one.code}
        self._rows: dict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(entries):
            self._rows[plain_name(one.name)].append(place)
        self._codes = Counter(one.code for one in entries if one.code)
        self._above: dict[int, int | UnitView | Fault] = {
            place: self._parent(place, one) for place, one in enumerate(entries)
        }

    def verdicts(self) -> list[Verdict]:
        """In the order of the sheet."""
        return [self._verdict(place, entry) for place, entry in enumerate(self._entries)]

    def _parent(self, place: int, entry: Entry) -> int | UnitView | Fault:
        """By code, else by name: a row of the list, a unit that there is, or why neither."""
        if code := entry.parent_code:
            if code in self._row_of_code:
                return self._row_of_code[code]
            unit = self._by_code.get(code)
            if unit is not None and unit.path.startswith(self._top.path):
                return unit
            return Fault(
                TITLES["parent_code"],
                f"在表里和“{self._top.name}”之下都没有编码为“{code}”的党组织。请核对编码。",
            )
        if not entry.parent:
            return self._top
        name = plain_name(entry.parent)
        rows = [row for row in self._rows[name] if row != place]
        units = [] if rows else self._units[name]
        if len(rows) + len(units) == 1:
            return rows[0] if rows else units[0]
        if rows or units:
            return Fault(
                TITLES["parent"],
                f"叫“{entry.parent}”的党组织有 {len(rows) + len(units)} 个。请改填上级党组织编码。",
            )
        return Fault(TITLES["parent"], f"在表里和“{self._top.name}”之下都没有“{entry.parent}”。请核对名称。")

    def _verdict(self, place: int, entry: Entry) -> Verdict:
        above = self._above[place]
        faults = [Fault(TITLES[field], sentence) for field, sentence in entry.faults.items()]
        faults += [above] if isinstance(above, Fault) else self._place_faults(place, entry, above)
        unit = self._known(entry, above)
        faults += self._own_faults(place, entry, unit)
        if unit is not None and not isinstance(above, Fault):
            faults += self._moved(entry, unit, above)
        if faults or isinstance(above, Fault):
            return Verdict(entry=entry, action="error", faults=tuple(faults), unit=unit)
        changes = _changes(entry, unit) if unit else ()
        action = "new" if unit is None else "changed" if changes else "same"
        return Verdict(entry=entry, action=action, changes=changes, unit=unit, above=above)

    def _known(self, entry: Entry, above: int | UnitView | Fault) -> UnitView | None:
        """By its code; else by its name under the same parent, or where nothing is said of a parent."""
        if entry.code and entry.code in self._by_code:
            return self._by_code[entry.code]
        same = [one for one in self._units[plain_name(entry.name)] if not (entry.code and one.code)]
        if isinstance(above, int):
            parent = (
                self._known(self._entries[above], self._above[above]) if not self._circular(above) else None
            )
            return next((one for one in same if parent is not None and one.parent_id == parent.id), None)
        if isinstance(above, UnitView):
            mine = [one for one in same if one.parent_id == above.id or one.id == above.id == self._top.id]
            return mine[0] if mine else same[0] if not entry.parent and len(same) == 1 else None
        return None

    def _own_faults(self, place: int, entry: Entry, unit: UnitView | None) -> list[Fault]:
        found = []
        if not entry.name:
            found.append(Fault(TITLES["name"], "没有填写党组织全称。"))
        if entry.code and self._codes[entry.code] > 1:
            found.append(
                Fault(
                    TITLES["code"], f"表里有 {self._codes[entry.code]} 行的编码是“{entry.code}”。请核对编码。"
                )
            )
        twins = [one for one in self._rows[plain_name(entry.name)] if self._above[one] == self._above[place]]
        if entry.name and len(twins) > 1:
            found.append(
                Fault(TITLES["name"], f"同一上级之下，表里有 {len(twins)} 行叫“{entry.name}”。请只保留一行。")
            )
        if unit is not None and not unit.path.startswith(self._top.path):
            found.append(
                Fault(
                    TITLES["code"], f"编码“{entry.code}”已用在“{self._top.name}”以外的党组织上。请核对编码。"
                )
            )
        elif unit is not None and unit.dissolved:
            found.append(
                Fault(
                    TITLES["code"], f"“{unit.name}”已于 {unit.dissolved} 撤销，编码“{entry.code}”不能再用。"
                )
            )
        elif unit is not None and entry.kind and entry.kind != unit.kind:
            found.append(Fault(TITLES["kind"], f"已登记的“{unit.name}”是{KINDS[unit.kind]}，类别不能改动。"))
        return found

    def _place_faults(self, place: int, entry: Entry, above: int | UnitView) -> list[Fault]:
        if self._circular(place):
            return [Fault(TITLES["parent"], "上级党组织绕成了一圈。请核对各行的上级。")]
        kind = above.kind if isinstance(above, UnitView) else self._entries[above].kind
        if self._is_top(entry, above) or not entry.kind or not kind or kind in MAY_STAND_UNDER[entry.kind]:
            return []
        return [Fault(TITLES["parent"], f"{KINDS[entry.kind]}不能设在{KINDS[kind]}之下。请核对上级和类别。")]

    def _is_top(self, entry: Entry, above: int | UnitView) -> bool:
        """Whether a row without a parent speaks of the unit that the list is imported to."""
        return above == self._top and plain_name(entry.name) in {
            plain_name(self._top.name),
            plain_name(self._top.short_name),
        }

    def _moved(self, entry: Entry, unit: UnitView, above: int | UnitView) -> list[Fault]:
        told = entry.parent or entry.parent_code
        if not told or unit.id == self._top.id:
            return []
        parent = (
            above if isinstance(above, UnitView) else self._known(self._entries[above], self._above[above])
        )
        if parent is not None and parent.id == unit.parent_id:
            return []
        return [
            Fault(
                TITLES["parent"], f"“{unit.name}”现在不在“{told}”之下。要改变上级，请在组织页办理“调整隶属”。"
            )
        ]

    def _circular(self, place: int) -> bool:
        seen = {place}
        above = self._above[place]
        while isinstance(above, int):
            if above in seen:
                return True
            seen.add(above)
            above = self._above[above]
        return False


def _changes(entry: Entry, unit: UnitView) -> tuple[Change, ...]:
    """What the list says differently; an empty cell says nothing."""
    said = ((field, getattr(entry, field), getattr(unit, field)) for field in FIELDS)
    return tuple(
        Change(FIELD_TITLES[field], str(old or "（空）"), str(new))
        for field, new, old in said
        if new and new != old
    )
