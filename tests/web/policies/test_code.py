"""The code of a plugin in force is replaced: what it had passed stays passed, what it had not is held and says so, and the county
agrees to the new code as to a new text: offered, previewed, signed, from a day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tenants.policies import kept
from tests.web.conftest import TODAY, Browser, Seeded
from tests.web.policies.forms import adopt, ask, confirm, forms
from tests.web.policies.seed import case_after, do
from tests.web.policies.test_texts import CODE, SEALED, Watch, again, folder, here, install, post, remove

__all__ = ["folder"]

STRICTER = CODE.replace("given >= self.pages", "given >= 2 * self.pages")


def put(folder: Path, code: str) -> None:
    """Another version of the package: its text is the same."""
    (folder / "sealed.py").write_text(code, "utf-8")
    again()


def of(seen: Mapping[str, Any], case: UUID) -> dict[str, Any]:
    """Where a case stands."""
    [found] = [row for row in seen["standings"] if row["id"] == case]
    return dict(found)


def passed(seen: Mapping[str, Any], case: UUID) -> list[Any]:
    """What is open of it: the notice is not, though the next step may be held."""
    found = of(seen, case)
    assert "prospect-notice" not in found["open_steps"]
    return [found[name] for name in ("status", "stage", "membership", "open_steps", "open_states")]


@pytest.fixture
async def watch(admin: Browser, county: Seeded, folder: Path, request: pytest.FixtureRequest) -> Watch:
    """A facet and a check in force at a committee, one case that has passed them and one that has not."""
    put(folder, CODE)
    install(folder, SEALED, "sealed")
    unit, branch = county.units[request.param[0]].id, request.param[1]
    assert (await adopt(admin, "sealed", unit, day=["2026-11-01"])).status_code == 303
    cases = {
        "done": await case_after(county, branch, "郑已印", "prospect-consent", date(2026, 11, 2)),
        "open": await case_after(county, branch, "冯未印", "prospect-consent", date(2026, 11, 2)),
    }
    await do(county, cases["done"], "prospect-notice", date(2026, 11, 3))
    return Watch(county, admin, unit, cases)


@pytest.mark.parametrize("watch", [("河西乡党委", "上河支部")], indirect=True)
async def test_other_code_holds_what_has_not_passed_until_somebody_agrees_to_it(
    watch: Watch, folder: Path
) -> None:
    admin, unit, cases = watch.admin, watch.unit, watch.cases
    await watch.seen()
    before = await watch.seen()
    put(folder, STRICTER)
    held = await watch.seen()
    assert passed(held, cases["done"]) == passed(before, cases["done"]), "what had passed stays passed"
    waiting = of(held, cases["open"])
    assert waiting["open_steps"] == of(before, cases["open"])["open_steps"]
    assert {"seal.changed", "check.changed"} <= set(waiting["reasons"])
    assert "“骑缝章”由插件自带的程序核对，程序已经更换" in held["open"]
    assert "插件“用印办法”自带的检查程序已经更换" in held["open"]
    assert held["history"] == before["history"]
    for day in (TODAY, date(2027, 6, 1)):
        assert held[f"effective {day}"] == before[f"effective {day}"]
    assert "“用印办法”自带的程序已经更换，还没有确认改用" in (await admin.open("/")).text
    # It is announced, previewed and signed like a text.
    shown = (await admin.open(f"/policies?unit={unit}")).text
    assert "自带的程序已更换，待确认" in shown
    assert (await here(admin, unit, "sealed"))["newer"]["code"] is True
    [href] = re.findall(r'href="(/policies/sealed\?[^"]*text=[^"]*)"', shown)
    page = await admin.open(href.replace("&amp;", "&"))
    assert "这个插件自带的程序已经更换，规则的文字没有变化" in page.text
    fields = forms(page)["/policies/sealed/preview"]
    fields |= {"day": [TODAY.isoformat()], "basis": ["乡党委会议纪要"]}
    asked = await ask(admin, "sealed", fields)
    assert f"自 {TODAY} 起改按新的程序核对“用印办法”" in asked.text
    assert "冯" in asked.text
    assert (await confirm(admin, "sealed", asked)).status_code == 303
    after = await watch.seen()
    assert of(after, cases["done"]) == of(before, cases["done"])
    assert "须加盖 2 页骑缝章" in after["open"]
    assert "程序已经更换" not in after["open"]
    assert "自带的程序已更换，执行的文本由" in after["history"]
    assert "还没有确认改用" not in (await admin.open("/")).text
    # The package goes back to the code before: the unit has agreed to the other one.
    put(folder, CODE)
    again_held = await watch.seen()
    assert passed(again_held, cases["done"]) == passed(before, cases["done"])
    assert "“骑缝章”由插件自带的程序核对，程序已经更换" in again_held["open"]
    assert "还没有确认改用" in (await admin.open("/")).text


@pytest.mark.parametrize("watch", [("城关镇党委", "东街支部")], indirect=True)
async def test_it_is_agreed_to_from_a_day_to_come(watch: Watch, folder: Path) -> None:
    admin, unit, cases = watch.admin, watch.unit, watch.cases
    await watch.seen()
    before = await watch.seen()
    (folder / "sealed.py").unlink()
    remove(folder, "sealed")
    assert "程序已经更换" not in (await watch.seen())["open"], "gone is not changed"
    put(folder, CODE)
    install(folder, SEALED, "sealed")
    assert await watch.seen() == before, "and what comes back is the same code"
    put(folder, STRICTER)
    held = await watch.seen()
    found = await here(admin, unit, "sealed")
    change = {
        "type": "adjust",
        "activation_id": found["id"],
        "day": "2027-01-04",
        "text": found["newer"]["text"],
        "choice": {"basis": "会议纪要"},
    }
    previewed = (await post(admin, "preview", unit, change)).json()["preview"]
    assert str(cases["open"]) in [one["case_id"] for one in previewed["cases"]["listed"]]
    assert (await post(admin, "changes", unit, change)).status_code == 201
    until_then = await watch.seen()
    assert of(until_then, cases["open"]) == of(held, cases["open"]), "held until the day"
    # What is offered and not what is installed any more is refused.
    put(folder, STRICTER.replace("2 * self", "3 * self"))
    stale = await post(admin, "changes", unit, {**change, "activation_id": (await running(admin, unit))})
    assert stale.status_code == 409
    assert "已经不是现在安装的文本" in stale.text


async def running(admin: Browser, unit: UUID) -> str:
    """The activation of today."""
    listed = (await admin.get("/api/v1/policies", params={"unit": str(unit)})).json()["items"]
    [card] = [item for item in listed if item["id"] == "sealed"]
    return str(min(card["here"], key=lambda one: one["since"])["id"])


MINE = """
plugin: {name}
title: 本乡补充规定
sources:
  paper: {{title: 本乡补充规定, year: 2026}}
rules:
  - id: seal.pages
    tighten: admission/applicant-talk
    title: 谈话记录骑缝章
    seal: {{pages: 1}}
    cite: {{source: paper, clause: 第一条}}
"""


async def test_a_supplement_that_uses_a_strangers_requirement_goes_by_the_code_that_was_there(
    admin: Browser, county: Seeded, folder: Path
) -> None:
    """The plugin that brings the requirement is not adopted itself: its code is replaced, and removed."""
    put(folder, CODE)
    install(folder, SEALED, "sealed")
    install(folder, MINE.format(name="town-supplement"), "town-supplement")
    unit = county.units["上河支部"].id
    assert (await adopt(admin, "town-supplement", unit, day=["2026-11-01"])).status_code == 303
    cases = {"open": await case_after(county, "上河支部", "卫未谈", "application", date(2026, 11, 2))}
    watch = Watch(county, admin, unit, cases)
    await watch.seen()
    before = await watch.seen()
    assert "加盖 1 页骑缝章" in before["open"]
    put(folder, STRICTER)
    held = await watch.seen()
    assert of(held, cases["open"])["open_steps"] == of(before, cases["open"])["open_steps"]
    assert "seal.changed" in of(held, cases["open"])["reasons"]
    assert held["history"] == before["history"]
    listed = [one for one in await kept.kept() if one.plugin == "town-supplement"]
    assert len(listed) == 1
    assert listed[0].code
    (folder / "sealed.py").unlink()
    remove(folder, "sealed")
    assert "seal.absent" in of(await watch.seen(), cases["open"])["reasons"]
    put(folder, CODE)
    install(folder, SEALED, "sealed")
    assert await watch.seen() == before
