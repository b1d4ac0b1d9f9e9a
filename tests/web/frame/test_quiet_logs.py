"""Whatever is typed into whatever field or address: no log holds it, no queue, and no key of the cache."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tenants.database.session import county_session, current_session
from tenants.ground.redis import redis_client
from tests.web.cases.seed import applicant, opened
from tests.web.conftest import Browser, Seeded
from tests.web.test_attacks import call, csrf

NUMBER, NAME, PHONE = "11010519491231002X", "欧阳泄漏甲", "13912345678"
MARKS = (NUMBER, NAME, PHONE)
ADDRESSES = (
    "/people?q={}", "/people?unit={}", "/people?after={}", "/find?q={}", "/cases?q={}", "/cases?due={}", "/units?q={}",
    "/accounts?q={}", "/policies/effective?tags={}", "/policies?unit={}", "/people/{}", "/no-such-page/{}",
    "/api/v1/people?unit={}", "/api/v1/units?top={}", "/sign-in?next=/{}",
)  # fmt: skip
DRAFTS: tuple[dict[str, Any], ...] = (
    {"name": NUMBER, "national_id": NAME},
    {"name": NAME, "national_id": NUMBER, "born": "1800-01-01"},
    {"name": NAME, "national_id": NUMBER, "phone": NUMBER},
    {"name": NAME, "address": NUMBER * 50},
    {"name": NAME + "\0", "job": PHONE},
    {"name": NAME, "joined": NUMBER},
)
EVIDENCE: tuple[dict[str, Any], ...] = (
    {"signoff": {NUMBER: NAME}}, {"talk": {"with": [NAME], "by": [NUMBER]}}, {NUMBER: NAME},
    {"vote": {"eligible": NUMBER}}, {"documents": NAME}, {"review": {NAME: NUMBER}},
)  # fmt: skip


async def test_no_log_holds_what_was_typed(
    organizer: Browser,
    secretary: Browser,
    client: Browser,
    county: Seeded,
    capfd: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    logs = list(tmp_path_factory.getbasetemp().glob("servers*/data/logs/*.log"))
    assert {file.name for file in logs} >= {"postgres.log", "valkey.log"}
    for address in ADDRESSES:
        for mark in MARKS:
            assert (await organizer.get(address.format(mark))).status_code < 500
    branch = str(county.units["东街支部"].id)
    # The last is right, and right only once: PostgreSQL's own complaint about the second would quote it.
    for draft in (*DRAFTS, {"name": NAME, "phone": PHONE, "national_id": NUMBER}):
        assert (
            await call(secretary, "POST", "/people", {"unit_id": branch, "draft": draft})
        ).status_code < 500
    async with county_session(county.id):
        case = await opened(county, await applicant(county, NAME), date(2026, 10, 8))
    for evidence in EVIDENCE:
        body = {
            "step": "applicant-talk",
            "day": "2026-11-01",
            "version": 1,
            "evidence": evidence,
            "note": PHONE,
        }
        assert (await call(secretary, "POST", f"/cases/{case}/records", body)).status_code < 500
    await secretary.open(f"/cases/{case}/record/applicant-talk")
    await secretary.submit("/drafts", _draft=f"/cases/{case}/record/applicant-talk", note=" ".join(MARKS))
    file = {"file": (f"{NAME}{NUMBER}.pdf", b"nothing")}
    assert (
        await secretary.post(f"/cases/{case}/attachments", files=file, headers=csrf(secretary))
    ).status_code < 500
    for mark in MARKS:
        await client.open("/sign-in")
        await client.submit("/sign-in", county=county.slug, login=mark, password=NUMBER)
        await client.submit("/sign-in", county=county.slug, login=mark + "\0", password=NUMBER)
    written = "".join(file.read_text(encoding="utf-8", errors="replace") for file in logs)
    said = "".join(capfd.readouterr())
    assert "ERROR" in written, "PostgreSQL has complained, in its log"
    assert "characters" in said, "we have, in ours"
    async with county_session(county.id):
        queued = await current_session().fetch("select message::text as text from outbox")
        audited = await current_session().fetch("select said as text from ledger_entry")
    for mark in MARKS:
        assert mark not in written
        assert mark not in said
        assert not [row for row in (*queued, *audited) if mark in row["text"]]


async def test_no_key_of_the_cache_and_no_value_holds_a_number(organizer: Browser) -> None:
    redis = redis_client()
    keys = await redis.keys("*")
    assert keys
    for key in keys:
        value = str(await redis.get(key)) if await redis.type(key) == "string" else ""
        assert not any(mark in key for mark in MARKS), key
        assert not any(mark in value for mark in (NUMBER, PHONE)), key
