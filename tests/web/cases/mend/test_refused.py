"""Acts on a case that cannot be: the sentence at its field, what was typed still there, nothing written, the way back."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import pytest
from litestar import Litestar

from tenants.database.session import county_session
from tests.web.cases.mend.test_correct import entry
from tests.web.cases.mend.test_exempt import untrained
from tests.web.cases.seed import walked
from tests.web.conftest import Browser, Seeded, browser
from tests.web.forms import Read

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def cases(app: Litestar, county: Seeded) -> dict[str, UUID]:
    """One under way, one that has ended, one of which a demand can be left out."""
    async with county_session(county.id):
        found = {"running": await walked(county, "拒甲", "activist-filing")}
        found["ended"] = await walked(county, "拒乙", "activist-filing")
    found["untrained"] = await untrained(county, "拒丙")
    return found


@pytest.fixture(scope="module")
async def ended(app: Litestar, county: Seeded, cases: dict[str, UUID]) -> UUID:
    """Ended by its branch."""

    async with browser(app) as made:
        await made.sign_in(county, "branch-secretary")
        at = f"/cases/{cases['ended']}/end"
        form = Read((await made.open(at)).text).form(at)
        assert form is not None
        done = await made.submit(at, **form.sent(reason=["withdrawn"], day=["2026-11-20"], note=["本人申请"]))
        assert done.status_code == 303, done.text
    return cases["ended"]


async def entries(county: Seeded, case: UUID) -> int:
    """How much is written in it."""
    async with county_session(county.id) as session:
        found: int = await session.fetchval("select count(*) from case_entry where case_id = $1", case)
        return found


LONG = "长" * 501
DAYS = (
    ("", "请填写"), ("2026-11-22", "不能晚于今天"), ("十一月", "不是一个日期"),
)  # fmt: skip
REFUSED = [
    *(("running", "end", "day", day, said) for day, said in DAYS),
    ("running", "end", "reason", "", "请选择终止的原因。"),
    ("running", "end", "reason", "no-such", "请选择终止的原因。"),
    ("running", "end", "note", "", "请填写情况说明。"),
    ("running", "end", "note", LONG, "最多 500 个字"),
    *(("running", "return", "day", day, said) for day, said in DAYS),
    ("running", "return", "step", "", "请选择退回到哪个环节。"),
    ("running", "return", "step", "no-such", "请选择退回到哪个环节。"),
    ("running", "return", "reason", "", "请填写退回的原因。"),
    ("running", "return", "reason", LONG, "最多 500 个字"),
    *(("running", "facts", "day", day, said) for day, said in DAYS),
    ("running", "facts", "tags", "no-such", "已经不在可选范围内"),
    ("running", "facts", "note", LONG, "最多 500 个字"),
    ("running", "facts", "date.departure", "明年", "离开单位日期“明年”不是一个日期"),
    ("running", "history", "note", "", "请填写备注。"),
    ("running", "history", "note", "注" * 1001, "最多 1000 个字"),
    ("ended", "reopen", "note", "", "请填写恢复的原因。"),
    ("ended", "reopen", "note", LONG, "最多 500 个字"),
    *(("untrained", "except/intensive-training", "day", day, said) for day, said in DAYS[:1] + DAYS[2:]),
    ("untrained", "except/intensive-training", "demand", "", "请选择例外的要求。"),
    ("untrained", "except/intensive-training", "reason", "", "请填写例外的理由。"),
    ("untrained", "except/intensive-training", "reason", LONG, "最多 500 个字"),
]  # fmt: skip
GOOD = {"day": "2026-11-20", "reason": "已研究", "note": "已核对", "step": "applicant-talk"}


@pytest.mark.parametrize(("which", "act", "field", "typed", "said"), REFUSED)
async def test_what_cannot_be_is_not_written(
    secretary: Browser, committee: Browser, county: Seeded, cases: dict[str, UUID], ended: UUID,
    which: str, act: str, field: str, typed: str, said: str,
) -> None:  # fmt: skip
    case, who = cases[which], committee if which == "untrained" else secretary
    at = f"/cases/{case}/{act}"
    action = at.replace("/history", "/notes")
    form = Read((await who.open(at)).text).form(action)
    assert form is not None
    good = {
        name: [text]
        for name, text in GOOD.items()
        if name in form.fields and form.fields[name].kind not in ("radio", "select")
    }
    first = {
        one.name: [next(each for each in one.offered if each)]
        for one in form.of("radio", "select")
        if not one.name.startswith("_")
    }
    before = await entries(county, case)
    sent = {**form.sent(), **first, **good, field: [typed] if typed else []}
    answer = await who.submit(action, **sent)
    assert answer.status_code == 422, re.sub("<[^>]+>", "", answer.text)[-300:]
    assert said in re.findall(rf'id="e-{re.escape(field)}">([^<]+)', answer.text)[0]
    assert re.search(r"data-problem>\s*<h2>[^<]+。</h2>", answer.text)
    again = Read(answer.text).form(action)
    assert again is not None
    for name in good:
        if name != field:
            assert again.fields[name].value == GOOD[name], name
    assert typed in again.fields[field].value or again.fields[field].kind in ("radio", "select", "checkbox")
    assert f"/cases/{case}" in [one.split("#")[0].split("?")[0] for one in Read(answer.text).links]
    assert await entries(county, case) == before


async def test_an_act_that_is_not_his_leads_back_to_the_case(
    secretary: Browser, organizer: Browser, county: Seeded, cases: dict[str, UUID], ended: UUID
) -> None:
    """Where no form can be shown again: by whose act it is, or because the case is over; in a fragment the sentence alone."""
    running = cases["running"]
    await organizer.open(f"/cases/{running}")
    record = await entry(county, running, "applicant-talk")
    for who, at, status in (
        (organizer, f"/cases/{running}/record/cultivation", 403),
        (organizer, f"/cases/{running}/entries/{record}/correct", 403),
        (secretary, f"/cases/{running}/reopen", 403),
        (secretary, f"/cases/{ended}/record/cultivation", 409),
        (secretary, f"/cases/{ended}/return", 409),
        (secretary, f"/cases/{ended}/facts", 409),
        (secretary, f"/cases/{cases['untrained']}/except/intensive-training", 403),
    ):
        answer = await who.open(at)
        assert answer.status_code == status, at
        case = at.split("/")[2]
        assert f'href="/cases/{case}"' in answer.text, at
        piece = await who.get(at, headers={"hx-request": "true"})
        assert piece.status_code == status
        assert "<html" not in piece.text
        assert re.search("[一-鿿]+。", piece.text)
    assert "这份档案现在不能由您终止。" in (await secretary.open(f"/cases/{ended}/end")).text
    day = date(2026, 11, 20).isoformat()
    for act, fields in (
        ("return", {"step": "applicant-talk", "day": day, "reason": "补"}), ("facts", {"day": day}),
        ("end", {"reason": "withdrawn", "day": day, "note": "又一次"}),
    ):  # fmt: skip
        over = await secretary.submit(f"/cases/{ended}/{act}", version="99", **fields)
        assert over.status_code == 409, act
        assert re.search("[一-鿿]+。", over.text)
