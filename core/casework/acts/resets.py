"""Whoever had a part in resetting somebody's password does not approve what that account does in the days after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from core.actor import Actor
from core.casework.levels import ACTS
from core.casework.model import EntryView
from core.database import fetch
from core.errors import Forbidden
from dangwu import LEVELS as TITLES
from dangwu import rank

DAYS = 30
"""A password that somebody else has had in hand may be used by him: until its owner has surely noticed."""


async def refuse_own_resets(actor: Actor, entries: Sequence[EntryView], level: str) -> None:
    """Raise Forbidden when something in this case was entered, at a level below, from an account that he has helped to reset."""
    below = [
        entry
        for entry in entries
        if entry.kind in ACTS and not actor.did(entry.by_id) and rank(entry.level) < rank(level)
    ]
    if not below:
        return
    resets = await fetch(
        "select account_id, agreed_at from account_reset"
        " where account_id = any($1) and agreed_at is not null and (asked_by = any($2) or agreed_by = any($2))",
        list({entry.by_id for entry in below}), list(actor.accounts),
    )  # fmt: skip
    for reset in resets:
        until = reset["agreed_at"] + timedelta(days=DAYS)
        for entry in below:
            if entry.by_id == reset["account_id"] and reset["agreed_at"] <= entry.at < until:
                raise Forbidden(
                    f"{entry.by_name}的密码或动态口令由您参与重置，此后 {DAYS} 天内用这个账号办理的事项，"
                    f"您不能再以{TITLES[level]}的身份办理：记录与审批须由不同的人承担。请交由{TITLES[level]}的其他人员办理。",
                    code="reset",
                )
