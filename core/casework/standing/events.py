"""What happened in cases, for the list of recent events and for what reacts to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from core.actor import Actor
from core.casework.standing.compute import Computed
from core.casework.standing.told import happenings
from core.database import execute
from core.events import tell

KINDS = {
    "opened": "开始办理",
    "taken-over": "接续纸质档案",
    "recorded": "记录",
    "supplemented": "补充材料",
    "corrected": "更正记录",
    "struck": "撤销误记",
    "correction-asked": "请求更正",
    "correction-granted": "同意更正",
    "correction-refused": "不同意更正",
    "returned": "退回",
    "exempted": "同意例外",
    "ended": "终止",
    "reopened": "恢复办理",
    "facts": "变更人员情况",
    "noted": "备注",
    "carried": "随人员转入",
    "united": "随档案合并转入",
    "turned": "到期变化",
}


async def note_event(actor: Actor, kind: str, computed: Computed, **data: object) -> None:
    """Write down one event with where the case stands after it."""
    await note_events(actor, kind, [(computed, data)])


async def note_events(actor: Actor, kind: str, events: Iterable[tuple[Computed, dict[str, Any]]]) -> None:
    """Many events of one kind, in one statement; whoever listens is told what they mean."""
    listed = list(events)
    rows = [
        {"case_id": one.case.id, "data": {**data, "stage": one.standing.stage, "status": one.standing.status}}
        for one, data in listed
    ]
    await execute(
        """insert into case_event (case_id, kind, data, by_id, by_name)
           select n.case_id, $2, n.data, $3, $4 from jsonb_to_recordset($1::jsonb) as n(case_id uuid, data jsonb)""",
        msgspec.json.encode(rows).decode(), kind, actor.id, actor.name,
    )  # fmt: skip
    await tell(told for one, data in listed for told in happenings(kind, one, data))
