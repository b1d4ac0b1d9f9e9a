"""What one exports alone: so many people a day, in one list or in several."""

from __future__ import annotations

from uuid import UUID

from core.extent import Extent
from tenants.accounts.security import rule
from tenants.database.session import current_session
from tenants.exports.service import KEPT

_ALONE = f"""
    select coalesce(sum(total), 0), count(*) from (
        select distinct on (mark) total from export
        where by_id = $1 and mark <> '' and mark <> $2 and id is distinct from $3 and agreed_by is null
            and state in ('waiting', 'done') and at > now() - interval '{KEPT}') had
"""


async def too_many(account_id: UUID, wanted: Extent, export_id: UUID | None = None) -> str:
    """Why a second person must agree to a list of his; "" where none must. The same list once more counts once, and one that has
    been asked for (`export_id`) does not count beside itself."""
    most = (await rule()).export_alone
    row = await current_session().fetchrow(_ALONE, account_id, wanted.mark, export_id)
    before, lists = row or (0, 0)
    if wanted.total > most:
        return f"本县规定，超过 {most} 人的名单须另一位有导出权限的同志同意，这份有 {wanted.total} 人。"
    if wanted.total and before + wanted.total > most:
        return (
            f"本县规定，一人一天自行导出的名单合计不超过 {most} 人。一天之内已有 {lists} 份、{before} 人，"
            f"加上这份 {wanted.total} 人超过了，须另一位有导出权限的同志同意。"
        )
    return ""
