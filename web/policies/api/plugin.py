"""One policy for the API: the document, its blanks, what was left out and why, and what is set at a unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from core.organisation.model import UnitView
from dangwu import Adoption, Blank, DangwuError, Note, Policy, Regime, Source, Unwritten
from tenants.policies.beside import beside
from tenants.policies.changes import Activation
from tenants.policies.regimes import cache
from web.policies.cards import Card, card_of
from web.policies.plugin.document import Document
from web.policies.plugin.lines import StepGroup


class PluginOut(msgspec.Struct):
    """`groups` are its rules by step; `activations` reach the unit, those that have ended too. What is said of a rule being
    absorbed speaks of the unit as it is, or as it would be with this policy."""

    card: Card
    sources: dict[str, Source]
    blanks: dict[str, Blank]
    groups: list[StepGroup]
    refused: list[Note]
    later: list[Note]
    unwritten: list[Unwritten]
    unchecked: list[Unwritten]
    activations: list[Activation]


async def plugin_out(policy: Policy, unit: UnitView, chain: Sequence[Activation], today: date) -> PluginOut:
    """Everything about a policy at a unit that `chain` reaches."""
    card = card_of(policy, unit, chain, today)
    mine = [item for item in chain if item.plugin == policy.id]
    fill = mine[-1].choice.fill if mine else {}
    return PluginOut(
        card=card,
        sources=dict(policy.sources),
        blanks=dict(policy.blanks),
        groups=await Document(policy, _regime(policy, card, chain), today, fill).read(),
        refused=list(policy.refused),
        later=list(policy.later),
        unwritten=list(policy.unwritten),
        unchecked=list(policy.unchecked),
        activations=mine,
    )


def _regime(policy: Policy, card: Card, chain: Sequence[Activation]) -> Regime | None:
    """The unit's regime; where the policy is not in force, the one in which it would be, None where it cannot."""
    if card.here or card.state == "always":
        return cache.regime(chain)
    try:
        return beside(chain, Adoption(policy))
    except DangwuError:
        # The card says why, in words.
        return None
