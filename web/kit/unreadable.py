"""Parameters that could not be read, one sentence each: for who writes against the API."""

from __future__ import annotations

from litestar.exceptions import HTTPException

LONGEST_HINT = 200
SCHEMA = "/api/v1/openapi.json"


def fields_of(error: HTTPException) -> dict[str, str]:
    """Litestar's list of unreadable parameters, by name. The framework's own words stand in brackets, as a hint."""
    listed = error.extra if isinstance(error.extra, list) else []
    return dict(_said(item) for item in listed if isinstance(item, dict))


def _said(item: dict[str, object]) -> tuple[str, str]:
    name, remark = str(item.get("key", ""))[:LONGEST_HINT], str(item.get("message", ""))[:LONGEST_HINT]
    if name == "data" and remark == "'data'":
        return name, f"没有收到 JSON 内容。请按接口说明 {SCHEMA} 提交。"
    return name, f"这一项不完整或格式不对，请对照接口说明 {SCHEMA} 改正（{remark}）。"
