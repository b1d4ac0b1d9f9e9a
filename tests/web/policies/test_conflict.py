"""Two policies whose orders contradict each other: refused in words that name both rules and their sources."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar

from tenants.policies.plugins import installed
from tests.conftest import Database
from tests.web.conftest import TODAY, Browser, Seeded
from tests.web.policies.forms import adopt, ask, confirm, open_form

POLICY = """
plugin: {id}
title: {title}
place: 测试县
about: 规定两个环节的先后。
requires: dangwu>=1,<2
sources:
  paper: {{title: {title}文件, year: 2026}}
rules:
  - id: order.first
    title: {rule}
    tighten: admission/{step}
    {word}: [{other}]
    cite: {{source: paper, clause: {clause}}}
"""

EARLY = POLICY.format(
    id="early-training", title="先训后审", rule="培训在政治审查之前", step="intensive-training", word="before",
    other="political-review", clause="第二条",
)  # fmt: skip
LATE = POLICY.format(
    id="late-training", title="先审后训", rule="政治审查在培训之前", step="political-review", word="before",
    other="intensive-training", clause="第五条",
)  # fmt: skip


@pytest.fixture(scope="module")
async def app(database: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Litestar]:
    """The application with two plugins of one file each in its folder."""
    folder = tmp_path_factory.mktemp("plugins")
    (folder / "early-training.yaml").write_text(EARLY, encoding="utf-8")
    (folder / "late-training.yaml").write_text(LATE, encoding="utf-8")
    patch = pytest.MonkeyPatch()
    patch.setenv("DANGWU_PLUGINS", str(folder))
    installed.cache_clear()
    from web.app import create_app

    made = create_app()
    made.state.today = lambda: TODAY
    async with made.lifespan():
        yield made
    patch.undo()
    installed.cache_clear()


async def test_two_contradicting_orders_are_refused_before_saving(admin: Browser, county: Seeded) -> None:
    unit = county.units["组织部"].id
    assert (await adopt(admin, "early-training", unit)).status_code == 303
    card = (await admin.open("/policies")).text
    assert "不能同时启用" in card
    document = await admin.open("/policies/late-training")
    assert "与现行的其他政策不能同时启用" in document.text
    fields = await open_form(admin, "late-training", unit)
    refused = await ask(admin, "late-training", {**fields, "basis": ["再试一次"]})
    assert refused.status_code == 422
    for said in (
        "环节的先后顺序相互矛盾",
        "early-training.order.first",
        "late-training.order.first",
        "《先训后审文件》第二条",
        "《先审后训文件》第五条",
        "请停用其中一条规则后再启用",
        'value="再试一次"',
    ):
        assert said in refused.text, said
    assert "is-running" in (await admin.open("/policies")).text
    assert (await admin.open("/policies/history")).text.count("起启用") == 1

    below = county.units["城关镇党委"].id
    fields = await open_form(admin, "late-training", below)
    assert (await ask(admin, "late-training", fields)).status_code == 422, "it is in force below, too"


async def test_a_policy_adopted_below_stands_in_the_way_of_one_above(admin: Browser, county: Seeded) -> None:
    top, below = county.units["组织部"].id, county.units["城关镇党委"].id
    fields = await open_form(admin, "early-training", top)
    fields |= {"act": ["end"], "day": ["2026-11-21"]}
    assert (
        await confirm(admin, "early-training", await ask(admin, "early-training", fields))
    ).status_code == 303
    assert (await adopt(admin, "late-training", below)).status_code == 303
    refused = await ask(admin, "early-training", await open_form(admin, "early-training", top))
    assert refused.status_code == 422
    assert "late-training.order.first" in refused.text
