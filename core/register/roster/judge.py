"""What each row of a roster would do: enter somebody, change him, nothing, or that it cannot be taken.

The same judgement is made for the preview and again when it is applied, so that nothing slips in between.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

import msgspec
from asyncpg import Record

from core.bulk import many_objects
from core.errors import Invalid
from core.register.check import examine
from core.register.columns import draft_of
from core.register.leaving import told
from core.register.model import PersonDraft, Ties
from core.register.names import one_name
from core.register.numbers import national_id
from core.register.roster.columns import TITLES
from core.register.roster.match import Branches, branches_below, known_ids, people_by_id_number
from core.register.roster.remarks import remarks_on
from core.register.roster.rows import Fault, Given
from core.register.service import FOLLOWS_CASE, MEMBERSHIP_FIELDS

ACTIONS = ("new", "changed", "same", "error")
ELSEWHERE = "此人已登记在导入范围以外的党组织。须先由原党组织办理组织关系转接，名册导入不能直接把人调入。"


class Verdict(msgspec.Struct, frozen=True):
    """`action` is one of ACTIONS; `changes` are fields; `draft` is what the person becomes."""

    given: Given
    action: str
    faults: tuple[Fault, ...] = ()
    changes: tuple[str, ...] = ()
    unit_id: UUID | None = None
    path: str = ""
    person_id: UUID | None = None
    draft: PersonDraft | None = None
    remarks: tuple[Fault, ...] = ()


def counted(counts: Mapping[str, int]) -> str:
    """How many rows are new, changed, the same, wrong: as JSON."""
    return msgspec.json.encode({action: counts.get(action, 0) for action in ACTIONS}).decode()


class Ground(msgspec.Struct, frozen=True):
    """What rows are judged against: the subtree, the day, its branches, ids that come twice, people whose membership follows from
    a case, those who have to stay as they are, with a sentence why; whom of it the register has `known`, and how many ids are
    `unknown` so far."""

    path: str
    today: date
    branches: Branches
    repeated: frozenset[str]
    with_cases: frozenset[UUID]
    barred: Mapping[UUID, str]
    known: frozenset[UUID]
    unknown: int

    async def judging(self, rows: Sequence[Given]) -> Callable[[], list[Verdict]]:
        """How these are judged; one query, for the people whom they speak of."""
        numbered = await asyncio.to_thread(lambda: [(row, _number(row)) for row in rows])
        known = await people_by_id_number(number for _, number in numbered if number)
        return lambda: [_verdict(row, number, known.get(number or ""), self) for row, number in numbered]


async def ground_of(
    rows: Sequence[Given], path: str, today: date, ties: Ties, *, lock: bool = False
) -> Ground:
    """What these rows are judged against: the subtree at `path` as it is now; a few queries. `lock` keeps the people found."""
    with many_objects():
        # Aside: whoever else is served by this process does not wait for 100,000 of them.
        numbers = await asyncio.to_thread(lambda: Counter(filter(None, map(_number, rows))))
        known = await known_ids(numbers, lock=lock)
    return Ground(
        path, today, await branches_below(path),
        frozenset(number for number, count in numbers.items() if count > 1),
        await ties.with_cases(known), await ties.barred(known), frozenset(known), len(numbers) - len(known),
    )  # fmt: skip


def _number(row: Given) -> str | None:
    try:
        return national_id(row.values["national_id"])
    except (KeyError, Invalid):
        return None


def _verdict(row: Given, number: str | None, person: Record | None, ground: Ground) -> Verdict:
    faults = list(row.faults)
    unit_id = _branch(row, ground.branches, faults)
    if person is not None and unit_id is not None and ground.branches.within(unit_id, person):
        unit_id = person["unit_id"]
    if number in ground.repeated:
        faults.append(Fault(TITLES["national_id"], "同一份名册里有两行是这个身份证号码。请只保留一行。"))
    if person is not None and not person["path"].startswith(ground.path):
        return Verdict(row, "error", (*faults, Fault(TITLES["national_id"], ELSEWHERE)))
    if person is not None and person["left_on"]:
        sentence = f"此人{told(person)}，不在册。确已回来的，请先在他的页面重新登记。"
        return Verdict(row, "error", (*faults, Fault(TITLES["national_id"], sentence)))
    old = draft_of(person) if person is not None else None
    faults += _other_name(row, old)
    draft = _merged(row, old, faults, ground.today)
    changes = _changes(old, draft)
    if person is not None and person["id"] in ground.with_cases:
        faults += [Fault(TITLES[field], FOLLOWS_CASE) for field in MEMBERSHIP_FIELDS if field in changes]
    if person is not None and changes and (why := ground.barred.get(person["id"])):
        faults.append(Fault(TITLES[changes[0]], why))
    if faults or draft is None or unit_id is None:
        return Verdict(row, "error", tuple(faults), remarks=row.remarks)
    if person is not None and person["unit_id"] != unit_id:
        changes = (*changes, "unit")
    action = "new" if person is None else "changed" if changes else "same"
    person_id = person["id"] if person is not None else None
    remarks = (*row.remarks, *_renamed(row, ground.branches, unit_id), *remarks_on(draft))
    return Verdict(
        row, action, (), changes, unit_id, ground.branches.path(unit_id), person_id, draft, remarks
    )


def _other_name(row: Given, old: PersonDraft | None) -> Iterator[Fault]:
    name = row.values.get("name")
    if old is not None and name and one_name(name) != one_name(old.name):
        yield Fault(
            TITLES["name"],
            f"这个身份证号码登记的是“{old.name}”，名册写的是“{name}”。请核对号码和姓名；确已更名或登记有误的，"
            "请先在本人页面改正姓名。",
        )


def _renamed(row: Given, branches: Branches, unit_id: UUID) -> Iterator[Fault]:
    name = row.values.get("unit")
    if name and (now := branches.now_called(name, unit_id)):
        yield Fault(TITLES["unit"], f"“{name}”已更名为“{now}”，按现在的党支部读取。", mild=True)


def _branch(row: Given, branches: Branches, faults: list[Fault]) -> UUID | None:
    if "unit" not in row.values:
        return branches.whole
    try:
        return branches.find(row.values["unit"])
    except Invalid as fault:
        faults.append(Fault(TITLES["unit"], fault.sentence, field="unit", heard=row.values["unit"]))
        return None


def _merged(row: Given, old: PersonDraft | None, faults: list[Fault], today: date) -> PersonDraft | None:
    values = {field: value for field, value in row.values.items() if field != "unit"}
    if "name" not in values and old is None:
        return None
    draft = msgspec.structs.replace(old, **values) if old else PersonDraft(**values)
    if "membership" not in values and any(fault.column == TITLES["membership"] for fault in faults):
        # What he is cannot be read: nothing may be said of his dates that rests on a guess.
        draft = msgspec.structs.replace(draft, membership="full")
    clean, found = examine(draft, today)
    said = {fault.column for fault in faults}
    faults += [Fault(TITLES[field], text) for field, text in found.items() if TITLES[field] not in said]
    return clean


def _changes(old: PersonDraft | None, new: PersonDraft | None) -> tuple[str, ...]:
    if old is None or new is None:
        return ()
    return tuple(field for field in new.__struct_fields__ if getattr(old, field) != getattr(new, field))
