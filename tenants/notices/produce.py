"""Notices are made here: after a commit that concerns cases, and once a day before deadlines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from core.actor import Capability
from core.errors import NotFound
from core.events import Happening
from core.notices.inbox import forget_old, tell
from core.notices.model import Found
from core.notices.reckon import reckon, reckon_after
from core.notices.settings import county_days, county_rule, setting
from tenants.accounts.access import actor_for
from tenants.accounts.capabilities import ROLES
from tenants.database.session import Session
from tenants.ground import clock
from tenants.notices.hooks.push import push_now
from tenants.notices.mail import call_mails
from tenants.policies.regimes import regimes_of_paths
from tenants.queue.outbox import enqueue
from tenants.queue.run import BEHIND, task

PART = 100
"""Cases, or accounts, of one message."""

_ACTS: tuple[Capability, ...] = ("case.record", "case.review", "case.return")
_ROLES = sorted(one.id for one in ROLES.values() if not one.capabilities.isdisjoint(_ACTS))


async def hear(happenings: Sequence[Happening]) -> None:
    """What `core.events` tells: who is concerned is worked out after the commit."""
    cases = list(dict.fromkeys(str(one.case) for one in happenings if one.case is not None))
    for start in range(0, len(cases), PART):
        today = max(one.today for one in happenings)
        await enqueue(notify, cases=cases[start : start + PART], today=today.isoformat())


@task("通知有关人员")
async def notify(session: Session, cases: list[str], today: str) -> None:
    """Tell whoever can go on with one of these cases, or has waited for what was decided in it."""
    ids, day = [UUID(one) for one in cases], date.fromisoformat(today)
    told: dict[str, str] = {}
    for account_id in await _concerned(session, ids, day):
        actor = (await actor_for(account_id, day)).actor
        told |= await _tell(session, account_id, await reckon_after(actor, ids, day, await _days(account_id)))
    await push_now(session, told)


async def _concerned(session: Session, cases: list[UUID], today: date) -> list[UUID]:
    """Active accounts that act at or above one of the units, or at the one to which somebody goes."""
    rows = await session.fetch(
        """select distinct a.id from case_file c
           join unit u on starts_with(c.path, u.path) or starts_with(c.to_path, u.path)
           join holding h on h.tenant_id = u.tenant_id and h.unit_id = u.id
           join account a on a.tenant_id = h.tenant_id and a.id = h.account_id and a.active
           where c.id = any($1) and h.role = any($2) and h.since <= $3 and (h.until is null or h.until > $3)
           order by a.id""",
        cases, _ROLES, today,
    )  # fmt: skip
    return [row["id"] for row in rows]


@task("到期提醒", priority=BEHIND)
async def remind(session: Session, today: str) -> None:
    """Call for the reminders of a day, account by account; old notices go."""
    await forget_old()
    rows = await session.fetch("select id from account where active order by id")
    ids = [str(row["id"]) for row in rows]
    for start in range(0, len(ids), PART):
        await enqueue(remind_these, accounts=ids[start : start + PART], today=today)


@task("到期提醒（分批）", priority=BEHIND)
async def remind_these(session: Session, accounts: list[str], today: str) -> None:
    """Tell these accounts what they have to know today."""
    told: dict[str, str] = {}
    for account_id in map(UUID, accounts):
        told |= await remind_one(session, account_id, date.fromisoformat(today))
    await push_now(session, told)


async def remind_one(session: Session, account_id: UUID, today: date) -> dict[str, str]:
    """The same for one; an account that is gone is told nothing. What was new, by occasion."""
    try:
        found = await actor_for(account_id, today)
    except NotFound:
        return {}
    if not found.active:
        return {}
    days, up_days = await _days(account_id), (await county_rule()).up_days
    told = await reckon(found.actor, regimes_of_paths, today, days, up_days)
    return await _tell(session, account_id, told)


async def _tell(session: Session, account_id: UUID, found: Sequence[Found]) -> dict[str, str]:
    """Into the inbox, and by mail for who wants that at once."""
    if told := await tell(account_id, found):
        await call_mails(session, clock.now(), account_id)
    return told


async def _days(account_id: UUID) -> int:
    own = (await setting(account_id)).days
    return await county_days() if own is None else own
