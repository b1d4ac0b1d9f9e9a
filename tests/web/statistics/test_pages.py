"""Statistics as a department sees them: a day by what one chooses, a chart, a period that agrees, a workbook."""

from __future__ import annotations

import io
import re
from datetime import date
from urllib.parse import unquote

from openpyxl import load_workbook

from core.register.model import PersonDraft
from core.register.service import enter
from tenants.database.session import county_session
from tenants.exports.make import make_export
from tests.web.conftest import TODAY, Browser, Seeded, everything
from tests.web.working import work


def figures(page: str) -> dict[str, list[str]]:
    """The rows of the table: title → its figures."""
    rows = re.findall(r"<tr>\s*<th>([^<]+)</th>(.*?)</tr>", page, re.S)
    return {
        title: found for title, cells in rows if (found := re.findall(r'<td class="num">([^<]+)</td>', cells))
    }


async def test_a_day_a_period_and_their_workbook(organizer: Browser, county: Seeded) -> None:
    unit = county.units["东街支部"].id
    async with county_session(county.id):
        for name, sex, membership, joined, converted in (
            ("甲", "female", "full", date(1999, 7, 1), date(2000, 7, 1)),
            ("乙", "male", "full", date(2025, 3, 1), date(2026, 3, 1)),
            ("丙", None, "probationary", date(2026, 6, 1), None),
        ):
            person = PersonDraft(
                name=f"统计{name}", sex=sex, membership=membership, joined=joined, converted=converted
            )
            await enter(everything(), unit, person, TODAY)
    page = (await organizer.open(f"/statistics?unit={unit}")).text
    assert '<a href="/statistics" aria-current="page">' in page
    today = figures(page)
    assert today["女"][:2] == ["1", "0"]
    assert today["未登记"][1] == "1"
    assert today["合计"][:2] == ["2", "1"]
    picture = unquote(page.split('src="data:image/svg+xml,')[1].split('"')[0])
    assert "正式党员" in picture
    assert "女" in picture
    past = (await organizer.open(f"/statistics?unit={unit}&day=2025-12-31&by=epoch")).text
    assert figures(past) == {"党的十一届三中全会至党的十八大前": ["1", "0", "1"], "党的十八大以来": ["0", "1", "1"],
                             "合计": ["1", "1", "2"]}  # fmt: skip
    assert "更早的人数按现在登记的" in past
    flows = (await organizer.open(f"/statistics/flows?unit={unit}&since=2026-01-01&until=2026-11-01")).text
    assert list(figures(flows).values()) == [
        ["1", "1", "2"],
        ["0", "+1", "+1"],
        ["+1", "-1", "0"],
        ["2", "1", "3"],
    ]
    await organizer.open(f"/statistics?unit={unit}")
    answer = await organizer.submit(f"/statistics/export?unit={unit}&day=2025-12-31&by=epoch")
    assert (answer.status_code, answer.headers["location"]) == (303, "/exports")
    await work(county, make_export)
    [address] = re.findall(r"/exports/[0-9a-f-]+/file", (await organizer.open("/exports")).text)
    sheet = load_workbook(io.BytesIO((await organizer.open(address)).content)).active
    assert sheet is not None
    assert [cell.value for cell in list(sheet)[-1]] == ["合计", 1, 1, 2]
    assert (await organizer.get("/statistics?day=2999-01-01")).status_code == 422
    assert (await organizer.get("/statistics?by=salary")).status_code == 422
