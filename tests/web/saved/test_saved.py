"""A filter kept under a name: opened again, replaced, forgotten; seen by nobody else."""

from __future__ import annotations

import re

from tenants.saved import MOST
from tests.web.conftest import Browser


async def test_a_filter_is_kept_and_forgotten(secretary: Browser, organizer: Browser) -> None:
    assert "保存这些条件" not in (await secretary.open("/cases")).text, "nothing is narrowed"
    page = (await secretary.open("/cases?due=overdue&sort=due")).text
    [query] = re.findall(r'name="query" value="([^"]+)"', page)
    kept = await secretary.submit("/saved", list="/cases", name="逾期的", query=query.replace("&amp;", "&"))
    assert kept.status_code == 303, kept.text
    assert kept.headers["location"] == "/cases?due=overdue&sort=due"
    again = await secretary.submit("/saved", list="/cases", name="逾期的", query="?due=week")
    assert again.status_code == 303
    page = (await secretary.open("/cases")).text
    assert page.count(">逾期的</a>") == 1, "one of the same name takes its place"
    assert 'href="/cases?due=week"' in page
    assert "逾期的" not in (await secretary.open("/people")).text
    assert "逾期的</a>" not in (await organizer.open("/cases")).text
    page = (await secretary.open("/cases?due=week")).text
    [forget] = re.findall(r'action="(/saved/[^"]+/forget)"', page)
    await organizer.open("/")
    assert (await organizer.submit(forget)).status_code == 404
    assert (await secretary.submit(forget)).headers["location"] == "/cases?due=week"
    assert ">逾期的</a>" not in (await secretary.open("/cases")).text


async def test_what_is_no_filter_of_a_list_is_not_kept(secretary: Browser) -> None:
    await secretary.open("/people")
    for of, query in (
        ("/accounts", "?q=a"),
        ("//elsewhere.example", "?q=a"),
        ("/people", ""),
        ("/people", "?q=<b>"),
    ):
        answer = await secretary.submit("/saved", list=of, name="别处", query=query)
        assert answer.status_code == 422, (of, query)
    for number in range(MOST):
        assert (
            await secretary.submit("/saved", list="/people", name=f"第{number}组", query="?q=a")
        ).status_code == 303
    assert (await secretary.submit("/saved", list="/people", name="再一组", query="?q=a")).status_code == 409
