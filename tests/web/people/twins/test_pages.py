"""Two files that may be one person's: offered, compared, told apart, made one, made two again."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from core.register.model import PersonDraft
from core.register.service import enter
from tenants.database.session import county_session
from tests.web.conftest import TODAY, Browser, Seeded, everything

BORN = date(1980, 5, 1)


async def entered(county: Seeded, name: str, unit: str = "东街支部", **more: object) -> UUID:
    """Somebody in the register."""
    async with county_session(county.id):
        draft = PersonDraft(name=name, **more)  # type: ignore[arg-type]
        return await enter(everything(), county.units[unit].id, draft, TODAY, distinct=True)


async def offered(browser: Browser, query: str = "") -> list[tuple[set[str], list[str]]]:
    """The pairs that the list has: the ids of the two, and why."""
    items = (await browser.get(f"/api/v1/people/twins{query}")).json()["items"]
    return [({one["one"]["id"], one["other"]["id"]}, one["why"]) for one in items]


async def test_whom_two_files_look_like_is_offered_until_told_apart(
    organizer: Browser, secretary: Browser, county: Seeded
) -> None:
    one = await entered(county, "双生一", born=BORN, phone="13912345678")
    other = await entered(county, "双生一", "上河支部", born=BORN, phone="13912345678")
    third = await entered(county, "双生三", phone="13912345678", education="大专")
    pairs = await offered(organizer)
    assert ({str(one), str(other)}, ["born", "phone"]) in pairs
    assert ({str(one), str(third)}, ["phone"]) in pairs
    branch = await offered(organizer, f"?unit={county.units['东街支部'].id}")
    assert branch == [({str(one), str(third)}, ["phone"])], "both are to be below the unit"
    assert await offered(secretary) == branch, "nobody is told of people whom he does not see"
    assert (await secretary.open(f"/people/twins/{one}/{other}")).status_code == 404
    page = (await organizer.open(f"/people/twins?unit={county.units['东街支部'].id}")).text
    assert f"/people/twins/{min(one, third)}/{max(one, third)}" in page
    assert "手机号相同" in page

    address = f"/people/twins/{one}/{third}"
    page = (await organizer.open(address)).text
    assert "139****5678" in page
    assert "13912345678" not in page
    assert "大专" in page
    assert (await organizer.submit(f"{address}/apart", why="")).status_code == 422
    answer = await organizer.submit(f"{address}/apart", why="夫妻共用一个手机号")
    assert answer.status_code == 303, answer.text
    assert await offered(secretary) == []
    assert (await organizer.submit(f"{address}/apart", why="再说一次")).status_code == 409
    assert "认定和“双生三”不是同一人（夫妻共用一个手机号）" in (await organizer.open(f"/people/{one}")).text
    assert "认定和“双生一”不是同一人（夫妻共用一个手机号）" in (await organizer.open(f"/people/{third}")).text
    page = (await organizer.open(address)).text
    assert "认定这两人不是同一人：夫妻共用一个手机号" in page


async def test_the_list_goes_on_behind_its_last_pair(
    organizer: Browser, county: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        await entered(county, "同名四", born=BORN)
    monkeypatch.setattr("core.register.twins.find.twins.__kwdefaults__", {"after": None, "limit": 2})
    first = (await organizer.get("/api/v1/people/twins")).json()
    found, after = first["items"], first["next"]
    while after:
        following = (await organizer.get(f"/api/v1/people/twins?after={after}")).json()
        found, after = found + following["items"], following["next"]
    pairs = [(one["one"]["id"], one["other"]["id"]) for one in found]
    assert len(first["items"]) == 2
    assert len(set(pairs)) == len(pairs)
    assert len([one for one in found if one["one"]["name"] == "同名四"]) == 3, "each with each"
