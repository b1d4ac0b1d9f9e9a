"""What changed in a person's file, as a sentence."""

from __future__ import annotations

import msgspec

from core.register.history import FieldChange, PersonChangeView, SpanChange
from core.register.model import FIELD_TITLES
from core.register.rights.spans import SpanDraft
from core.register.rights.words import WORDS
from core.register.values import MEMBERSHIP, SEX, STANDING
from tenants.policies.tags import tag_title

_OTHERS = {"tags": "特征", "unit": "所在党支部"}
_WORDS = {"sex": SEX, "membership": MEMBERSHIP, "standing": STANDING}


def person_change(change: PersonChangeView) -> str:
    """学历由“高中”改为“大专”. Of a number or an address only that it changed."""
    return f"（并入的那一份档案）{_told(change)}" if change.gone else _told(change)


def _told(change: PersonChangeView) -> str:
    if change.span is not None:
        return _span(change, change.span)
    if change.kind == "entered":
        return (
            "导入名册时登记"
            if change.imported
            else f"登记到{change.unit_name}"
            if change.unit_name
            else "登记"
        )
    if change.kind == "carried":
        return f"党组织合并，随之转入{change.unit_name}{_from(change)}"
    if change.kind in ("absorbed", "merged", "severed"):
        return _united(change)
    if change.kind == "apart":
        return f"认定和“{change.name}”不是同一人（{change.reason}）"
    if change.kind == "transferred":
        return _moved(change)
    if change.kind == "arrived":
        return f"从县外转入{change.unit_name}{_from(change)}（凭组织关系介绍信）"
    if change.kind in ("left", "returned"):
        return _gone_or_back(change)
    if change.kind == "followed":
        return f"随办理进程，人员类别变更为“{value_of('membership', change.fields[0].now)}”"
    if change.kind == "minimised":
        return "按本县规定的年限抹去了手机号、固定电话、家庭住址和外出流向，以前变更记录中的也抹去"
    if change.undone:
        return "撤销了一次名册导入，恢复到导入以前的信息"
    if change.imported:
        return f"导入名册时更新了{'、'.join(_title(field) for field in change.fields) or '信息'}"
    if not change.fields:
        return "修改了信息"
    return "；".join(_field(field) for field in change.fields) + _from(change)


def _moved(change: PersonChangeView) -> str:
    if change.paper:
        return f"党支部设置调整，编入{change.unit_name}{_from(change)}（依据：{change.paper}）"
    return f"组织关系转入{change.unit_name}{_from(change)}"


def _span(change: PersonChangeView, span: SpanChange) -> str:
    at = f"（{change.unit_name}）" if change.unit_name else ""
    if span.act == "changed" and span.was and span.now:
        if msgspec.structs.replace(span.was, ended=span.now.ended) == span.now and span.now.ended:
            return (
                f"{_held(span.now)}{at}：{span.now.ended} 起不再{'担任' if change.kind == 'post' else '有'}"
            )
        return f"更正登记：“{_held(span.was)}”改为“{_held(span.now)}”{at}"
    if span.act == "voided" and span.was:
        return f"撤销登记“{_held(span.was)}”{at}：{span.reason}"
    what = "党内职务" if change.kind == "post" else "处分和权利"
    return f"登记{what}：{_held(span.now) if span.now else ''}{at}"


def _held(one: SpanDraft) -> str:
    known = WORDS.posts.get(one.word) or WORDS.limits.get(one.word)
    until = f"，至 {one.ended} 前" if one.ended else ""
    return f"{known.title if known else one.word}，自 {one.since} 起{until}"


def _gone_or_back(change: PersonChangeView) -> str:
    rests = f"，依据：{change.paper}" if change.paper else ""
    why = f"（{change.reason}{rests}）"
    if change.kind == "left":
        return f"{change.title}，自 {change.day} 起不在册{why}"
    if change.mistaken:
        return f"撤销“{change.title}”的登记{why}"
    return f"{change.title}以后重新登记到{change.unit_name}{_from(change)}{why}"


def _united(change: PersonChangeView) -> str:
    if change.kind == "merged":
        return f"并入“{change.name}”的另一份档案（{change.reason}）"
    act = "撤销与" if change.kind == "severed" else "并入"
    fields = "".join(f"；{_field(field)}" for field in change.fields)
    what = f"{act}“{change.name}”的另一份档案{'的合并' if change.kind == 'severed' else ''}"
    return f"{what}（{change.reason}）{fields}"


def _from(change: PersonChangeView) -> str:
    return f"，自 {change.day} 起" if change.day else ""


def _title(change: FieldChange) -> str:
    return _OTHERS.get(change.field) or FIELD_TITLES[change.field]


def _field(change: FieldChange) -> str:
    if not change.shown:
        return f"修改了{_title(change)}"
    return (
        f"{_title(change)}由“{value_of(change.field, change.was)}”改为“{value_of(change.field, change.now)}”"
    )


def value_of(field: str, value: object) -> str:
    """A particular as it is read: 大专, 是, 未填."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(tag_title(tag) for tag in value) or "无"
    return _WORDS.get(field, {}).get(str(value), str(value)) if value else "未填"
