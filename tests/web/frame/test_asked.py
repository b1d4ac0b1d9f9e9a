"""A query parameter that nobody reads is refused, on every route: a misspelt filter never shows or exports everybody."""

from __future__ import annotations

import pytest
from litestar import Litestar
from litestar.params import ParameterKwarg
from litestar.routes import HTTPRoute

from tenants.accounts.capabilities import ROLES
from tenants.database.session import county_session, current_session
from tenants.listed import write_down
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
    assert (await organizer.get("/units/pick?field=top&top-q=东街")).status_code == 200
    assert (await organizer.get("/people?whoever-q=东街")).status_code == 422, "the list has no such picker"
    await write_down()
    async with county_session(county.id):
        said = await current_session().fetchval(
            "select string_agg(said, '') from ledger_entry where verb = 'read.list'"
        )
    assert "unit-q" in said
    assert "whoever" not in said


async def test_a_word_that_cannot_be_chosen_narrows_nothing_and_is_refused(
    organizer: Browser, admin: Browser
) -> None:
    """Nor is an empty one a failure."""
    for who, address in (
        (organizer, "/notices?which=foo"), (organizer, "/api/v1/notices?which=foo"), (organizer, "/cases?due=foo"),
        (organizer, "/cases/export?due=overdeu"), (organizer, "/api/v1/cases?sort=foo"), (organizer, "/cases?status=foo"),
        (organizer, "/transfers?kind=foo"), (organizer, "/plans/numbers?standing=foo"), (organizer, "/?group=foo"),
        (admin, "/accounts?show=foo"), (admin, "/accounts/log?kind=foo"), (organizer, "/?sort=foo"),
    ):  # fmt: skip
        said = await who.get(address)
        assert (said.status_code, "没有这一种。可以写：" in said.text) == (422, True), address
    for who, address in (
        (organizer, "/plans/draw?unit="),
        (organizer, "/people/new?unit="),
        (organizer, "/cases?due="),
        (organizer, "/?sort="),
        *(
            (admin, f"/policies{page}?unit=")
            for page in ("", "/effective", "/history", "/yakeshi", "/rehearse")
        ),
        *((admin, f"/api/v1/policies{page}?unit=") for page in ("", "/effective", "/history", "/yakeshi")),
        (admin, "/api/v1/policies/effective?day="),
        (admin, "/policies/yakeshi?activation="),
        (admin, "/api/v1/units?top="),
    ):
        assert (await who.get(address)).status_code == 200, address


async def test_what_is_longer_than_anything_of_ours(organizer: Browser) -> None:
    said = await organizer.get("/cases", params={"step": "长" * 401})
    assert (said.status_code, "最多 400 个字" in said.text, len(said.text) < 9_000) == (422, True, True)


async def test_what_is_refused_is_told_without_the_words_of_its_address(
    secretary: Browser, county: Seeded
) -> None:
    assert (await secretary.get("/documents/Zhangsan-13800000000")).status_code in (403, 404)
    assert (await secretary.get("/policies/plugins/Zhangsan-13800000000")).status_code in (403, 404)
    async with county_session(county.id):
        said = await current_session().fetch("select said from ledger_entry where verb = 'act.denied'")
    assert "Zhangsan" not in str(said)


def test_every_number_in_an_address_has_two_ends(app: Litestar) -> None:
    """Those of a column."""
    numbers = {
        (route.path, name): field.kwarg_definition
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler, model in route.route_handler_map.values()
        for signature in (
            handler.parsed_fn_signature,
            *(one.parsed_fn_signature for one in handler.resolve_dependencies().values()),
        )
        for name, field in signature.parameters.items()
        if name in {one.field_name for one in model.expected_query_params}
        and int in (field.annotation, *field.args)
    }
    assert len(numbers) > 4
    for where, kept in numbers.items():
        assert isinstance(kept, ParameterKwarg), where
        assert kept.ge is not None, where
        assert kept.le is not None, where
        assert kept.le < 2**31, where


async def test_a_search_that_is_too_long_is_told_how_long_it_may_be(secretary: Browser) -> None:
    for address in ("/people", "/cases", "/cases/new", "/find", "/api/v1/people"):
        answer = await secretary.get(address, params={"q": "张" * 150})
        assert answer.status_code == 400, address
        assert "最多 100 个字，现在有 150 个字。" in answer.text, address
