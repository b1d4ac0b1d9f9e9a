"""The logins that are shown on the screen, one for each role, and the password of all accounts of the demo."""

from __future__ import annotations

LOGINS = {
    "branch-secretary": "zhibu",
    "branch-organizer": "zhizu",
    "general-branch-secretary": "zongzhi",
    "committee-organizer": "dangwei",
    "committee-secretary": "shuji",
    "department-organizer": "zuzhibu",
    "department-admin": "guanliyuan",
    "inspector": "jiancha",
}
"""Role → login; everybody else's login begins with the same letters and ends in a number."""

PASSWORD = "Qiulan-2026"
"""Everybody's in the demo counties; printed at the start. It meets the rules for passwords."""
