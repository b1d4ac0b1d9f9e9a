"""Rows that would enter somebody like one whom the county has without a number: said in the preview, and in nobody's way."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from core.register.alike import Entered, entered, same_name_and_birth, told
from core.register.roster.columns import TITLES
from core.register.roster.judge import Verdict
from core.register.roster.rows import Fault

BEYOND = "导入范围以外的党组织"


async def with_likeness(verdicts: Sequence[Verdict], path: str) -> list[Verdict]:
    """The same with a remark on each such row; one query for all of them. Of whoever is outside the subtree at `path`, all
    that is said is that there is somebody."""
    asked = [_entered(one) for one in verdicts]
    alike = await same_name_and_birth({one for one in asked if one})
    if not alike:
        return list(verdicts)
    said = {one: _remark(told(rows, lambda at: at.startswith(path), BEYOND)) for one, rows in alike.items()}
    return [
        msgspec.structs.replace(verdict, remarks=(*verdict.remarks, said[one])) if one in said else verdict
        for verdict, one in zip(verdicts, asked, strict=True)
    ]


def _entered(verdict: Verdict) -> Entered | None:
    return entered(verdict.draft) if verdict.action == "new" and verdict.draft is not None else None


def _remark(where: str) -> Fault:
    return Fault(
        TITLES["name"],
        f"本县名册或历史党员中有同名、同一天出生、没有登记身份证号码的人：{where}。请核对是不是同一人：是同一人的，"
        "先在他的页面补登身份证号码，再重新上传，就按同一人更新；是另一个人的，不必改动。",
        mild=True,
    )
