"""Errors are sentences: as a page, as a fragment, as problem+json; and what failed leaves nothing behind."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from core.errors import Conflict, Stale
from tenants.database.session import Session
from tests.web.conftest import Browser, Seeded


async def test_an_unknown_address_is_a_page(admin: Browser) -> None:
    answer = await admin.open("/no-such-page")
    assert answer.status_code == 404
    assert "没有找到您要的内容" in answer.text


async def test_what_is_not_his_is_a_page_inside_the_layout(organizer: Browser, county: Seeded) -> None:
    answer = await organizer.open("/accounts")
    assert answer.status_code == 403
    assert "您的职务权限中没有“查看账号与权限”这一项" in answer.text
    assert 'class="rail"' in answer.text


async def test_htmx_gets_a_fragment(organizer: Browser) -> None:
    answer = await organizer.get("/accounts", headers={"hx-request": "true"})
    assert answer.status_code == 403
    assert "<html" not in answer.text
    assert "您的职务权限中没有“查看账号与权限”这一项" in answer.text


async def test_htmx_without_a_sign_in_is_sent_to_the_gate(client: Browser) -> None:
    answer = await client.get(
        "/people", headers={"hx-request": "true", "hx-current-url": "http://dangwu.test/people?q=z"}
    )
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/sign-in?next=%2Fpeople%3Fq%3Dz"


async def test_the_api_gets_a_problem(organizer: Browser) -> None:
    answer = await organizer.get("/api/v1/accounts")
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("application/problem+json")
    body = answer.json()
    assert (body["code"], body["status"]) == ("forbidden", 403)
    assert body["sentence"].startswith("您的职务权限中没有“查看账号与权限”这一项")


@pytest.mark.parametrize(
    "address", ["/people?after=%%%", "/people?after=bm90IGpzb24", "/people?q=" + "长" * 200]
)
async def test_an_address_that_was_tampered_with_is_a_sentence(admin: Browser, address: str) -> None:
    answer = await admin.open(address)
    assert answer.status_code in (400, 422)
    assert "。" in answer.text


async def test_a_defect_of_ours_has_a_number_and_tells_the_log_no_names(
    admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*args: Any, **options: Any) -> None:
        raise RuntimeError("张三 11010519491231002X")

    monkeypatch.setattr("web.units.pages.tree", broken)
    with capture_logs() as logs:
        answer = await admin.open("/units")
    assert answer.status_code == 500
    [line] = [line for line in logs if line["event"] == "unexpected"]
    assert line["reference"] in answer.text
    assert line["error"] == "RuntimeError"
    assert "张三" not in str(line)
    assert "张三" not in answer.text


async def test_what_was_written_before_a_defect_is_undone(
    admin: Browser, county: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.organisation.service import create as real

    async def written_then_broken(*args: Any, **options: Any) -> None:
        await real(*args, **options)
        raise RuntimeError

    monkeypatch.setattr("web.units.forms.create", written_then_broken)
    parent = county.units["河西乡党委"].id
    await admin.open(f"/units/{parent}/new")
    answer = await admin.submit(f"/units/{parent}/new", kind="branch", name="半成品支部")
    assert answer.status_code == 500
    assert "半成品支部" not in (await admin.open("/units")).text


@pytest.mark.parametrize(
    "refusal", [Conflict("已有同样的登记。"), Stale("刚刚被别人修改过。", changes=("李某改了名称",))]
)
async def test_what_was_written_before_a_refusal_is_undone_and_what_was_typed_stays(
    admin: Browser, county: Seeded, monkeypatch: pytest.MonkeyPatch, refusal: Conflict
) -> None:
    from core.organisation.service import create as real

    async def written_then_refused(*args: Any, **options: Any) -> None:
        await real(*args, **options)
        raise refusal

    monkeypatch.setattr("web.units.forms.create", written_then_refused)
    parent = county.units["河西乡党委"].id
    await admin.open(f"/units/{parent}/new")
    answer = await admin.submit(f"/units/{parent}/new", kind="branch", name="半成品支部")
    assert answer.status_code == 409
    assert refusal.sentence in answer.text
    assert 'value="半成品支部"' in answer.text
    for line in getattr(refusal, "changes", ()):
        assert line in answer.text
    assert "半成品支部" not in (await admin.open("/units")).text


def test_what_is_wrong_on_a_form_is_said_before_it_is_done() -> None:
    """Whoever reads fields within an attempt asks there whether all were right; else the wrong one is passed over."""
    read = {"text", "date", "number", "amount", "choice", "uuid", "many", "file"}
    for path in Path("web").rglob("[!.]*.py"):
        if "node_modules" in path.parts:
            continue
        for one in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(one, ast.AsyncWith) and "attempt(form)" in ast.unparse(one.items[0]):
                called = {
                    call.func.attr
                    for call in ast.walk(one)
                    if isinstance(call, ast.Call)
                    and isinstance(call.func, ast.Attribute)
                    and ast.unparse(call.func.value) == "form"
                }
                assert not called & read or "check" in called, f"{path}:{one.lineno}"


async def test_a_commit_that_fails_is_never_called_a_success(
    admin: Browser, county: Seeded, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Session.commit

    async def fails(self: Session) -> None:
        if self.county_id == county.id:
            await self.rollback()
            raise RuntimeError
        await real(self)

    parent = county.units["河西乡党委"].id
    await admin.open(f"/units/{parent}/new")
    monkeypatch.setattr(Session, "commit", fails)
    answer = await admin.submit(f"/units/{parent}/new", kind="branch", name="半成品支部")
    monkeypatch.setattr(Session, "commit", real)
    assert answer.status_code == 500
    assert "半成品支部" not in (await admin.open("/units")).text
