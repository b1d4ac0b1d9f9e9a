"""What has waited for its hour: a digest, a mail of a quiet night. Called each hour (deploy/sweep.py)."""

from __future__ import annotations

from datetime import datetime

from tenants.counties import CountyView, everywhere
from tenants.database.session import Session
from tenants.notices.hooks.push import push_daily
from tenants.notices.mail import call_mails


async def send_waiting(now: datetime) -> int:
    """Call for all mails and pushes that go out now, in every county that is not shut; how many. What was called for while one is
    shut would all go out together once it opens."""

    async def here(session: Session, _: CountyView) -> int:
        return await call_mails(session, now) + await push_daily(session, now)

    return await everywhere(here)
