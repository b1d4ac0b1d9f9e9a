"""What goes along when two files of one person are made one: each table that names a person is here, with what becomes of it."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from core.actor import Actor
from core.database import execute, fetch

Went = dict[str, list[UUID]]
"""Table → the rows that went along."""


class Goes(NamedTuple):
    """How rows `t` of a table are written to the person `k`; `stays` is said of those that he has already."""

    sets: str = "person_id = k.id"
    stays: str = "false"


def _has(table: str, same: str) -> str:
    return f"exists (select from {table} h where h.person_id = k.id and {same})"


GOES = {
    "case_file": Goes("person_id = k.id, person_name = k.name, py = k.py, py_initials = k.py_initials"),
    "case_named": Goes(),
    "person_span": Goes(
        stays=_has(
            "person_span",
            """not h.void and (h.kind, h.word, h.since) = (t.kind, t.word, t.since)
               and h.unit_id is not distinct from t.unit_id and h.ended is not distinct from t.ended""",
        )
    ),
    "person_tag": Goes(
        stays=_has(
            "person_tag",
            "h.tag = t.tag and daterange(h.since, h.ended) && daterange(t.since, t.ended)",
        )
    ),
    "attendance": Goes(stays=_has("attendance", "h.activity_id = t.activity_id")),
    "rating_subject": Goes(stays=_has("rating_subject", "h.round_id = t.round_id")),
    "account": Goes(),
    "unit_guest": Goes(stays=_has("unit_guest", "h.ended is null and t.ended is null")),
    "person": Goes("merged_into = k.id"),
}
"""A case must be written after the name that it repeats."""

STAYS = {
    "person_change": "added to only; the kept file shows both (register.history)",
    "person_term": "by what a file is found follows from its own name",
    "import_row": "the row of a roster and the file that it meant",
    "import_was": "a roster is undone in the file that it has changed, and not after a merge",
    "told_apart": "said of two files",
    "person_merge": "what went along with a file",
    "minimise_person": "a run names a file, and what is empty there stays empty",
    "own_link": "opens the file that it was made for",
    "letter": "one that is out follows the case behind it (transfers.settle); the others keep the name that stands on them",
}
"""Tables that name a person and whose rows stay where they are, with the reason (tests/core/changes/test_goes.py)."""


async def go_along(actor: Actor, gone: UUID, kept: UUID) -> Went:
    """Take all that goes along to the kept one; what went."""
    went: Went = {}
    for table, goes in GOES.items():
        column = goes.sets.split(" ")[0]
        rows = await fetch(
            f"select t.id from {table} t, person k where k.id = $2 and t.{column} = $1 and not ({goes.stays})",
            gone, kept,
        )  # fmt: skip
        went[table] = [row["id"] for row in rows]
    await bring(actor, went, kept)
    return went


async def bring(actor: Actor, went: Went, to: UUID) -> None:
    """Write these rows to this person, with an event in each case."""
    for table, ids in went.items():
        if ids:
            await execute(
                f"update {table} t set {GOES[table].sets} from person k where k.id = $1 and t.id = any($2)",
                to,
                ids,
            )
    await execute(
        """insert into case_event (case_id, kind, data, by_id, by_name)
           select id, 'united', '{}', $2, $3 from unnest($1::uuid[]) id""",
        went["case_file"], actor.id, actor.name,
    )  # fmt: skip
