"""CSRF, the content security policy, and what stays in caches."""

from __future__ import annotations

import re

import pytest
from litestar import Litestar

from tests.web.conftest import Browser, Seeded
from tests.web.routes import bare, routes
from web.frame.security import HEADERS
from web.kit.static_files import static


async def test_a_form_without_its_token_is_refused_in_a_sentence(admin: Browser, county: Seeded) -> None:
    unit = county.units["东街支部"].id
    for data in ({}, {"_csrf_token": "x"}, {"_csrf_token": "ab" * 64}):
        answer = await admin.post(f"/units/{unit}/dissolve", data={"day": "2026-11-01", **data})
        assert answer.status_code == 403
        assert "不是从本系统打开的" in answer.text


async def test_another_visitors_token_does_not_do(admin: Browser, client: Browser, county: Seeded) -> None:
    await client.open("/sign-in")
    assert client.token != admin.token
    answer = await admin.post("/sign-out", data={"_csrf_token": client.token})
    assert answer.status_code == 403


async def test_the_api_wants_the_header(admin: Browser, county: Seeded) -> None:
    unit = county.units["东街支部"].id
    answer = await admin.post(f"/api/v1/units/{unit}/dissolve", json={"version": 0, "day": "2026-11-01"})
    assert answer.status_code == 403
    assert answer.json()["code"] == "csrf"
    assert "x-csrftoken" in answer.json()["sentence"]


@pytest.mark.parametrize(
    "address", ["/sign-in", "/units", "/no-such-page", "/api/v1/openapi.json", "/api/v1/units"]
)
async def test_every_answer_carries_the_headers(client: Browser, address: str) -> None:
    answer = await client.open(address)
    for name, value in HEADERS.items():
        assert answer.headers[name] == value
    assert answer.headers["cache-control"] == "no-store"


async def test_static_files_may_be_kept_for_ever_because_their_name_changes(client: Browser) -> None:
    address = static("base.css")
    answer = await client.open(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert re.fullmatch(r"/static/base\.css\?v=[0-9a-f]{12}", address)


@pytest.mark.parametrize("address", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py"])
async def test_static_files_are_those_and_no_others(client: Browser, address: str) -> None:
    assert (await client.open(address)).status_code in (303, 400, 404)


async def test_no_page_has_a_script_or_a_style_of_its_own(
    app: Litestar, organizer: Browser, county: Seeded
) -> None:
    """The policy would block it, and nobody would notice."""
    ids = {"unit_id": county.units["东街支部"].id, "person_id": county.people["张三"]}
    for method, path in routes(app):
        if (
            method != "GET"
            or path.startswith(("/api/", "/static/"))
            or set(re.findall(r"\{(\w+)", path)) - set(ids)
        ):
            continue
        text = (await organizer.get(bare(path).format(**ids))).text
        assert not re.search(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|javascript:", text), path


async def test_metrics_are_for_this_machine_or_the_token(
    client: Browser, county: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Figures, and nothing that names a county or a person: an address is its template."""
    here = county.people["张三"]
    await client.get(f"/people/{here}")
    await client.request("PURGE", "/people")
    answer = await client.get("/metrics")
    assert answer.status_code == 200, answer.text
    assert 'dangwu_counties{suspended="no"} ' in answer.text
    assert 'dangwu_queue_messages{part="later"} ' in answer.text
    assert 'dangwu_requests_total{method="GET",route="/people/{person_id}",status=' in answer.text
    assert 'dangwu_request_seconds_bucket{le="0.25",method="GET",route="/people/{person_id}"} ' in answer.text
    assert "dangwu_pool_held 1.0" not in answer.text, "none is held while it is asked"
    assert "dangwu_pool_wait_seconds_count " in answer.text
    for word in (county.slug, str(county.id), "东河县", "张三", str(here), "PURGE"):
        assert word not in answer.text
    assert (await client.get("/metrics", headers={"x-forwarded-for": "10.0.0.1"})).status_code == 404
    monkeypatch.setenv("DANGWU_METRICS_TOKEN", "s3cret")
    assert (await client.get("/metrics")).status_code == 404
    assert (await client.get("/metrics", headers={"authorization": "Bearer s3cret"})).status_code == 200
