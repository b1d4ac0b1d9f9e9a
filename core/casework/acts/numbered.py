"""A committee gives each number of a letter of introduction once: also one that was lost, refused or written down by mistake."""

from __future__ import annotations

from core.casework.acts.transfer import LETTER, number_of
from core.casework.model import EntryView, LoadedCase
from core.database import execute, fetchval
from core.errors import Conflict

GIVEN = "这个编号已经用过，一个编号只用于一封介绍信；遗失、退回、过期的，补开时也另行编号。请换一个编号。"


async def hold_number(case: LoadedCase, entry: EntryView) -> None:
    """Note the number that a letter has by this entry: a record, a correction, or the grant of one; a request only looks.

    Raises Conflict for a number that another letter has been given, be it at this moment.
    """
    letter, number = _numbered(case, entry)
    if letter is None or not number:
        return
    if entry.kind != "correction-request":
        await execute(
            "insert into letter_number_held (unit_id, number, record_id) values ($1, $2, $3) on conflict do nothing",
            letter.by_unit_id, number, letter.id,
        )  # fmt: skip
    holder = await fetchval(
        "select record_id from letter_number_held where unit_id = $1 and number = $2",
        letter.by_unit_id,
        number,
    )
    if holder not in (None, letter.id):
        raise Conflict(GIVEN, code="number")


def _numbered(case: LoadedCase, entry: EntryView) -> tuple[EntryView | None, str]:
    """The record of the letter that an entry is about, and the number that it gives."""
    if entry.step != LETTER:
        return None, ""
    by_id = {one.id: one for one in case.entries}
    saying = by_id.get(entry.about) if entry.kind == "correction-granted" and entry.about else entry
    if saying is None or saying.kind not in ("record", "correction", "correction-request"):
        return None, ""
    letter = saying if saying.kind == "record" else by_id.get(saying.about) if saying.about else None
    return letter, number_of(saying.evidence)
