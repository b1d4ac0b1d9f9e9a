"""What was only shown beforehand, or refused by what it would do, is not in the ledger as done."""

from __future__ import annotations

import pytest

from tenants.database.session import county_session
from tests.web.conftest import TODAY, Browser, Seeded
from tests.web.forms import Read
from tests.web.test_attacks import call

pytestmark = pytest.mark.anyio


async def done(county: Seeded) -> list[str]:
    """What the ledger says was done."""
    async with county_session(county.id) as session:
        found = await session.fetch(
            "select verb from ledger_entry where verb not like 'read.%' and verb not like 'account.sign%'"
        )
    return [row["verb"] for row in found]


@pytest.mark.parametrize("act", ["move", "merge", "split"])
async def test_what_an_act_on_a_branch_would_mean_is_only_shown(
    admin: Browser, county: Seeded, act: str
) -> None:
    east, west = county.units["东街支部"], county.units["上河支部"]
    at = f"/units/{east.id}/{act}"
    form = Read((await admin.open(at)).text).form(at)
    assert form is not None
    above = next(one for one in county.units.values() if one.path == west.path.rsplit("/", 2)[0] + "/")
    asked = {
        "move": {"parent": str(above.id)},
        "merge": {"into": str(west.id)},
        "split": {"more": "1"},
    }[act]
    before = await done(county)
    answer = await admin.submit(at, **form.sent(**{name: [one] for name, one in asked.items()}))
    assert answer.status_code == 200, answer.text
    assert await done(county) == before


async def test_a_policy_that_is_only_tried_is_not_done(admin: Browser, county: Seeded) -> None:
    before = await done(county)
    answer = await call(admin, "POST", "/policies/supplement/check", {"text": "x: 1"})
    assert answer.status_code in (200, 422)
    root = str(county.units["组织部"].id)
    change = {
        "unit_id": root,
        "change": {"type": "withdraw", "plugin": "national", "from": TODAY.isoformat()},
    }
    assert (await call(admin, "POST", "/policies/preview", change)).status_code < 500
    assert await done(county) == before


async def test_what_a_program_may_try_says_so_of_itself(admin: Browser) -> None:
    tried = {
        path
        for route in admin.app.routes
        for handler in getattr(route, "route_handlers", ())
        if handler.opt.get("only_tries")
        for path in handler.paths
    }
    assert len(tried) == 8, sorted(tried)
