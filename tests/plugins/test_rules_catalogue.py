"""The seven local practices carry every rule of the written catalogue, and nothing else.

`local-variants.rules.json` is that catalogue: each rule's id, the steps it touches (S01–S25 are admissions), and its basis.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from dangwu import INSERTED, Adoption, Policy, Rule, compose
from tests.floor import FLOOR
from tests.plugins.policies import PLUGINS, package, policy

CATALOGUE = {
    entry["id"]: entry["rules"]
    for entry in json.loads(Path(__file__).with_name("local-variants.rules.json").read_text("utf-8"))
}


def local(plugin: str, full_id: str) -> str:
    """A catalogue id without the plugin's prefix, as policy files write it."""
    return full_id.removeprefix(f"{plugin}.")


def entries(of: Policy) -> dict[str, list[Rule]]:
    """The policy's rules by id without prefix; one id may stand for several entries."""
    found: dict[str, list[Rule]] = {}
    for rule in of.rules:
        found.setdefault(local(of.id, rule.id), []).append(rule)
    return found


def listed(of: Policy) -> tuple[set[str], set[str]]:
    """The ids refused, and the ids left for later."""
    return {local(of.id, note.id) for note in of.refused}, {local(of.id, note.id) for note in of.later}


def test_the_catalogue_is_about_these_seven() -> None:
    assert set(CATALOGUE) == set(PLUGINS)


@pytest.mark.parametrize("plugin", PLUGINS)
def test_every_rule_of_the_catalogue_is_accounted_for_and_nothing_is_invented(plugin: str) -> None:
    found = policy(plugin)
    refused, later = listed(found)
    catalogued = {local(plugin, rule["id"]) for rule in CATALOGUE[plugin]}
    assert set(entries(found)) | refused | later == catalogued


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_rule_is_built_or_refused_or_left_for_later_but_never_two_of_them(plugin: str) -> None:
    found = policy(plugin)
    refused, later = listed(found)
    assert not refused & later
    assert not refused & set(entries(found))
    assert not later & set(entries(found))


@pytest.mark.parametrize("plugin", PLUGINS)
def test_what_does_not_touch_admissions_is_not_built_here(plugin: str) -> None:
    elsewhere = {
        local(plugin, rule["id"])
        for rule in CATALOGUE[plugin]
        if not any(step[:1] == "S" and step[1:3].isdigit() for step in rule["steps"])
    }
    assert not elsewhere & set(entries(policy(plugin)))


@pytest.mark.parametrize("plugin", PLUGINS)
def test_what_has_only_a_title_is_off_until_somebody_switches_it_on(plugin: str) -> None:
    rules = entries(policy(plugin))
    titles = [local(plugin, rule["id"]) for rule in CATALOGUE[plugin] if rule["basis"] == "题"]
    for one in titles:
        assert all(entry.off and entry.basis == "title-only" for entry in rules.get(one, ()))


@pytest.mark.parametrize("plugin", PLUGINS)
def test_refusals_give_a_reason_and_what_comes_later_says_what_it_is(plugin: str) -> None:
    found = policy(plugin)
    assert all(note.reason.endswith("。") for note in found.refused)
    assert all(note.note.endswith("。") and note.kind for note in found.later)


@pytest.mark.parametrize("plugin", PLUGINS)
def test_every_rule_cites_a_source_and_a_clause(plugin: str) -> None:
    found = policy(plugin)
    assert all(rule.cite.source in found.sources and rule.cite.clause for rule in found.rules)


@pytest.mark.parametrize("plugin", PLUGINS)
def test_the_readme_names_every_rule_every_blank_and_every_step_that_is_inserted(plugin: str) -> None:
    found = policy(plugin)
    readme = package(plugin).joinpath("README.md").read_text("utf-8")
    refused, later = listed(found)
    steps = {rule.steps[0] for rule in found.rules if rule.kind == "add"}
    named = refused | later | set(entries(found)) | set(found.blanks) | steps
    assert sorted(one for one in named if f"`{one}`" not in readme) == []


@pytest.mark.parametrize("plugin", PLUGINS)
def test_what_the_readme_calls_absorbed_is_reported_so(plugin: str) -> None:
    readme = package(plugin).joinpath("README.md").read_text("utf-8")
    rows = [line.split("|") for line in readme.splitlines() if line.startswith("|")]
    said = {name for row in rows if "被吸收" in row[1] for name in re.findall(r"`([a-z0-9.-]+)`", row[2])}
    regime = compose(FLOOR, [Adoption(policy(plugin))])
    tags = frozenset(tag for rule in policy(plugin).rules for tag in rule.when)
    found = {local(plugin, one.rule) for _, one in regime.on(date(2026, 9, 1), tags).absorbed}
    assert said <= found


@pytest.mark.parametrize("plugin", PLUGINS)
def test_what_a_practice_inserts_is_a_step_that_the_others_know_too(plugin: str) -> None:
    added = {rule.steps[0] for rule in policy(plugin).rules if rule.kind == "add"}
    assert added <= INSERTED["admission"].keys()
