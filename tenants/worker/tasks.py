"""What the worker runs (`dramatiq web.worker`). Every task is made by queue.run.task: once per message.

The day is an argument of each message: a task computes for the day on which it was called for.
"""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timedelta
from uuid import uuid5

from core.casework.acts.attach import clear_strays
from core.changes.minimise.run import go_on, signed
from core.register.finding import work_out_terms
from core.register.roster.batch import forget_old_imports
from tenants import forms
from tenants.counties import CountyView, everywhere
from tenants.database.session import Session
from tenants.exports.make import forget_old_exports, make_export
from tenants.ground.clock import SHANGHAI
from tenants.ground.environment import log_days
from tenants.ground.files import county_files
from tenants.ledger import ask_daily, verify_ledger
from tenants.letters import follow_letter
from tenants.lists import apply_units
from tenants.notices.address import send_code
from tenants.notices.hooks.push import push
from tenants.notices.mail import send_mail
from tenants.notices.produce import notify, remind, remind_these
from tenants.policies import plugins
from tenants.policies.hooks.reactions import react
from tenants.policies.preview.stored import forget_old_previews, preview_part
from tenants.policies.standings import recompute_below, sweep_county, sweep_on
from tenants.queue.broker import broker
from tenants.queue.outbox import enqueue, forget_old_messages
from tenants.queue.run import BEHIND, task
from tenants.rosters import apply_roster, parse_roster, undo_roster
from tenants.worker import process

__all__ = [
    "apply_roster",
    "apply_units",
    "clear_files",
    "enqueue_sweeps",
    "follow_letter",
    "make_export",
    "minimise",
    "notify",
    "parse_roster",
    "preview_part",
    "push",
    "react",
    "recompute_below",
    "remind_these",
    "send_code",
    "send_mail",
    "sweep_county",
    "sweep_on",
    "undo_roster",
    "verify_ledger",
]

FORMS_KEPT = timedelta(days=30)
"""Longer than anybody leaves a page open."""

IMPORTS_KEPT = timedelta(days=30)
"""As long may a roster that was uploaded wait for somebody's word."""

MOST_SEALED = 2_000
"""Files of an earlier release that are sealed in one night: the transaction stays short."""

REMIND_FROM = 6
"""The hour in China from which reminders are made: people find them when they come to work."""

broker.add_middleware(process.Connections())


@task("清理没有用上的上传文件、过期的预览和日志")
async def clear_files(session: Session, today: str) -> None:
    """Remove uploads that came to nothing, once they have lain there for more than a day, previews and exports of yesterday,
    rosters that nobody confirmed, old messages, old logs and what time alone once changed in cases; and for what an earlier
    release left: seal files, work out how people are found."""
    assert session.county_id is not None
    day = datetime.combine(date.fromisoformat(today), time(), SHANGHAI)
    files = county_files(session.county_id)
    await clear_strays(files, day - timedelta(days=1))
    await asyncio.to_thread(files.seal_old, MOST_SEALED)
    await forms.forget(day - FORMS_KEPT)
    await forget_old_previews(session)
    await forget_old_exports(session)
    await work_out_terms()
    await forget_old_imports(day - IMPORTS_KEPT)
    await forget_old_messages(session)
    old = day - timedelta(days=log_days())
    await session.execute("select prune_ledger($1), prune_turned($1)", old)
    if await signed():
        await enqueue(minimise, today=today)


@task("精简到年限的联系信息", priority=BEHIND)
async def minimise(session: Session, today: str) -> None:
    """The next part of a run that two people have signed (core/changes/minimise); the one after it is called for."""
    if await go_on(date.fromisoformat(today)):
        await enqueue(minimise, today=today)


async def enqueue_sweeps(today: date) -> int:
    """Call for the sweep of this day in every county, of standings, of files and of the ledger's seal; in how many it had not
    been called for.

    Calling again on the same day, with the same plugins installed, does nothing.
    """

    async def here(session: Session, county: CountyView) -> int:
        run_id = uuid5(county.id, f"sweep {today.isoformat()} {plugins.fingerprint()}")
        # Several processes may call at the same moment.
        await session.execute(
            "select pg_advisory_xact_lock(hashtextextended('sweep' || $1, 0))", str(county.id)
        )
        if await session.fetchval(_KNOWN, run_id):
            return 0
        await enqueue(sweep_county, run_id=run_id, today=today.isoformat())
        await enqueue(clear_files, today=today.isoformat())
        await ask_daily(session, today)
        return 1

    return await everywhere(here)


async def enqueue_reminders(now: datetime) -> int:
    """Call for the reminders of this day in every county, once the sweep of the night has been; in how many it had not been."""
    local = now.astimezone(SHANGHAI)

    async def here(session: Session, county: CountyView) -> int:
        run_id = uuid5(county.id, f"remind {local.date().isoformat()}")
        if await session.fetchval(_KNOWN, run_id):
            return 0
        await enqueue(remind, run_id=run_id, today=local.date().isoformat())
        return 1

    return await everywhere(here) if local.hour >= REMIND_FROM else 0


_KNOWN = """
    select exists (select from task_run where message_id = $1)
        or exists (select from outbox where run_id = $1)
"""
