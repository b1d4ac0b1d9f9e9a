"""Writing an entry: in the transaction of what it is about, so that neither is there without the other."""

from __future__ import annotations

import os
from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

import msgspec

from core.actor import Actor
from core.database import execute
from core.ledger.origin import origin
from core.ledger.verbs import PASSING, VERBS

_WRITE = """
    insert into ledger_entry (by_id, by_name, acts_for, verb, title, subject_kind, subject_id, unit_id, passing,
                              salt, said, sealed)
    select $1, $2, $3, $4, $5, $6, about.id, $8, $9, about.salt, $12, about.sealed
    from unnest($7::uuid[], $10::bytea[], $11::bytea[]) as about(id, salt, sealed)
"""
_SALT = 16


def seal(said: str) -> tuple[bytes, bytes]:
    """A new salt, and the digest of `said` with it: once both are erased, the digest tells nothing, and stays."""
    salt = os.urandom(_SALT)
    return salt, digest(salt, said)


def digest(salt: bytes, said: str) -> bytes:
    """What stands for the details of an entry in its leaf."""
    return sha256(salt + said.encode()).digest()


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
