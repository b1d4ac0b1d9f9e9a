"""What nobody could have filled in is not taken apart, and other sites' pages get nothing done."""

from __future__ import annotations

import pytest

from tests.web.conftest import Browser, Seeded
from tests.web.test_attacks import csrf, is_said

FORM = {"content-type": "application/x-www-form-urlencoded"}


MILLIONS = b"a=&" * 8_000_000


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/sign-in"), ("POST", "/sign-in"), ("POST", "/api/v1/session")]
)
async def test_millions_of_fields_are_not_taken_apart(client: Browser, method: str, path: str) -> None:
    """Signed out: whoever finds the address may send it. It held the process for 18 seconds."""
    answer = await client.request(method, path, content=MILLIONS, headers=FORM)
    assert (answer.status_code, is_said(answer)) == (413, True)


@pytest.mark.parametrize("path", ["/people/import", "/units", "/api/v1/units"])
async def test_nor_for_somebody_who_is_signed_in(admin: Browser, path: str) -> None:
    """Where a large file may be sent, too."""
    answer = await admin.request("GET" if "units" in path else "POST", path, content=MILLIONS, headers=FORM)
    assert (answer.status_code, is_said(answer)) == (413, True)


async def test_a_long_form_is_still_a_form(admin: Browser, county: Seeded) -> None:
    fields = {f"field-{number}": "1" for number in range(900)}
    answer = await admin.submit("/accounts/new", **fields)
    assert answer.status_code == 422


@pytest.mark.parametrize(("path", "kind"), [("/sign-in", "data"), ("/api/v1/session", "json")])
async def test_a_sign_in_is_small(client: Browser, county: Seeded, path: str, kind: str) -> None:
    await client.open("/sign-in")
    said = {"county": county.slug, "login": "a", "password": "x" * 100_000}
    answer = await client.request("POST", path, headers=csrf(client), **{kind: said})  # type: ignore[arg-type]
    assert (answer.status_code, is_said(answer)) == (413, True)


@pytest.mark.parametrize(
    ("said", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 303), ("none", 303)]
)
async def test_another_sites_page_gets_nothing_done_even_with_a_token(
    client: Browser, county: Seeded, said: str, status: int
) -> None:
    """A neighbouring host may have planted the cookie that its token matches."""
    await client.open("/sign-in")
    fields = {"county": county.slug, "login": "inspector", "password": "Dongfeng-2026-xx", "next": "/units"}
    answer = await client.post(
        "/sign-in", data={"_csrf_token": client.token, **fields}, headers={"sec-fetch-site": said}
    )
    assert answer.status_code == status
    assert status == 303 or "不是从本系统打开的" in answer.text


async def test_a_link_from_another_site_still_opens(admin: Browser) -> None:
    assert (await admin.get("/units", headers={"sec-fetch-site": "cross-site"})).status_code == 200
