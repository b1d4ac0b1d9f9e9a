"""Reading an uploaded roster apart: what the file asks for is its own process's, never the worker's or the pages'."""

from __future__ import annotations

import msgspec

from core.apart import Exhausted, Limits, apart
from core.bulk import many_objects
from core.errors import Invalid
from core.register.roster.extent import SAVE_AGAIN
from core.register.roster.sheet import Roster, Unexplained, kept_roster, read_roster, restored_roster
from core.register.roster.taught import NOTHING, Taught
from core.register.roster.workbook import sheets

MIB = 1024 * 1024
LIMITS = Limits(memory=512 * MIB, seconds=60, wall=300, answer=128 * MIB)
"""100,000 people in 17 columns that are filled in need 380 MB and 25 seconds (tests/core/register/roster/test_hostile.py)."""

_EXHAUSTED = (
    f"读取这份名册超过了限度（内存 {LIMITS.memory // MIB} MB、运算 {LIMITS.seconds} 秒），已停止读取，"
    f"名册没有任何改动。{SAVE_AGAIN}"
)


class _Asked(msgspec.Struct, array_like=True):
    content: bytes
    into_branch: bool
    taught: Taught


async def read_apart(content: bytes, *, into_branch: bool = False, taught: Taught = NOTHING) -> Roster:
    """The roster in an uploaded file; `into_branch`: all of one branch, which it need not name. One whose headings have to
    be explained first is a Roster with a `refusal`.

    Raises Invalid for what cannot be read, or not within LIMITS.
    """
    asked = msgspec.msgpack.encode(_Asked(content, into_branch, taught))
    try:
        return restored_roster(await apart(__name__, asked, LIMITS))
    except Exhausted as error:
        raise Invalid(_EXHAUSTED, code="exhausted") from error


def work(content: bytes) -> bytes:
    """What runs apart."""
    asked = msgspec.msgpack.decode(content, type=_Asked)
    with many_objects():
        try:
            roster = read_roster(sheets(asked.content), into_branch=asked.into_branch, taught=asked.taught)
        except Unexplained as refused:
            roster = Roster(refusal=refused.sentence, headings=refused.headings)
        return kept_roster(roster)
