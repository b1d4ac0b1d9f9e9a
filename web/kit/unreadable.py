"""Parameters that could not be read, one sentence each: for who writes against the API, or has pasted a page into a search."""

from __future__ import annotations

import re

from litestar.exceptions import HTTPException

from web.kit.requests import Request

_LIMIT = re.compile(r"length <= (\d+)")
"""In the words of the framework."""

LONGEST_HINT = 200
SCHEMA = "/api/v1/openapi.json"


def fields_of(error: HTTPException) -> dict[str, str]:
    """Litestar's list of unreadable parameters, by name. The framework's own words stand in brackets, as a hint."""
    listed = error.extra if isinstance(error.extra, list) else []
    return dict(_said(item) for item in listed if isinstance(item, dict))


def too_long(request: Request, error: HTTPException) -> str:
    """What of an address is longer than it may be, with the limit; "" where that is not what was wrong."""
    listed = error.extra if isinstance(error.extra, list) else []
    for item in listed:
        limit = _LIMIT.search(str(item.get("message", ""))) if isinstance(item, dict) else None
        typed = request.query_params.get(str(item.get("key", ""))) if limit else None
        if limit and isinstance(typed, str):
            return f"要查的内容太长，没有查找：最多 {limit[1]} 个字，现在有 {len(typed)} 个字。请只写姓名、名称或者开头的几个字。"
    return ""


def _said(item: dict[str, object]) -> tuple[str, str]:
    name, remark = str(item.get("key", ""))[:LONGEST_HINT], str(item.get("message", ""))[:LONGEST_HINT]
    if name == "data" and remark == "'data'":
        return name, f"没有收到 JSON 内容。请按接口说明 {SCHEMA} 提交。"
    return name, f"这一项不完整或格式不对，请对照接口说明 {SCHEMA} 改正（{remark}）。"
