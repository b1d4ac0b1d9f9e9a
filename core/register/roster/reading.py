"""Reading an uploaded roster apart: what the file asks for is its own process's, never the worker's or the pages'."""

from __future__ import annotations

from core.apart import Exhausted, Limits, apart
from core.bulk import many_objects
from core.errors import Invalid
from core.register.roster.extent import SAVE_AGAIN
from core.register.roster.sheet import Sheet, kept_sheet, read_roster, restored_sheet
from core.register.roster.workbook import sheets

MIB = 1024 * 1024
LIMITS = Limits(memory=512 * MIB, seconds=60, wall=120, answer=128 * MIB)
"""50,000 people need less than half of each (tests/core/register/roster/test_hostile.py)."""

_EXHAUSTED = (
    f"读取这份名册超过了限度（内存 {LIMITS.memory // MIB} MB、运算 {LIMITS.seconds} 秒），已停止读取，"
    f"名册没有任何改动。{SAVE_AGAIN}"
)


async def read_apart(content: bytes, *, into_branch: bool = False) -> Sheet:
    """The roster in an uploaded file; `into_branch`: all of one branch, which it need not name.

    Raises Invalid for what cannot be read, or not within LIMITS.
    """
    try:
        return restored_sheet(await apart(__name__, bytes([into_branch]) + content, LIMITS))
    except Exhausted as error:
        raise Invalid(_EXHAUSTED, code="exhausted") from error


def work(content: bytes) -> bytes:
    """What runs apart."""
    with many_objects():
        return kept_sheet(read_roster(sheets(content[1:]), into_branch=bool(content[0])))
