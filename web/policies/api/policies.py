"""Policies by the API: what is installed, what holds, what a change would do, and the change itself."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, get, post, put
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from core.aside import aside
from core.errors import Invalid
from tenants.policies import service
from tenants.policies.allowance import allow, allowance
from tenants.policies.changes import Activation
from tenants.policies.preview import stored
from tenants.policies.preview.preview import Preview
from tenants.policies.preview.stored import StoredPreview
from tenants.policies.regimes import county_policies, regime_of_unit
from tenants.policies.rehearsing import NONE, play
from tenants.policies.shelf import by_text, on_show
from web.kit.here import FromHere
from web.kit.procedures import procedure_named
from web.kit.query import Text, day_asked, unit_asked
from web.policies.api.change import ChangeIn
from web.policies.api.plugin import PluginOut, plugin_out
from web.policies.cards import Card, broken_plugins, cards
from web.policies.effective import EffectiveView, StageView
from web.policies.history import HistoryLine, history_lines
from web.policies.rehearse.rehearsals import present, require_rehearser, with_policies
from web.policies.unit import chosen_unit


class Policies(msgspec.Struct):
    """The installed policies and their state at a unit: national first, then those in force.

    `broken`: plugin → why it cannot be used.
    """

    unit_id: UUID
    items: list[Card]
    broken: dict[str, str]


class EffectiveOut(msgspec.Struct):
    """What holds at a unit on a day for somebody with these tags; `open_blanks` by `plugin.blank`."""

    unit_id: UUID
    day: date
    tags: list[str]
    stages: list[StageView]
    open_blanks: dict[str, str]
    documents: list[str]


class History(msgspec.Struct):
    """What was decided at the unit itself, newest first."""

    items: list[HistoryLine]


class PreviewOut(msgspec.Struct):
    """What a change would do. Send `seen` along with the change.

    `state` is done, or running while a task goes through many cases: `preview.cases` then has what was found in the first
    `preview.cases.under_way` of `total`, and `/preview/{id}` tells more. lost: the task was given up; cancelled: by
    somebody, on the page of background tasks.
    """

    id: UUID | None
    state: str
    total: int
    preview: Preview
    seen: str


def preview_out(asked: StoredPreview) -> PreviewOut:
    """As the API says it."""
    return PreviewOut(asked.id, asked.state, asked.total, *asked.previewed)


class Activated(msgspec.Struct):
    """The new versions of the activations."""

    items: list[Activation]


class Allowance(msgspec.Struct):
    """The levels at which units may adopt more than the department has: committee, branch."""

    levels: list[str]


class RehearsalIn(msgspec.Struct):
    """A rehearsal as YAML. `policies` replaces those it names; with `unit_id` those in force at that unit do."""

    text: str
    policies: list[str] | None = None
    unit_id: UUID | None = None


class RehearsalOut(msgspec.Struct):
    """Whether all expectations hold, and a sentence for each that does not."""

    title: str
    passed: bool
    problems: list[str]


class PolicyApi(Controller):
    """/api/v1/policies."""

    path = "/policies"
    tags = ["政策"]

    @get(
        "/", summary="已安装的政策及其在某党组织的状态", description="unit 不给时为本人能查看政策的最高一级。"
    )
    async def index(self, here: FromHere, unit: Text = "") -> Policies:
        """The installed policies at a unit (default: the highest one whose policies one may see)."""
        chosen = await chosen_unit(here, unit_asked(unit))
        chain = (await county_policies()).reaching(chosen.path)
        return Policies(chosen.id, cards(chosen, chain, here.today), dict(broken_plugins()))

    @get(
        "/effective",
        summary="现行办法：逐环节的要求及其依据",
        description="day 不给为今天；tags 是人员特征，可以多次给出；procedure 不给为底线政策写明的首要流程。",
    )
    async def effective(
        self,
        here: FromHere,
        unit: Text = "",
        day: Text = "",
        marks: Annotated[list[str] | None, QueryParameter(name="tags")] = None,
        procedure: FromQuery[str] = "",
    ) -> EffectiveOut:
        """Step by step, each requirement with its rules. `?day=2026-06-01&tags=rural&tags=student`."""
        chosen = await chosen_unit(here, unit_asked(unit))
        on, wanted = day_asked(day) or here.today, sorted(set(marks or ()))
        regime = await regime_of_unit(chosen.id)
        view = EffectiveView(regime, on, frozenset(wanted), str(chosen.id), procedure_named(procedure))
        blanks = {name: blank.title for name, blank in regime.open_blanks.items()}
        stages = await aside([regime], view.stages)
        return EffectiveOut(chosen.id, on, wanted, stages, blanks, view.documents())

    @get("/history", summary="某党组织本级的政策变更记录")
    async def history(self, here: FromHere, unit: Text = "") -> History:
        """What was decided at the unit itself, by whom, and why."""
        chosen = await chosen_unit(here, unit_asked(unit))
        return History(history_lines(await service.history(here.actor, chosen.id)))

    @get("/allowance", summary="哪些层级可以自行增加政策")
    async def allowance(self, here: FromHere) -> Allowance:
        """The levels allowed at present."""
        await chosen_unit(here, None)
        return Allowance(sorted(await allowance()))

    @put("/allowance", summary="设定哪些层级可以自行增加政策", description="限县委组织部。")
    async def allow(self, here: FromHere, data: JSONBody[Allowance]) -> Allowance:
        """Set the levels. For the department."""
        await allow(here.actor, frozenset(data.levels))
        return Allowance(sorted(await allowance()))

    @post(
        "/preview",
        status_code=200,
        only_tries=True,
        summary="预览：这样改之后规定和在办事项的变化",
        description="不保存改动。在办事项超过 500 件时由后台核算：state 为 running，用 id 再问，直到 state 为 done。",
    )
    async def preview(self, here: FromHere, data: JSONBody[ChangeIn]) -> PreviewOut:
        """What a change would do to the rules and to the cases under way. The change is not saved."""
        chosen = await chosen_unit(here, data.unit_id)
        return preview_out(await stored.ask(here.actor, chosen.id, data.change.change(), here.today))

    @get("/preview/{preview_id:uuid}", summary="预览：后台核算到哪里了")
    async def previewed(self, here: FromHere, preview_id: FromPath[UUID]) -> PreviewOut:
        """A preview that one has asked for oneself, as far as it has come; it is kept for a day."""
        return preview_out(await stored.asked(here.actor, preview_id))

    @post(
        "/changes",
        summary="启用、调整或停用政策",
        description="change.type 为 adopt、adjust 或 end；带上预览给出的 seen 时，预览之后情况有变的答 409。",
    )
    async def change(self, here: FromHere, data: JSONBody[ChangeIn]) -> Activated:
        """Adopt, adjust or end a policy at a unit."""
        chosen = await chosen_unit(here, data.unit_id)
        change, seen = data.change.change(), data.seen or None
        return Activated(list(await service.apply(here.actor, chosen.id, change, here.today, seen=seen)))

    @post("/rehearse", status_code=200, only_tries=True, summary="排演", description="不保存任何内容。")
    async def rehearse(self, here: FromHere, data: JSONBody[RehearsalIn]) -> RehearsalOut:
        """Play a rehearsal. Nothing is saved."""
        require_rehearser(here)
        text, kept = data.text, NONE
        if data.policies is not None and data.unit_id is not None:
            raise Invalid(
                "policies 和 unit_id 只能给一个。请去掉其中一项。", fields={"policies": "与 unit_id 重复。"}
            )
        if data.policies is not None:
            text = with_policies(text, data.policies)
        elif data.unit_id is not None:
            unit = await chosen_unit(here, data.unit_id)
            text, kept = present(text, (await county_policies()).reaching(unit.path), here.today)
        outcome = await play(here.actor.id, text, kept)
        return RehearsalOut(outcome.title, outcome.passed, list(outcome.problems))

    @get(
        "/{plugin:str}",
        summary="一项政策的全部规则及其在某党组织的设定",
        description="text 不给为在用的文本；给出某份文本的散列（例如 newer.text），看那一份。",
    )
    async def show(
        self,
        here: FromHere,
        plugin: FromPath[str],
        unit: Text = "",
        text: FromQuery[str] = "",
    ) -> PluginOut:
        """One policy as a document, and what is set at a unit."""
        chosen = await chosen_unit(here, unit_asked(unit))
        chain = (await county_policies()).reaching(chosen.path)
        policy = await by_text(plugin, text) if text else on_show(plugin, chain, here.today)
        return await plugin_out(policy, chosen, chain, here.today)
