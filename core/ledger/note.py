"""Writing an entry: in the transaction of what it is about, so that neither is there without the other."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from core.actor import Actor
from core.database import execute
from core.ledger.hashes import HASHES, hash_of, present
from core.ledger.origin import origin
from core.ledger.verbs import PASSING, VERBS

_WRITE = """
    insert into ledger_entry (by_id, by_name, acts_for, verb, title, subject_kind, subject_id, unit_id, passing,
                              salt, said, sealed)
    select $1, $2, $3, $4, $5, $6, about.id, $8, $9, about.salt, $12, about.sealed
    from unnest($7::uuid[], $10::bytea[], $11::bytea[]) as about(id, salt, sealed)
"""
_WRITE_LISTS = """
    insert into ledger_entry (by_id, by_name, acts_for, verb, title, subject_kind, passing, said, salt, sealed)
    select l.by_id, l.by_name, l.acts_for, 'read.list', l.title, 'list', true, l.said, l.salt, l.sealed
    from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::bytea[], $7::bytea[])
        as l(by_id, by_name, acts_for, title, said, salt, sealed)
"""
_SALT = 16


def seal(said: str) -> tuple[bytes, bytes]:
    """A new salt, and the digest of `said` with it: once both are erased, the digest tells nothing, and stays."""
    salt = os.urandom(_SALT)
    return salt, hash_of(present())(salt + said.encode())


def is_digest(sealed: bytes, salt: bytes, said: str) -> bool:
    """Whether this stands for the details of an entry in its leaf. An entry names no hash: it may be written by one and be closed
    in an epoch by another, and it has to be found either way."""
    content = salt + said.encode()
    return any(by(content) == sealed for by in HASHES.values())


async def note(
    actor: Actor,
    verb: str,
    subject_kind: str,
    subject_id: UUID | None,
    unit_id: UUID | None = None,
    *,
    words: str | None = None,
    **detail: object,
) -> None:
    """Write an entry. Raises LookupError for a verb that is not on the list.

    `words` say what was done, where the verb's own says too little: it is what can be read when nobody knows any more
    what an id stood for. `detail` is JSON: ids, days, settings; never numbers of documents, phone numbers or passwords.
    """
    come = origin()
    if come is not None:
        come.noted += 1
    await _write(actor, verb, subject_kind, [subject_id], unit_id, words, detail)


async def note_reading(actor: Actor, person_ids: Iterable[UUID], what: str, purpose: str) -> None:
    """Write down that he looked at `what` (of READ) of these people, and what for, in one statement."""
    await _write(actor, f"read.{what}", "person", list(person_ids), None, None, {"purpose": purpose})


class Listed(msgspec.Struct, frozen=True):
    """A list of people that somebody was shown: what it is called, and `said` of it (which list, which kinds of filter, how many
    lines; nobody's name)."""

    by_id: UUID
    by_name: str
    acts_for: UUID | None
    title: str
    said: dict[str, object]


async def note_lists(lists: Sequence[Listed]) -> None:
    """Write down that these were looked at, in one statement."""
    said = [msgspec.json.encode(one.said).decode() for one in lists]
    sealed = [seal(one) for one in said]
    await execute(
        _WRITE_LISTS, [one.by_id for one in lists], [one.by_name for one in lists], [one.acts_for for one in lists],
        [one.title for one in lists], said, [salt for salt, _ in sealed], [digest for _, digest in sealed],
    )  # fmt: skip


async def _write(
    actor: Actor,
    verb: str,
    kind: str,
    subjects: list[UUID | None] | list[UUID],
    unit_id: UUID | None,
    words: str | None,
    detail: dict[str, object],
) -> None:
    if verb not in VERBS:
        raise LookupError(f"unknown verb of the ledger {verb!r}")
    come = origin()
    if come is not None:
        detail.setdefault("address", come.address)
    said = msgspec.json.encode(detail).decode()
    sealed = [seal(said) for _ in subjects]
    await execute(
        _WRITE, actor.id, actor.name, actor.acts_for, verb, words or VERBS[verb], kind, subjects, unit_id, verb in PASSING,
        [salt for salt, _ in sealed], [one for _, one in sealed], said,
    )  # fmt: skip
