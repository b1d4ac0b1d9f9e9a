"""What has waited for its hour: a digest, a mail of a quiet night. Called each hour (deploy/sweep.py)."""

from __future__ import annotations

from datetime import datetime

from tenants.counties import counties
from tenants.database.session import county_session
from tenants.notices.hooks.push import push_daily
from tenants.notices.mail import call_mails


async def send_waiting(now: datetime) -> int:
    """Call for all mails and pushes that go out now, in every county that is not shut; how many. What was called for while one is
    shut would all go out together once it opens."""
    called = 0
    for county in await counties():
        if county.suspended_why:
            continue
        async with county_session(county.id) as session:
            called += await call_mails(session, now) + await push_daily(session, now)
    return called
