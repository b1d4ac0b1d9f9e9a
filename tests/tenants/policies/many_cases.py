"""Many cases under way, written straight into the tables: histories worked out once by the contract, then copied."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import msgspec

from core.casework.standing.sweep import recompute, running_below
from core.database import connection, fetch
from dangwu import Case, Record, Regime, Subject, evaluate, least, read_record, refusals
from tenants.policies.regimes import regime_of_path

BORN = date(1995, 3, 2)


def histories(regime: Regime, begin: date, today: date) -> list[list[tuple[str, date, dict[str, object]]]]:
    """The records of one case that goes on as fast as it may, cut off after each of them: one
    history per step, as long as the case is running."""
    case, day, told, found = Case(Subject(BORN)), begin, [], []
    while day <= today:
        standing = evaluate(regime, case, day)
        made = next_records(regime, case, day)
        if made is None:
            day = standing.turns or today + timedelta(days=1)
            continue
        for record, evidence in made:
            case = case.with_entry(record)
            told.append((record.step, day, evidence))
        if evaluate(regime, case, today).status != "running":
            break
        found.append(list(told))
    return found


def next_records(regime: Regime, case: Case, day: date) -> list[tuple[Record, dict[str, object]]] | None:
    """The least records that a step which is open on that day asks for, None while there is nothing but to wait."""
    standing = evaluate(regime, case, day)
    for step in standing.open:
        if standing.steps[step].state == "open":
            made = [
                (read_record(step, day, evidence), evidence) for evidence in least(regime, case, step, day)
            ]
            if not refusals(regime, case, made[0][0]):
                return made
    return None


async def plant_cases(unit: UUID, path: str, count: int, begin: date, today: date) -> int:
    """`count` running cases at a unit, spread over all steps, with their standings; how many entries they have."""
    told = histories(await regime_of_path(path), begin, today)
    cases = await plant_files(unit, path, count, begin)
    rows = entry_rows(cases, told, unit)
    await copy_entries(rows)
    await recompute(await running_below(path), today, regime_of_path)
    return len(rows)


async def plant_files(unit: UUID, path: str, count: int, begin: date) -> list[UUID]:
    """`count` people at a unit, each with a running case without entries."""
    people = await fetch(
        "insert into person (name, py, py_initials, born, membership, unit_id, path)"
        " select '申请人' || n, 'shenqingren' || n, 'sqr', $1, 'applicant', $2, $3 from generate_series(1, $4) n returning id",
        BORN, unit, path, count,
    )  # fmt: skip
    cases = await fetch(
        "insert into case_file (procedure, person_id, person_name, py, py_initials, started, status, stage, membership,"
        " computed_on, unit_id, path, confers)"
        " select 'admission', id, name, py, py_initials, $2, 'running', 'application', 'applicant', $2, unit_id, path,"
        " 'membership' from person where id = any ($1) returning id",
        [row["id"] for row in people], begin,
    )  # fmt: skip
    return [row["id"] for row in cases]


def entry_rows(
    cases: list[UUID], told: list[list[tuple[str, date, dict[str, object]]]], unit: UUID
) -> list[tuple[object, ...]]:
    """The cases' entries: histories dealt out in turn."""
    return [
        (case, seq, "record", step, day, day, msgspec.json.encode(evidence).decode(), "branch", unit, "测试")
        for number, case in enumerate(cases)
        for seq, (step, day, evidence) in enumerate(told[number % len(told)], 1)
    ]


async def copy_entries(rows: list[tuple[object, ...]]) -> None:
    """Through a temporary table: COPY cannot write into one with row-level security."""
    names = ["case_id", "seq", "kind", "step", "day", "entered", "evidence", "level", "by_id", "by_name"]
    listed = ", ".join(names)
    await connection().execute(
        f"create temp table entries on commit drop as select {listed} from case_entry with no data"
    )
    await connection().copy_records_to_table("entries", columns=names, records=rows)
    await connection().execute(
        f"insert into case_entry ({listed}) select {listed} from entries; drop table entries"
    )
