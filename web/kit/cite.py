"""A rule as a page shows it: what it is called, where it stands, since when it holds, how well its source was checked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from dangwu import Citation, Finding, Regime, StepRules, explain


def anchor(rule_id: str) -> str:
    """The id of a rule's line on its plugin's page."""
    return "r-" + rule_id.replace(".", "-")


def address(plugin: str, rule_id: str, unit: str = "") -> str:
    """Where a rule's line is: on its plugin's page, with the setting of the unit of this id."""
    return f"/policies/{plugin}" + (f"?unit={unit}" if unit else "") + f"#{anchor(rule_id)}"


class CitedRule(msgspec.Struct, frozen=True):
    """A rule with its document and clause; `since` None: as long as its source; `marks` are doubts that must be shown."""

    id: str
    plugin: str
    policy: str
    title: str
    source: str
    clause: str
    since: date | None
    note: str
    marks: tuple[str, ...]

    @property
    def href(self) -> str:
        """Its place on the page of its policy."""
        return address(self.plugin, self.id)


def cited(regime: Regime, one: Citation) -> CitedRule:
    """A citation of the contract with what the page adds."""
    since = min((bound.since for bound in regime.bound if bound.rule.id == one.rule), default=date.min)
    return CitedRule(
        id=one.rule,
        plugin=one.plugin,
        policy=one.policy,
        title=one.title,
        source=one.source,
        clause=one.clause,
        since=since if since > date.min else None,
        note=regime.rules[one.rule].note if one.rule in regime.rules else "",
        marks=tuple(mark for mark in (one.checked, one.basis) if mark),
    )


def cited_all(regime: Regime, found: Iterable[Citation]) -> tuple[CitedRule, ...]:
    """Several, each once."""
    return tuple(cited(regime, one) for one in dict.fromkeys(found))


def cited_ids(regime: Regime, rule_ids: Iterable[str]) -> tuple[CitedRule, ...]:
    """Rules by their ids; one that this regime does not have is left out."""
    return tuple(
        cited(regime, explain.citation(regime, one)) for one in dict.fromkeys(rule_ids) if one in regime.rules
    )


def cited_of(regime: Regime, rules: StepRules | None, finding: Finding) -> tuple[CitedRule, ...]:
    """The rules that a finding rests on."""
    return cited_all(regime, explain.citations(regime, rules, finding))
