"""What an operator's Prometheus reads: queue, jobs, disk, parts that fall. Nothing personal, and no county by name.

Read from where it stands at the moment of the scrape: with several web processes a counter in one of them would tell of a part.
"""

from __future__ import annotations

import hmac
import os
from collections import Counter
from collections.abc import Iterator
from ipaddress import ip_address

from litestar import get

from core.errors import NotFound
from tenants.counties import counties
from tenants.database.session import county_session
from tenants.ground.pulse import troubles
from tenants.ground.redis import redis_client
from tenants.ground.space import short_of_space
from tenants.queue.broker import waiting
from tenants.queue.jobs import counted
from web.kit.requests import Request

TOKEN = "DANGWU_METRICS_TOKEN"
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")
"""Whoever comes through a proxy that nobody has named as trusted looks like somebody on this machine."""


@get("/metrics", include_in_schema=False, media_type="text/plain; version=0.0.4")
async def metrics(request: Request) -> str:
    """For whoever shows the token, or without one in the settings for this machine alone; for others it is not there."""
    if not _may(request):
        raise NotFound("没有找到您要的内容。")
    by_state: Counter[str] = Counter()
    oldest, suspended, everywhere = 0.0, 0, await counties()
    for county in everywhere:
        suspended += bool(county.suspended_why)
        async with county_session(county.id):
            found = await counted()
        by_state.update(found.by_state)
        if not county.suspended_why:
            oldest = max(oldest, found.oldest)
    fallen = [*troubles(), *await short_of_space(redis_client())]
    lines = [
        *_gauge("dangwu_counties", "Counties, by whether they are suspended.",
                {'{suspended="no"}': len(everywhere) - suspended, '{suspended="yes"}': suspended}),
        *_gauge("dangwu_jobs", "Background jobs of the last 30 days, by state.",
                {f'{{state="{state}"}}': number for state, number in sorted(by_state.items())}),
        *_gauge("dangwu_jobs_oldest_seconds", "Age of the oldest message that is neither done nor given up.", {"": oldest}),
        *_gauge("dangwu_queue_messages", "Messages in the queue, by whether they wait for a time.",
                {f'{{part="{part}"}}': number for part, number in (await waiting()).items()}),
        *_gauge("dangwu_troubles", "Parts of the platform that keep falling, and disks that are full.", {"": len(fallen)}),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _may(request: Request) -> bool:
    if wanted := os.environ.get(TOKEN):
        return hmac.compare_digest(
            request.headers.get("authorization", "").encode(), f"Bearer {wanted}".encode()
        )
    host = request.client.host if request.client else ""
    try:
        return ip_address(host).is_loopback and not any(name in request.headers for name in FORWARDED)
    except ValueError:
        return False


def _gauge(name: str, text: str, values: dict[str, float]) -> Iterator[str]:
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} gauge"
    yield from (f"{name}{labels} {value:g}" for labels, value in values.items())
