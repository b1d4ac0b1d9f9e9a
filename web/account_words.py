"""What was done to an account, as a sentence."""

from __future__ import annotations

from tenants.audit import Entry
from tenants.capabilities import ROLES

_ROLE_VERBS = {"role.granted": "授予", "role.ended": "收回"}


def account_entry(entry: Entry) -> str:
    """授予党支部书记（东泉村党支部），自 2026-03-01 起. Other acts by their title alone."""
    place = f"（{entry.unit_name}）" if entry.unit_name else ""
    verb = _ROLE_VERBS.get(entry.verb)
    if verb is None:
        return entry.title + place
    role = str(entry.detail.get("role", ""))
    title = ROLES[role].title if role in ROLES else role
    return f"{verb}{title}{place}{_days(entry)}"


def _days(entry: Entry) -> str:
    since, until = entry.detail.get("since"), entry.detail.get("until")
    if entry.verb == "role.ended":
        return f"，{until} 起不再有效" if until else ""
    return (f"，自 {since} 起" if since else "") + (f"，{until} 起不再有效" if until else "")
