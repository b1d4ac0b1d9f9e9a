"""Somebody or a unit in a round, taken up with his acts and the scheme by which he is rated."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec
from asyncpg import Record

from core.actor import Actor
from core.database import fetch, fetchrow
from core.errors import Conflict, NotFound
from core.paths import unit_of
from core.ratings.model import CONSIDER, Act, ActDraft, KnownFor, Matter, RoundLine, SubjectLine
from core.ratings.queries import ROUND, SUBJECT, SUBJECTS
from core.regimes import RegimeAt
from core.register.rights.holders import holders
from dangwu import Mark, Rated, Regime, Scheme, progress, read_mark

ACT = ", ".join(Act.__struct_fields__)
"""The columns of an act."""
NOBODY = "没有找到这一期评定中的这个人或者这个党组织，可能不在您的管理范围内。请从列表中重新选择。"


async def matter_of(
    actor: Actor,
    subject_id: UUID,
    *,
    regime_for: RegimeAt,
    known_for: KnownFor,
    today: date,
    lock: bool = False,
) -> Matter:
    """Raises NotFound; Conflict where the scheme of the round is gone. `lock`: the round waits until this is written."""
    row = await fetchrow(f"select {SUBJECT} from {SUBJECTS} where s.id = $1", subject_id)
    if row is None or not actor.may("rating.view", row["path"]):
        raise NotFound(NOBODY)
    found = await fetchrow(
        f"select {ROUND} from rating_round r {unit_of('r')} where r.id = $1"
        + (" for update of r" if lock else ""),
        row["round_id"],
    )
    if lock:
        row = await fetchrow(f"select {SUBJECT} from {SUBJECTS} where s.id = $1", subject_id)
    assert row is not None, "a subject is never removed"
    assert found is not None, "nor is its round"
    line, of = subject_line(row), RoundLine(**found)
    regime, scheme, holds = await ruled(of, frozenset(line.tags), regime_for=regime_for, known_for=known_for)
    rows = await fetch(f"select {ACT} from rating_mark where subject_id = $1 order by id", subject_id)
    acts = [act_of(one) for one in rows]
    marks = tuple(mark_of(one) for one in acts if one.act != CONSIDER)
    subject = Rated(frozenset(line.tags), line.membership)
    return Matter(
        line=line, round=of, acts=tuple(acts), marks=marks, subject=subject, scheme=scheme, regime=regime,
        now=progress(scheme, subject, marks, today), holds=holds,
        leads=frozenset(one.person_id for one in await holders(line.unit_id, today)) if of.units else frozenset(),
    )  # fmt: skip


async def ruled(
    of: RoundLine, tags: frozenset[str] = frozenset(), *, regime_for: RegimeAt, known_for: KnownFor
) -> tuple[Regime, Scheme, bool]:
    """The policies and the scheme of a round as on the day on which it was opened, and whether they were in force then.

    What was withdrawn since as though it had never been is read as it was known at the time. Raises Conflict where even then
    there was no such scheme.
    """
    regime = await regime_for(of.path)
    found = regime.ratings(of.opened, tags).get(of.scheme)
    if found is not None:
        return regime, found, True
    regime = await known_for(of.path, of.at)
    found = regime.ratings(of.opened, tags).get(of.scheme)
    if found is None:
        raise Conflict(
            f"{of.opened} 在{of.unit_name}没有“{of.title}”这一评级方案，政策可能已经改动。请把这句话告诉县委组织部的管理员。",
            code="scheme",
        )
    return regime, found, False


def subject_line(row: Record) -> SubjectLine:
    """A database row as SubjectLine."""
    return SubjectLine(**{**row, "tags": tuple(row["tags"]), "proposes": tuple(row["proposes"])})


def act_of(row: Record) -> Act:
    """A database row as Act; of other columns it takes no notice."""
    plain = {
        **{name: row[name] for name in Act.__struct_fields__},
        "papers": tuple(row["papers"]),
        "items": tuple(row["items"]),
    }
    return Act(**{**plain, "evidence": msgspec.json.decode(row["evidence"])})


def mark_of(act: Act | ActDraft) -> Mark:
    """An act as the contract reads it."""
    return read_mark(
        act.act,  # type: ignore[arg-type]
        act.day,
        grade=act.grade,
        own=act.own,
        papers=frozenset(act.papers),
        items=frozenset(act.items),
        evidence=act.evidence,
    )
