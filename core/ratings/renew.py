"""Where everybody stands in the rounds under way, laid out anew: the policies have changed, perhaps for days that are over.

A round is rated by the policies of the day on which it was opened: what comes or goes afterwards leaves it as it is. What is
decided for that very day, or for one before, changes it; and what is withdrawn as though it had never been in force leaves a
round without a scheme: it is kept, read as it was, and waits for nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

import msgspec
from asyncpg import Record

from core.database import execute, fetch
from core.paths import beyond, unit_of
from core.ratings.matter import ACT, act_of, mark_of
from core.ratings.model import CONSIDER, WAITING, WITHDRAWN, Act, RoundLine
from core.ratings.queries import ROUND, SUBJECTS, THERE
from core.regimes import RegimeAt
from dangwu import Progress, Rated, Regime, progress


async def renew(path: str, *, regime_for: RegimeAt, today: date) -> None:
    """Of the rounds at or below a path that are not closed, those withdrawn, and those of which something is still proposed."""
    rows = await fetch(
        f"""select {ROUND} from rating_round r {unit_of("r")} where r.path >= $1 and r.path < $2 and
            (r.closed is null or r.withdrawn is not null
             or exists (select from rating_subject s where s.round_id = r.id and s.listed))""",
        path, beyond(path),
    )  # fmt: skip
    rounds = [RoundLine(**row) for row in rows]
    regimes = {path: await regime_for(path) for path in sorted({one.path for one in rounds})}
    known: dict[tuple[Regime, date], frozenset[str]] = {}
    gone: list[RoundLine] = []
    stand: list[RoundLine] = []
    for one in rounds:
        key = (regimes[one.path], one.opened)
        if key not in known:
            known[key] = frozenset(key[0].ratings(one.opened))
        (stand if one.scheme in known[key] else gone).append(one)
    await _withdraw([one.id for one in gone if one.withdrawn is None], today)
    await _lay_out([one for one in stand if one.withdrawn or one.closed is None], regimes, today)


async def _withdraw(rounds: Sequence[UUID], today: date) -> None:
    """Nothing waits in these any more, and what their grades propose is not considered."""
    await execute(
        "update rating_round set withdrawn = greatest($2, opened), closed = coalesce(closed, greatest($2, opened))"
        " where id = any($1)",
        rounds, today,
    )  # fmt: skip
    await execute(
        "update rating_subject set listed = false, state = case when state = any($2) then $3 else state end"
        " where round_id = any($1)",
        rounds, list(WAITING), WITHDRAWN,
    )  # fmt: skip


async def _lay_out(rounds: Sequence[RoundLine], regimes: dict[str, Regime], today: date) -> None:
    """Where each stands by the acts that were recorded; a round that was withdrawn and holds again waits as it did."""
    by_id = {one.id: one for one in rounds}
    subjects = await fetch(
        "select id, round_id, membership, tags, state, grade, proposes, until, listed from rating_subject"
        " where round_id = any($1)",
        [*by_id],
    )
    acts = await _acts([row["id"] for row in subjects])
    changed = []
    for row in subjects:
        of, done = by_id[row["round_id"]], acts.get(row["id"], [])
        now = _standing(row, of, done, regimes[of.path], today)
        listed = now.state == "closed" and bool(now.proposes) and all(one.act != CONSIDER for one in done)
        stands = {
            "state": now.state,
            "grade": now.grade,
            "proposes": [*now.proposes],
            "until": now.until,
            "listed": listed,
        }
        if any(row[name] != value for name, value in stands.items()):
            changed.append({"id": row["id"], **stands})
    await _write(changed)
    await execute(
        f"""update rating_round r set withdrawn = null, closed = case when exists
                (select from {SUBJECTS} where s.round_id = r.id and s.state = any($2) and {THERE})
                then null else coalesce(closed, greatest($3, opened)) end
            where id = any($1)""",
        [*by_id], list(WAITING), today,
    )  # fmt: skip


async def _acts(subjects: Iterable[UUID]) -> dict[UUID, list[Act]]:
    """What was recorded of each, in the order of writing."""
    rows = await fetch(
        f"select subject_id, {ACT} from rating_mark where subject_id = any($1) order by id", [*subjects]
    )
    found: dict[UUID, list[Act]] = {}
    for row in rows:
        found.setdefault(row["subject_id"], []).append(act_of(row))
    return found


def _standing(row: Record, of: RoundLine, acts: Sequence[Act], regime: Regime, today: date) -> Progress:
    tags = frozenset(row["tags"])
    marks = [mark_of(one) for one in acts if one.act != CONSIDER]
    return progress(regime.ratings(of.opened, tags)[of.scheme], Rated(tags, row["membership"]), marks, today)


async def _write(changed: Sequence[object]) -> None:
    if changed:
        await execute(
            """update rating_subject s set state = n.state, grade = n.grade, proposes = n.proposes, until = n.until,
                   listed = n.listed
               from jsonb_to_recordset($1::jsonb)
                   as n(id uuid, state text, grade text, proposes text[], until date, listed boolean) where s.id = n.id""",
            msgspec.json.encode(changed).decode(),
        )
