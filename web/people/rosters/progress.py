"""How far an import has come, and what becomes of each row."""

from __future__ import annotations

from typing import Annotated

from litestar.params import QueryParameter

from core.register.roster.batch import STATES, Batch

UNFINISHED = frozenset({"uploaded", "confirmed", "undoing"})
"""States in which a task is at work: the page asks again by itself."""

Action = Annotated[str, QueryParameter(max_length=10)]
"""The query parameter `action` of a preview: a key of ACTIONS, "" for all rows."""

ACTIONS = {"error": "有错", "new": "新登记", "changed": "有改动", "same": "没有变化"}


def progress(found: Batch) -> str:
    """How far an import has come, in words; a preview with errors does not wait for anybody's confirmation."""
    if found.state == "parsed" and found.counts.get("error"):
        return "有错，须改正后重新上传"
    if found.state == "parsed" and not found.counts.get("new") and not found.counts.get("changed"):
        return "没有需要导入的内容"
    return STATES.get(found.state, found.state)
