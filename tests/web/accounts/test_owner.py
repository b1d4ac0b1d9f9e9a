"""Who of the register uses an account: of himself nobody decides, and nothing of his own waits for him."""

from __future__ import annotations

import re
from datetime import date

from core.register.model import PersonDraft
from core.register.service import enter
from tenants.database.session import county_session, current_session
from tests.web.cases.seed import applicant, opened
from tests.web.conftest import TODAY, Browser, Seeded, everything


async def test_whoever_uses_an_account_has_no_part_in_his_own_affairs(
    admin: Browser, secretary: Browser, county: Seeded
) -> None:
    async with county_session(county.id):
        person = await applicant(county, "自办人")
        case = await opened(county, person)
        other = await enter(everything(), county.units["东街支部"].id, PersonDraft(name="自办人"), TODAY)
        account = await current_session().fetchval("select id from account where login = 'branch-secretary'")
        own = await current_session().fetchval("select id from account where login = 'department-admin'")
    page, record = f"/accounts/{account}", f"/cases/{case}/record/applicant-talk"
    assert record in (await secretary.open("/")).text
    assert (await secretary.open(record)).status_code == 200
    await admin.open(page)
    asked = await admin.submit(f"{page}/person", name="自办人")
    assert asked.status_code == 422
    assert "请在下面选择是哪一位" in asked.text
    assert {str(person), str(other)} <= set(re.findall(r'name="person" value="([^"]+)"', asked.text))
    chosen = await admin.submit(f"{page}/person", name="自办人", person=str(person))
    assert chosen.status_code == 303, chosen.text
    shown = (await admin.open(page)).text
    assert f'<a href="/people/{person}">自办人</a>' in shown
    assert "登记账号的使用人" in shown, "it stands in the log"
    assert (
        await admin.submit(f"/accounts/{own}/person", name="自办人", person=str(person))
    ).status_code == 403
    assert record not in (await secretary.open("/")).text
    refused = await secretary.open(record)
    assert refused.status_code == 403
    assert "这是您本人的事项，由您本人回避" in refused.text
    body = {"step": "applicant-talk", "day": str(date(2025, 3, 20)), "version": 1, "evidence": {}}
    headers = {"x-csrftoken": secretary.cookies["csrftoken"]}
    sent = await secretary.post(f"/api/v1/cases/{case}/records", json=body, headers=headers)
    assert (sent.status_code, sent.json()["code"]) == (403, "himself")
    look = (await secretary.open(f"/cases/{case}")).text
    assert "记录…" not in look
    await admin.open(page)
    assert (await admin.submit(f"{page}/person", name="外来人")).status_code == 303
    assert (await secretary.open(record)).status_code == 200, "nobody of the register: as before"
