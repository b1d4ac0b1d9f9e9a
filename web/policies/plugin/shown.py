"""The page of one plugin: the document with the unit's setting, as it is or as it was typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from core.errors import NotFound
from core.organisation.model import UnitView
from dangwu import Adoption, DangwuError, Regime
from tenants.policies import service
from tenants.policies.beside import beside
from tenants.policies.changes import NO_SUCH_ACTIVATION, Activation
from tenants.policies.regimes import county_policies, regime_of_unit
from web.kit.forms import Form
from web.kit.here import Here
from web.kit.page import Page, page
from web.policies.cards import card_of
from web.policies.plugin.document import Document
from web.policies.plugin.fill import hints
from web.policies.plugin.form import editable, field_of, fill_of, read_choice
from web.policies.plugin.reading import Reading, floor_texts
from web.policies.unit import around
from web.policies.words.said import text_name


async def shown_activation(here: Here, plugin: str, unit: UnitView, wanted: UUID | None) -> Activation | None:
    """The activation whose setting the page shows: the unit's own (`wanted`, else the present one) that can be adjusted;
    to who may not decide, else the nearest one from above. Raises NotFound for a `wanted` one that is none of them."""
    county = await county_policies()
    left = _own(county.live, plugin, unit, here.today)
    found = next((item for item in left if item.id == wanted), left[0] if left and wanted is None else None)
    if wanted is not None and found is None:
        raise NotFound(NO_SUCH_ACTIVATION)
    if found is not None or await service.may_decide(here.actor, unit.path):
        return found
    chain = reversed(county.reaching(unit.path))
    return next((item for item in chain if item.plugin == plugin and item.runs_on(here.today)), None)


def _own(live: Iterable[Activation], plugin: str, unit: UnitView, today: date) -> list[Activation]:
    return editable([item for item in live if item.plugin == plugin and item.unit_id == unit.id], today)


async def plugin_page(here: Here, shown: Reading, unit: UnitView, form: Form) -> Page:
    """The page of a plugin with the form as it is."""
    policy, county = shown.policy, await county_policies()
    floor, chain = policy.floor, county.reaching(unit.path)
    card = card_of(shown.instead_of or policy, unit, chain, here.today)
    regime, conflicts = (await regime_of_unit(unit.id), ()) if floor else _regime(shown, unit, chain, form)
    fill = {} if floor else fill_of(policy, form)
    return page(
        "policies/plugin.html",
        status=form.status,
        policy=policy,
        reading=shown,
        card=card,
        floor=floor,
        floor_texts=await floor_texts(policy.id) if floor else [],
        form=form,
        on=frozenset(form.values("rule")),
        groups=await Document(policy, regime, here.today, fill).read(),
        conflicts=conflicts,
        own=_own(county.live, shown.plugin, unit, here.today),
        edited=form.value("activation"),
        field_of=field_of,
        text_name=text_name,
        hints=hints(policy),
        deciders="、".join(await service.who_decides()),
        single_source=len(policy.sources) == 1,
        **await around(here, unit),
    )


def _regime(
    shown: Reading, unit: UnitView, chain: Sequence[Activation], form: Form
) -> tuple[Regime | None, tuple[str, ...]]:
    """The regime in which the plugin would be in force as the form has it, or why it cannot be."""
    silent = Form({name: form.values(name) for name in form.names()})
    policy, choice = shown.policy, read_choice(shown.policy, silent)
    names = (policy.id, shown.plugin)
    others = [item for item in chain if item.plugin not in names or item.unit_id != unit.id]
    try:
        return beside(others, Adoption(policy, None, None, choice.without, choice.also, choice.fill)), ()
    except DangwuError as error:
        return None, error.problems
