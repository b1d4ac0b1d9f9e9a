"""Whose turn it is to have a workbook made: one person's after another's, one county's beside another's."""

from __future__ import annotations

from uuid import uuid4

import pytest

from tenants.database import shares
from tests.web.conftest import Browser, Seeded
from web.kit import workbook

pytestmark = pytest.mark.anyio


async def asked(organizer: Browser) -> tuple[int, str]:
    answer = await organizer.open(f"/people/import/{uuid4()}/faults")
    return answer.status_code, answer.text


async def test_a_second_workbook_waits_and_is_then_refused(
    organizer: Browser, county: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shares, "PATIENCE_SECONDS", 0.05)
    async with workbook._turns.turn(county.id, uuid4()):
        status, said = await asked(organizer)
    assert status == 409
    assert "本县别的同志正在导出" in said
    async with workbook._turns.turn(uuid4(), uuid4()):
        assert (await asked(organizer))[0] == 404
