"""The receiver's answer to a letter: in one transaction with its own register; to another county by the one function that may."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.database import execute, fetchrow, fetchval
from core.errors import Conflict, NotFound

SAID = {
    "received": "这封介绍信已经办理接收，不能再办一次。",
    "refused": "这封介绍信已经退回，不能再使用。请由转出一方重新开出。",
    "void": "这封介绍信已由开出的党组织作废，不能接收。请与对方联系，凭重新开出的介绍信办理。",
    "taken": "这封介绍信已经有人在办理接收。请在办理事项中按姓名查找。",
    "late": "接收的日期不在介绍信的有效期内：过期的介绍信作废，请由转出一方说明理由后重新开出。",
    "moved": "对方县的名册中此人已有变动，不能按这封介绍信接收。请与转出的党组织核对。",
}
"""Why an answer is not taken."""


async def answer(letter_id: UUID, to_case: UUID | None, done: str, day: date, said: str, who: str) -> None:
    """Say that a letter is received or refused, or its receipt sent. Raises Conflict where that cannot be, NotFound for another
    county's letter."""
    if to_case is None:
        await _on_paper(letter_id, done, day, said, who)
    else:
        await tell_issuer(letter_id, done, day, said, who, to_case)


async def tell_issuer(letter_id: UUID, done: str, day: date, said: str, who: str, to_case: UUID) -> None:
    """The same to the county that issued it; `taken`: this case of ours is about it. Of two at once one is answered so."""
    outcome = await fetchval(
        "select answer_letter($1, $2, $3, $4, $5, $6)", letter_id, done, day, said, who, to_case
    )
    if outcome == "unknown":
        raise NotFound("没有找到这封介绍信，它可能不是开给本县的。请从列表中重新选择。")
    if outcome:
        raise Conflict(SAID[outcome], code=f"letter-{outcome}")


async def _on_paper(letter_id: UUID, done: str, day: date, said: str, who: str) -> None:
    row = await fetchrow("select issued_on, valid_until from letter where id = $1 for update", letter_id)
    assert row is not None
    if done == "received" and not row["issued_on"] <= day <= row["valid_until"]:
        raise Conflict(SAID["late"], code="letter-late")
    if done == "acknowledged":
        await execute(
            "update letter set receipt_on = $2 where id = $1 and state = 'received'", letter_id, day
        )
        return
    await execute(
        "update letter set state = $2, ended_on = $3, reason = $4, answered_by = $5 where id = $1 and state = 'issued'",
        letter_id, done, day, said if done == "refused" else "", who,
    )  # fmt: skip
