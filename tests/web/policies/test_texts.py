"""What a county has decided stays decided: a plugin in force is upgraded, broken, removed, renamed and installed again while
cases run, and nothing that was decided changes, in judgement or in words, until somebody signs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from core.casework.standing.sweep import recompute, running_below
from core.database import fetch
from dangwu import FACETS
from tenants.database.session import county_session
from tenants.policies import kept, plugins, regimes, texts
from tenants.policies.regimes import regime_of_path
from tests.web.conftest import TODAY, Browser, Seeded
from tests.web.policies.forms import adopt, ask, confirm, forms, open_form
from tests.web.policies.seed import case_after, do

OLD = """
plugin: homemade
title: 某县补充规定
version: 1.0.0
place: 某县
sources:
  paper: {title: 某县发展党员补充规定, year: 2026}
blanks:
  hours: {type: number, title: 培训学时}
rules:
  - id: public.ten-days
    tighten: admission/prospect-notice
    title: 公示十天
    notice: {days: 10}
    cite: {source: paper, clause: 第三条}
  - id: visit.home
    add: admission/home-visit
    title: 家访
    stage: prospect
    level: branch
    after: [prospect-notice]
    before: [pre-review]
    talk: {with: [applicant]}
    cite: {source: paper, clause: 第四条}
  - id: training.hours
    tighten: admission/intensive-training
    title: 培训学时
    training: {hours: {blank: hours}}
    cite: {source: paper, clause: 第五条}
"""
NEW = (
    OLD.replace("version: 1.0.0", "version: 2.0.0")
    .replace("days: 10", "days: 20")
    .replace("title: 家访", "title: 入户走访")
    .replace("id: training.hours", "id: training.more-hours\n    was: [training.hours]")
)
FEWER = NEW.partition("  - id: visit.home")[0].replace(
    "plugin: homemade", "plugin: home-rules\nwas: [homemade]"
)
RENAMED = NEW.replace("plugin: homemade", "plugin: home-rules\nwas: [homemade]")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of plugins that this process reads."""
    monkeypatch.setenv("DANGWU_PLUGINS", str(tmp_path))
    again()
    yield tmp_path
    monkeypatch.undo()
    again()


def again() -> None:
    """As a process that has just started: it knows nothing but what is installed and what the database has."""
    plugins.installed.cache_clear()
    regimes.cache.__init__()  # type: ignore[misc]
    texts._read.clear()
    FACETS.pop("seal", None)
    import_module("dangwu.policy.blanks")._plain.cache_clear()


SEALED = """
plugin: sealed
title: 用印办法
version: 1.0.0
sources:
  paper: {title: 某县用印办法, year: 2026}
rules:
  - id: seal.pages
    tighten: [admission/prospect-notice, admission/intensive-training]
    title: 骑缝章
    seal: {pages: 2}
    cite: {source: paper, clause: 第二条}
"""
CODE = """
from typing import Annotated
import dangwu
import msgspec
from dangwu import MISSING, UP, Facet, Finding, Requirement, facet

class Sealed(msgspec.Struct, frozen=True):
    pages: Annotated[int, msgspec.Meta(title="加盖页数", ge=0)] = 0

@facet("seal", "骑缝章")
class Seal(Facet, frozen=True):
    pages: Annotated[int, UP, msgspec.Meta(title="页数")] = 0
    evidence = Sealed
    sentences = {"missing": "须加盖 {pages} 页骑缝章"}
    titles = {"missing": "没有盖章"}

    def judge(self, records, at):
        given = sum(one.pages for one in self.of(records))
        return [] if given >= self.pages else [self.missing("pages", ("",), pages=self.pages)]

    def describe(self):
        return [Requirement("pages", "", f"加盖 {self.pages} 页骑缝章")]

    def least(self, given, records, at):
        return given or {"pages": self.pages}

@dangwu.hookimpl
def dangwu_check(step, case):
    late = step == "prospect-notice" and any(one.step == step and one.day.day == 17 for one in case.entries)
    return [Finding("check.day", MISSING, values={"sentence": "十七日不公示"})] if late else []
"""


def install(folder: Path, text: str, name: str = "homemade") -> None:
    (folder / f"{name}.yaml").write_text(text, "utf-8")
    again()


def twice(folder: Path, name: str) -> None:
    """The same plugin in two files that say different things: neither is taken."""
    (folder / f"{name}.yml").write_text(RENAMED, "utf-8")
    again()
    assert "有两份政策" in plugins.why_broken(name)
    (folder / f"{name}.yml").unlink()


def remove(folder: Path, name: str = "homemade") -> None:
    (folder / f"{name}.yaml").unlink()
    again()


class Watch:
    """All that is said of the county's policy and cases, to be compared with how it was."""

    def __init__(self, county: Seeded, admin: Browser, unit: UUID, cases: dict[str, UUID]) -> None:
        self.county, self.admin, self.unit, self.cases = county, admin, unit, cases

    async def seen(self) -> dict[str, Any]:
        """Standings as they are judged anew, and what pages and the API say."""
        await texts.read_all()  # as every process does when it starts
        async with county_session(self.county.id):
            await recompute(await running_below(self.county.units["组织部"].path), TODAY, regime_of_path)
            columns = (
                "id, status, stage, membership, open_steps, open_states, reasons, next_due, waiting_until"
            )
            rows = await fetch(f"select {columns} from case_file order by id")
        found: dict[str, Any] = {"standings": [dict(row) for row in rows]}
        for name, case in self.cases.items():
            found[name] = await self._page(f"/cases/{case}")
            found[f"{name} by the API"] = (await self.admin.get(f"/api/v1/cases/{case}")).json()
        for day in (TODAY, date(2027, 6, 1)):
            found[f"effective {day}"] = await self._page(f"/policies/effective?unit={self.unit}&day={day}")
        found["history"] = await self._page(f"/policies/history?unit={self.unit}")
        found["list"] = await self._page("/cases")
        found["unit"] = await self._page(f"/units/{self.unit}")
        found["log"] = await self._page("/accounts/log?kind=policies")
        return found

    async def _page(self, path: str) -> str:
        answer = await self.admin.get(path)
        assert answer.status_code == 200, (path, answer.text)
        return re.sub(r'name="(_csrf_token|_once)" value="[\w-]+"', "", answer.text)


@pytest.fixture
async def watch(admin: Browser, county: Seeded, folder: Path) -> Watch:
    """Version 1 in force at a committee, with a blank filled, and three cases in the middle of what it asks for."""
    install(folder, OLD)
    unit = county.units["城关镇党委"].id
    fields = await open_form(admin, "homemade", unit)
    fields |= {"day": ["2026-11-01"], "fill-hours": ["40"], "basis": ["某县〔2026〕8号"]}
    assert (await confirm(admin, "homemade", await ask(admin, "homemade", fields))).status_code == 303
    cases = {
        "before": await case_after(county, "东街支部", "钱未示", "prospect-consent", date(2026, 11, 2)),
        "posted": await case_after(county, "东街支部", "孙已示", "prospect-consent", date(2026, 11, 2)),
        "visited": await case_after(county, "东街支部", "李走访", "prospect-consent", date(2026, 11, 2)),
    }
    await do(county, cases["posted"], "prospect-notice", date(2026, 11, 18))
    await do(county, cases["visited"], "prospect-notice", date(2026, 11, 3))
    await do(county, cases["visited"], "home-visit", date(2026, 11, 16))
    return Watch(county, admin, unit, cases)


OFFERED = {
    "upgraded": "有新文本 2.0.0",
    "other words, the same version": "文本有改动，版本号没有变（1.0.0）",
    "downgraded": "安装的是较早的文本 0.9.0（启用的是 1.0.0）",
}
"""How what is installed is called beside what was adopted."""


async def test_whatever_becomes_of_a_plugin_what_was_decided_stands_until_somebody_signs(
    watch: Watch, folder: Path
) -> None:
    admin, unit = watch.admin, watch.unit
    await watch.seen()  # a page remembers what was opened last
    before = await watch.seen()
    assert "公示不少于 10 天" in before[f"effective {TODAY}"]
    assert "家访" in before["visited"]
    fates: dict[str, Callable[[], None]] = {
        "upgraded": lambda: install(folder, NEW),
        "broken": lambda: install(folder, NEW.replace("notice:", "notise:")),
        "removed": lambda: remove(folder),
        "renamed": lambda: install(folder, RENAMED, "home-rules"),
        "with fewer rules": lambda: install(folder, FEWER, "home-rules"),
        "twice": lambda: twice(folder, "home-rules"),
        "beside a broken one": lambda: install(folder, "plugin: [", "ragged"),
        "gone for good": lambda: remove(folder, "home-rules"),
        "installed again": lambda: install(folder, OLD),
        "other words, the same version": lambda: install(folder, OLD.replace("days: 10", "days: 12")),
        "downgraded": lambda: install(folder, NEW.replace("version: 2.0.0", "version: 0.9.0")),
        "upgraded again": lambda: install(folder, NEW),
    }
    for what, act in fates.items():
        act()
        now = await watch.seen()
        assert [key for key in before if now[key] != before[key]] == [], what
        if what in OFFERED:
            assert OFFERED[what] in (await admin.open(f"/policies?unit={unit}")).text
    # Nobody else answers for a step than did for what was recorded of it.
    install(folder, NEW.replace("level: branch", "level: committee"))
    there = await here(admin, unit, "homemade")
    asked_for = {
        "type": "adjust", "activation_id": there["id"], "day": "2027-01-01", "text": there["newer"]["text"],
        "choice": {"fill": {"hours": 40}, "basis": "某县〔2027〕1号"},
    }  # fmt: skip
    for way in ("preview", "changes"):
        refused = await post(admin, way, unit, asked_for)
        assert refused.status_code == 422
        assert "环节“入户走访”（home-visit）的承办层级与原来的文本不同" in refused.json()["sentence"]
    install(folder, NEW)
    # It is offered, and only once it is signed does it hold, from its day on, for what begins then.
    shown = (await admin.open(f"/policies?unit={unit}")).text
    assert "有新文本 2.0.0" in shown
    [href] = re.findall(r'href="(/policies/homemade\?[^"]*text=[^"]*)"', shown)
    page = await admin.open(href.replace("&amp;", "&"))
    assert "以下是这个插件的新文本“某县补充规定”（2.0.0 版" in page.text
    fields = forms(page)["/policies/homemade/preview"]
    assert fields["fill-hours"] == ["40"], "what was filled stays filled"
    fields |= {"day": ["2027-01-01"], "basis": ["某县〔2027〕1号"]}
    asked = await ask(admin, "homemade", fields)
    for said in (
        "改按新文本执行“某县补充规定”（2.0.0 版",
        "1</b> 条规则更严",
        "原来：公示不少于 10 天",
        "现为：公示不少于 20 天",
    ):
        assert said in asked.text, said
    assert "homemade.training.hours" in asked.text, "another id is said"
    assert (await confirm(admin, "homemade", asked)).status_code == 303
    await watch.seen()
    after = await watch.seen()
    assert after["standings"] == before["standings"]
    for case in watch.cases:  # what holds from a day to come says nothing of today, and names nothing
        assert after[f"{case} by the API"] == before[f"{case} by the API"]
    assert "公示不少于 10 天" in after[f"effective {TODAY}"]
    assert "公示不少于 20 天" in after["effective 2027-06-01"]
    assert "入户走访" in after["effective 2027-06-01"]
    assert "执行的文本由“某县补充规定”（1.0.0 版，文本" in after["history"]
    assert "某县〔2027〕1号" in after["history"]
    remove(folder)
    last = await watch.seen()
    assert last == after
    # What is not installed can be ended, and never adopted anew.
    gone = await admin.open(f"/policies/homemade?unit={unit}")
    assert "这个插件现在没有安装" in gone.text
    other = await admin.open(f"/policies/homemade?unit={watch.county.units['河西乡党委'].id}")
    assert other.status_code == 404


async def test_what_needs_code_that_is_gone_waits_and_what_had_been_met_stays(
    admin: Browser, county: Seeded, folder: Path
) -> None:
    """A facet and a check of a plugin: the package disappears, and comes back."""
    (folder / "sealed.py").write_text(CODE, "utf-8")
    install(folder, SEALED, "sealed")
    unit = county.units["河西乡党委"].id
    assert (await adopt(admin, "sealed", unit, day=["2026-11-01"])).status_code == 303
    cases = {
        "done": await case_after(county, "上河支部", "周已印", "prospect-consent", date(2026, 11, 2)),
        "open": await case_after(county, "上河支部", "吴未印", "prospect-consent", date(2026, 11, 2)),
    }
    await do(county, cases["done"], "prospect-notice", date(2026, 11, 3))
    watch = Watch(county, admin, unit, cases)
    await watch.seen()
    before = await watch.seen()
    assert "加盖 2 页骑缝章" in before["open"]
    (folder / "sealed.py").unlink()
    remove(folder, "sealed")
    gone = await watch.seen()
    stood, stands = ({row["id"]: row for row in one["standings"]} for one in (before, gone))
    done = stands[cases["done"]]
    assert done["open_steps"] == stood[cases["done"]]["open_steps"], "the notice stays done"
    assert "prospect-notice" not in done["open_steps"]
    waiting = stands[cases["open"]]
    assert waiting["open_steps"] == stood[cases["open"]]["open_steps"]
    assert {"seal.absent", "check.absent"} <= set(waiting["reasons"])
    for said in (
        "“骑缝章”是插件自带的要求，插件现在没有安装",
        "骑缝章：页数 2",
        "插件“用印办法”自带的检查现在没有安装",
    ):
        assert said in gone["open"], said
    assert "骑缝章" in gone[f"effective {TODAY}"]
    assert gone["history"] == before["history"]
    form = await admin.get(f"/cases/{cases['open']}/record/prospect-notice")
    assert form.status_code in (200, 403, 404)
    (folder / "sealed.py").write_text(CODE, "utf-8")
    install(folder, SEALED, "sealed")
    assert await watch.seen() == before


async def post(admin: Browser, path: str, unit: UUID, change: Mapping[str, object]) -> httpx.Response:
    """Send a change to the API."""
    body = {"unit_id": str(unit), "change": change}
    return await admin.post(f"/api/v1/policies/{path}", json=body, headers={"x-csrftoken": admin.token})


async def here(admin: Browser, unit: UUID, plugin: str) -> dict[str, Any]:
    """The one activation of a plugin at a unit, as the API lists it."""
    listed = (await admin.get("/api/v1/policies", params={"unit": str(unit)})).json()["items"]
    [card] = [item for item in listed if item["id"] == plugin]
    [found] = card["here"]
    return dict(found)


async def test_by_the_api_an_update_takes_over_another_name(
    admin: Browser, county: Seeded, folder: Path
) -> None:
    """The plugin has got another name: what was left out and filled in goes along, and what is no longer offered is refused."""
    install(folder, OLD)
    unit = county.units["上河支部"].id
    choice = {"without": ["visit.home"], "fill": {"hours": 40}, "basis": "支部决议"}
    adopted = {
        "type": "adopt",
        "plugin": "homemade",
        "since": "2026-11-01",
        "until": "2027-06-01",
        "choice": choice,
    }
    await admin.open("/policies")
    assert (await post(admin, "changes", unit, adopted)).status_code == 201
    assert (await here(admin, unit, "homemade"))["newer"] is None
    remove(folder)
    install(folder, RENAMED, "home-rules")
    found = await here(admin, unit, "homemade")
    newer = found["newer"]
    assert (newer["plugin"], newer["version"]) == ("home-rules", "2.0.0")
    asked = {"unit": str(unit), "text": newer["text"]}
    offered = (await admin.get("/api/v1/policies/home-rules", params=asked)).json()
    assert offered["card"]["title"] == "某县补充规定"
    assert "公示不少于 20 天" in str(offered["groups"])
    assert (await admin.get("/api/v1/policies/homemade", params=asked)).status_code == 404
    again_ = {"without": ["home-rules.visit.home"], "fill": {"hours": 40}, "basis": "支部决议二"}
    update = {
        "type": "adjust", "activation_id": found["id"], "day": "2027-01-01", "until": "2027-06-01", "text": newer["text"],
        "choice": again_,
    }  # fmt: skip
    previewed = (await post(admin, "preview", unit, update)).json()["preview"]["text"]
    kinds = {one["rule"]: one["kind"] for one in previewed["changes"]}
    assert kinds["home-rules.public.ten-days"] == "stricter"
    assert kinds["home-rules.training.more-hours"] == "renamed"
    refused = await post(admin, "changes", unit, update | {"text": "0" * 64})
    assert (refused.status_code, refused.json()["code"]) == (409, "text-changed")
    made = (await post(admin, "changes", unit, update)).json()["items"]
    assert [(item["plugin"], item["since"], item["until"]) for item in made] == [
        ("homemade", "2026-11-01", "2027-01-01"),
        ("home-rules", "2027-01-01", "2027-06-01"),
    ]
    remove(folder, "home-rules")
    history = (await admin.get("/api/v1/policies/history", params={"unit": str(unit)})).json()["items"]
    assert history[0]["by_name"] == "组织部管理员"
    assert any("执行的文本由“某县补充规定”（1.0.0 版" in said for said in history[0]["changes"])
    assert "不执行" not in "".join(history[0]["changes"]), (
        "what is left out under the new name was left out before"
    )
    for day, days in (("2026-12-31", 10), ("2027-01-01", 20), ("2027-05-31", 20)):
        answer = await admin.get("/api/v1/policies/effective", params={"unit": str(unit), "day": day})
        assert f"公示不少于 {days} 天" in answer.text, (
            day,
            "an activation that ends in the future holds until then",
        )
        assert "入户走访" not in answer.text
    ended = await admin.get("/api/v1/policies/effective", params={"unit": str(unit), "day": "2027-06-01"})
    assert "公示不少于 20 天" not in ended.text
    document = (await admin.get("/api/v1/policies/home-rules", params={"unit": str(unit)})).json()
    assert document["card"]["installed"] is False
    assert document["card"]["version"] == "2.0.0"


async def test_stricter_checks_only_warn(
    admin: Browser,
    county: Seeded,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A later version of the contract would refuse the text: whoever has adopted it goes on as he has decided."""
    install(folder, OLD)
    unit = county.units["东街支部"].id
    assert (await adopt(admin, "homemade", unit, day=["2026-11-01"])).status_code == 303
    asked = {"unit": str(unit), "day": "2026-11-21"}
    before = (await admin.get("/api/v1/policies/effective", params=asked)).json()
    monkeypatch.setattr("dangwu.policy.load.unused", lambda found: [(("id",), "今后不许这样写。")])
    import_module("dangwu.plugins.plugins")._read.cache_clear()  # a later version is another process
    again()
    assert (await admin.get("/api/v1/policies/effective", params=asked)).json() == before
    assert "今后不许这样写" in (await admin.open(f"/policies?unit={unit}")).text
    [found] = [one for one in await kept.kept() if one.hash == texts.hash_of(OLD)]
    assert any("今后不许这样写" in said for said in kept.warnings(found, await kept.source(found)))
