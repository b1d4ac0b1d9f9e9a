"""A plugin beside those that are in force at a unit: whether it goes with them, what is left to be filled, what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dangwu import Adoption, DangwuError, Policy, Regime
from tenants.policies import floors
from tenants.policies.changes import Activation
from tenants.policies.plugins import BrokenPlugin
from tenants.policies.regimes import on_floor
from tenants.policies.texts import known


def beside(chain: Iterable[Activation], adoption: Adoption) -> Regime:
    """The regime of these activations with one adoption more. Raises DangwuError, and BrokenPlugin as `compiled`."""
    return on_floor(chain, floors.in_force(), adoption)


def conflicts(policy: Policy, chain: Iterable[Activation], day: date) -> tuple[str, ...]:
    """Why the policy cannot be adopted beside the others, in sentences; empty when it can."""
    try:
        beside(chain, Adoption(policy, day))
    except DangwuError as error:
        return error.problems
    except BrokenPlugin:
        # Another one that is in force: it is said once, above the cards.
        return ()
    return ()


def open_blanks(policy: Policy, adoption: Adoption) -> tuple[str, ...]:
    """The titles of the blanks that adopted rules wait for and nobody has filled."""
    names = dict.fromkeys(blank for rule in policy.rules if adoption.takes(rule) for blank in rule.blanks)
    return tuple(policy.blanks[name].title for name in names if name not in adoption.fill)


def missing(chain: Iterable[Activation], today: date) -> list[str]:
    """The plugins in force of which no text was ever kept: where they hold nothing is judged."""
    return sorted({item.plugin for item in chain if item.runs_on(today) and known(item.text) is None})
