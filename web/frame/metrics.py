"""What an operator's Prometheus reads: requests, pool, queue, jobs, disk, parts that fall. Nobody and no county by name.

Queue and jobs are read from where they stand at the moment of the scrape; what each process counts, from all of them together.
"""

from __future__ import annotations

import asyncio
import hmac
import os
from collections import Counter
from collections.abc import Mapping
from ipaddress import ip_address

from litestar import Response, get
from prometheus_client import CONTENT_TYPE_LATEST, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily

from core.errors import NotFound
from tenants.counties import counties
from tenants.database.session import county_session
from tenants.ground.figures import gathered
from tenants.ground.pulse import troubles
from tenants.ground.redis import redis_client
from tenants.ground.space import short_of_space
from tenants.ledger import broken
from tenants.queue.broker import waiting
from tenants.queue.jobs import counted
from web.kit.requests import Request

TOKEN = "DANGWU_METRICS_TOKEN"
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")
"""Whoever comes through a proxy that nobody has named as trusted looks like somebody on this machine."""


@get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response[bytes]:
    """For whoever shows the token, or without one in the settings for this machine alone; for others it is not there."""
    if not _may(request):
        raise NotFound("没有找到您要的内容。")
    by_state: Counter[str] = Counter()
    oldest, suspended, altered, everywhere = 0.0, 0, 0, await counties()
    for county in everywhere:
        suspended += bool(county.suspended_why)
        async with county_session(county.id):
            found, altered = await counted(), altered + await broken()
        by_state.update(found.by_state)
        if not county.suspended_why:
            oldest = max(oldest, found.oldest)
    fallen = [*troubles(), *await short_of_space(redis_client())]
    figures = [
        _gauge("dangwu_counties", "Counties, by whether they are suspended.", "suspended",
               {"no": len(everywhere) - suspended, "yes": suspended}),
        _gauge("dangwu_jobs", "Background jobs of the last 30 days, by state.", "state", by_state),
        GaugeMetricFamily("dangwu_jobs_oldest_seconds", "Age of the oldest message neither done nor given up.", oldest),
        _gauge("dangwu_queue_messages", "Messages in the queue, by what they wait for.", "part", await waiting()),
        GaugeMetricFamily("dangwu_ledger_altered", "Counties whose ledger was not as sealed, when last verified.", altered),
        GaugeMetricFamily("dangwu_troubles", "Parts of the platform that keep falling, and full disks.", len(fallen)),
    ]  # fmt: skip
    said = await asyncio.to_thread(generate_latest, gathered(figures))
    return Response(said, media_type=CONTENT_TYPE_LATEST)


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


def _gauge(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=(label,))
    for value, number in sorted(values.items()):
        family.add_metric((value,), number)
    return family
