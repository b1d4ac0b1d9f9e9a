"""What was done to a unit, as a sentence."""

from __future__ import annotations

from typing import Any

from core.organisation.history import FIELD_TITLES, UnitChangeView
from tenants.policies.tags import tag_title

FLAGS = {
    "rural": "农村",
    "community": "社区",
    "student": "学生",
    "mobile": "流动党员组织",
    "joint": "联合党支部",
    "temporary": "临时党支部",
}
"""Marks of a unit that policies may ask for."""


def unit_change(change: UnitChangeView) -> str:
    """名称由“西街支部”改为“西街第一支部”; 由“城关镇党委”调整到“河西乡党委”之下."""
    detail: dict[str, Any] = change.detail
    match change.kind:
        case "created":
            return f"建立，设在“{detail['parent_name']}”之下" if detail.get("parent_name") else "建立党组织"
        case "edited":
            return "；".join(
                f"{FIELD_TITLES.get(field, field)}由“{_value(was)}”改为“{_value(detail['now'][field])}”"
                for field, was in detail["was"].items()
            )
        case "moved":
            return f"由“{detail.get('was_name', '')}”调整到“{detail.get('now_name', '')}”之下"
        case "merged":
            return f"并入“{detail.get('into_name', '')}”：{_carried(detail)}、下级党组织 {detail['units']} 个"
        case "absorbed":
            return f"“{detail['name']}”并入：{_carried(detail)}"
        case "split":
            return f"拆分，划出“{'”“'.join(detail['into_names'])}”：{_divided(detail)}（{detail['paper']}）"
        case "parted":
            return f"由“{detail['name']}”划入：{_divided(detail)}"
        case _:
            return "撤销"


def flag_title(flag: str) -> str:
    """What a mark says of a unit."""
    return FLAGS.get(flag) or tag_title(flag)


def _carried(detail: dict[str, object]) -> str:
    return f"人员 {detail['people']} 名、办理档案 {detail['cases']} 份"


def _divided(detail: dict[str, object]) -> str:
    return f"人员 {detail['people']} 名、下级党组织 {detail['units']} 个"


def _value(value: object) -> str:
    if isinstance(value, list):
        return "、".join(flag_title(flag) for flag in value) or "无"
    return str(value) if value else "无"
