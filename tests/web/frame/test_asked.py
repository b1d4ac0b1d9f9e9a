"""A query parameter that nobody reads is refused, on every route: a misspelt filter never shows or exports everybody."""

from __future__ import annotations

import pytest
from litestar import Litestar

from tenants.accounts.capabilities import ROLES
from tests.web.conftest import Browser, Seeded
from tests.web.routes import bare, routes
from web.frame.asked import UNASKED
from web.frame.needs import needs
from web.kit.public import is_public


async def test_every_route_refuses_what_it_does_not_know(
    app: Litestar, admin: Browser, organizer: Browser, secretary: Browser, county: Seeded
) -> None:
    """Asked by somebody who may ask there at all."""
    people = {"department-admin": admin, "department-organizer": organizer, "branch-secretary": secretary}
    some = str(county.units["东街支部"].id)
    asked = 0
    for method, path in routes(app):
        if bare(path) in UNASKED or is_public(method, bare(path)):
            continue
        address = "/".join(
            (some if ":uuid" in part else "x") if part.startswith("{") else part for part in path.split("/")
        )
        words = {*needs()[method, bare(path)]}
        one = next(made for role, made in people.items() if not words or ROLES[role].capabilities & words)
        headers = {"x-csrftoken": one.cookies["csrftoken"]}
        answer = await one.request(method, f"{address}?serach=1", headers=headers)
        assert answer.status_code == 422, (method, path, answer.status_code)
        assert "serach" in answer.text, (method, path)
        asked += 1
    assert asked > 150


@pytest.mark.parametrize("address", ["/people/export", "/cases/export", "/api/v1/imports/export"])
async def test_an_export_with_a_misspelt_filter_exports_nobody(
    organizer: Browser, county: Seeded, address: str
) -> None:
    headers = {"x-csrftoken": organizer.cookies["csrftoken"]}
    sent = (
        {"json": {"purpose": "核对名册"}} if address.startswith("/api") else {"data": {"purpose": "核对名册"}}
    )
    answer = await organizer.post(f"{address}?search=张三", headers=headers, **sent)  # type: ignore[arg-type]
    assert answer.status_code == 422
    assert "不认识参数“search”" in answer.text
    assert (await organizer.get("/api/v1/exports")).json() == []


async def test_what_is_typed_into_a_picker_goes_along(organizer: Browser, county: Seeded) -> None:
    assert (await organizer.get("/people?unit=&unit-q=东街&q=张")).status_code == 200
