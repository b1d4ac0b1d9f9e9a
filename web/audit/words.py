"""What was done to accounts and policies, as sentences."""

from __future__ import annotations

from dangwu import titles
from tenants.accounts.capabilities import ROLES
from tenants.audit import Entry
from tenants.policies.shelf import title_named

_ROLE_VERBS = {"role.granted": "授予", "role.ended": "收回"}


_FILTERS = {
    "q": "查找", "unit": "党组织", "membership": "人员类别", "procedure": "流程", "status": "状态", "stage": "阶段",
    "step": "环节", "state": "情况", "reason": "原因", "waits": "等谁办", "due": "期限", "until": "截止日期", "since": "起始日期",
    "stuck": "停滞", "kind": "类别", "lost": "失去联系", "mobile": "流动党员", "year": "年度", "standing": "结果", "sort": "排序",
}  # fmt: skip
"""The kinds of filters by which a list was narrowed; another one is called as in the address."""


def account_entry(entry: Entry) -> str:
    """授予党支部书记（东泉村党支部），自 2026-03-01 起. Other acts by their title alone."""
    place = f"（{entry.unit_name}）" if entry.unit_name else ""
    verb = _ROLE_VERBS.get(entry.verb)
    if verb is None:
        return entry.title + place
    role = str(entry.detail.get("role", ""))
    title = ROLES[role].title if role in ROLES else role
    return f"{verb}{title}{place}{_days(entry)}"


def log_entry(entry: Entry) -> str:
    """The same for the log of all acts: with whom, or which policy, it is about."""
    if entry.verb == "policy.allowance":
        levels = "、".join(titles.level(level) for level in entry.detail.get("levels", ()))
        return f"自选动作：开放{levels}自行增加政策" if levels else "自选动作：各级不能自行增加政策"
    if entry.verb == "policy.supplement":
        return f"{entry.title}：第 {entry.detail.get('number')} 稿"
    if entry.verb == "plugin.failed":
        return f"{entry.title}：{title_named(str(entry.detail['plugin']))}（{entry.detail['events']} 件）"
    if entry.verb.startswith("paper."):
        place = f"（{entry.unit_name}）" if entry.unit_name else ""
        count = f"，{entry.detail['count']} 份" if "count" in entry.detail else ""
        return f"{entry.title}{place}：《{entry.detail['title']}》{count}"
    if entry.verb.startswith("export."):
        by = f"（{entry.detail['by']}要导出的）" if "by" in entry.detail else ""
        return f"{entry.title}{by}：{entry.detail['count']} 人"
    if entry.verb.startswith("people."):
        place = f"（{entry.unit_name}）" if entry.unit_name else ""
        why = entry.detail.get("tag") or entry.detail.get("basis")
        return f"{entry.title}{place}：{entry.detail['count']} 人" + (f"，{why}" if why else "")
    if entry.subject_kind == "activation":
        place = f"（{entry.unit_name}）" if entry.unit_name else ""
        basis = f"，依据：{entry.detail['basis']}" if entry.detail.get("basis") else ""
        return f"{entry.title}{place}：{title_named(str(entry.detail['plugin']))}{_days(entry)}{basis}"
    if entry.verb == "read.list":
        return _list_shown(entry)
    if entry.verb.startswith("read."):
        return f"{entry.title}：{entry.subject_name or entry.subject_id}，{entry.detail.get('purpose', '')}"
    other = entry.subject_name if entry.subject_name != entry.by_name else None
    return account_entry(entry) + (f"：{other}" if other else "")


def _list_shown(entry: Entry) -> str:
    detail = entry.detail
    narrowed = "、".join(_FILTERS.get(name, name) for name in detail.get("filters", ()))
    times = f"{detail['times']} 次，" if detail.get("times", 1) > 1 else ""
    return f"{entry.title}，{times}{detail.get('lines', 0)} 行" + (f"，按{narrowed}筛选" if narrowed else "")


def _days(entry: Entry) -> str:
    since, until = entry.detail.get("since"), entry.detail.get("until")
    if entry.verb == "policy.withdrawn":
        return f"，原定自 {since} 起"
    if entry.verb in ("role.ended", "policy.ended"):
        return f"，{until} 起不再有效" if until else ""
    return (f"，自 {since} 起" if since else "") + (f"，{until} 起不再有效" if until else "")
