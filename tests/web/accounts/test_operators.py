"""The platform's operators: out, unless the county has let one in; then under a name of their own, and out again at its word."""

from __future__ import annotations

import pytest
from litestar import Litestar

from core.errors import NotFound
from deploy.opening import ticket_for
from tenants.counties import resume_county, suspend_county
from tenants.database.session import county_session
from tenants.exports.make import make_export
from tenants.queue.outbox import relay_county
from tests.web.conftest import TODAY, Browser, Seeded, browser

FORM = {"name": "李运维", "purpose": "查导入失败的原因", "role": "system-admin"}


async def test_an_operator_is_let_in_seen_and_put_out(app: Litestar, admin: Browser, county: Seeded) -> None:
    with pytest.raises(NotFound, match="没有准许李运维今天进入"):
        await ticket_for(county.slug, "李运维", TODAY)
    await admin.open("/accounts/operators")
    days = {"since": TODAY.isoformat(), "last": TODAY.replace(day=30).isoformat()}
    assert (await admin.submit("/accounts/operators", **FORM, **days)).status_code == 422, "9 days"
    days["last"] = TODAY.replace(day=23).isoformat()
    for role, status in (("department-admin", 422), ("system-admin", 303), ("inspector", 409)):
        answer = await admin.submit("/accounts/operators", **(FORM | {"role": role}), **days)
        assert answer.status_code == status, (role, answer.text)
    with pytest.raises(NotFound):
        await ticket_for(county.slug, "王运维", TODAY)
    address = (await ticket_for(county.slug, "李运维", TODAY)).splitlines()[-1]
    async with browser(app) as operator:
        await operator.open(address)
        assert (await operator.submit(address)).status_code == 303
        assert (
            "经本县准许进入的平台运维人员，准许到 2026-11-24 零时为止"
            in (await operator.open("/people")).text
        )
        assert (await operator.open("/accounts")).status_code == 403
        assert "平台运维·李运维" in (await operator.get("/api/v1/session")).text
        await operator.open("/notices/feeds")
        assert (await operator.submit("/notices/feeds")).status_code == 403, "it would outlive the grant"
        token = {"name": "x", "scopes": ["person.view"], "read_only": True, "days": 300}
        assert (
            await operator.post("/api/v1/session/tokens", json=token, headers={"x-csrftoken": operator.token})
        ).status_code == 403
        async with browser(app) as again:
            await again.open(address)
            assert (await again.submit(address)).status_code == 401, "used"
        said = (await admin.open("/accounts/operators")).text
        assert "最近进入" in said
        [grant] = {part.split("/")[-2] for part in said.split('"') if part.endswith("/revoke")}
        async with browser(app) as organizer:
            await organizer.sign_in(county, "department-organizer")
            assert (await organizer.open("/accounts/operators")).status_code == 403
            assert (await organizer.submit(f"/accounts/operators/{grant}/revoke")).status_code == 403
        assert (await admin.submit(f"/accounts/operators/{grant}/revoke")).status_code == 303
        assert (await operator.open("/people")).status_code == 303, "out at once"
    for verb in ("准许平台运维人员进入", "平台运维人员进入", "收回平台运维人员的准许"):
        assert verb in (await admin.open("/accounts/log")).text
    app.state.today = lambda: TODAY
    assert (await admin.submit("/accounts/operators", **FORM, **days)).status_code == 303
    address = (await ticket_for(county.slug, "李运维", TODAY)).splitlines()[-1]
    async with browser(app) as operator:
        await operator.open(address)
        await operator.submit(address)
        assert (await operator.open("/people")).status_code == 200
        try:
            app.state.today = lambda: TODAY.replace(day=24)
            assert (await operator.open("/people")).status_code == 303, "over by itself"
        finally:
            app.state.today = lambda: TODAY


async def test_a_suspended_county_is_shut_and_waits(
    app: Litestar, organizer: Browser, county: Seeded
) -> None:
    await organizer.open("/people/export")
    assert (await organizer.submit("/people/export", purpose="核对")).status_code == 303
    await suspend_county(county.slug, "合同到期")
    try:
        assert (await organizer.open("/people")).status_code == 303
        async with browser(app) as back:
            answer = await back.sign_in(county, "department-organizer")
            assert (answer.status_code, "暂停使用（合同到期）" in answer.text) == (403, True)
        assert await relay_county(county.id) == 0
        async with county_session(county.id) as session:
            run_id = await session.fetchval(
                "update outbox set sent_at = now() where sent_at is null returning run_id"
            )
        await make_export.fn.__wrapped__(county_id=str(county.id), run_id=str(run_id))  # type: ignore[attr-defined]
    finally:
        await resume_county(county.slug)
    async with county_session(county.id) as session:
        assert await session.fetchval("select sent_at from outbox where run_id = $1", run_id) is None
        assert await session.fetchval("select state from export") == "waiting"
    async with browser(app) as back:
        assert (await back.sign_in(county, "department-organizer")).status_code == 303
