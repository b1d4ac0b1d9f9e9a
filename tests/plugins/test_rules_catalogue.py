"""The local practices carry every rule of the written catalogue, and nothing else."""

from __future__ import annotations

import re
import tomllib
from datetime import date

import pytest

from dangwu import INSERTED, Adoption, Policy, Rule, compose
from tests.floor import FLOOR
from tests.plugins.catalogue import CATALOGUE, catalogued, classes, counts, local
from tests.plugins.policies import PLUGINS, PRACTICES, package, policy


def entries(of: Policy) -> dict[str, list[Rule]]:
    """The policy's rules by id without prefix; one id may stand for several entries."""
    found: dict[str, list[Rule]] = {}
    for rule in of.rules:
        found.setdefault(local(of.id, rule.id), []).append(rule)
    return found


def test_every_practice_is_of_the_catalogue_and_installed() -> None:
    project = tomllib.loads((PRACTICES.parent / "pyproject.toml").read_text("utf-8"))["project"]
    modules = {plugin: f"dangwu_practices.{package(plugin).name}" for plugin in PLUGINS}
    assert project["entry-points"]["dangwu.plugins"] == modules
    assert set(PLUGINS) <= set(CATALOGUE)


def test_each_of_the_589_rules_is_counted_once() -> None:
    assert len(CATALOGUE) == 38
    assert counts().total() == 589


@pytest.mark.parametrize("plugin", PLUGINS)
def test_every_rule_of_the_catalogue_is_accounted_for_and_nothing_is_invented(plugin: str) -> None:
    assert set().union(*classes(policy(plugin)).values()) == catalogued(plugin)


@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_rule_is_in_one_class_only(plugin: str) -> None:
    found = classes(policy(plugin)).values()
    assert sum(map(len, found)) == len(set().union(*found))


@pytest.mark.parametrize("plugin", PLUGINS)
def test_what_does_not_touch_admissions_asks_nothing_of_a_step(plugin: str) -> None:
    elsewhere = {
        local(plugin, rule["id"])
        for rule in CATALOGUE[plugin]
        if not any(step[:1] == "S" and step[1:3].isdigit() for step in rule["steps"])
    }
    built = entries(policy(plugin))
    assert not [one for one in elsewhere & set(built) for rule in built[one] if rule.procedure == "admission"]


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
    assert all(note.note.endswith("。") for note in found.later)
    assert {note.kind for note in found.later} <= {"dues", "election", "disposal"}
    assert all(note.title and note.reason.endswith("。") for note in (*found.unwritten, *found.unchecked))


@pytest.mark.parametrize("plugin", PLUGINS)
def test_every_rule_cites_a_source_and_a_clause(plugin: str) -> None:
    found = policy(plugin)
    assert all(rule.cite.source in found.sources and rule.cite.clause for rule in found.rules)


@pytest.mark.parametrize("plugin", PLUGINS)
def test_the_readme_names_every_rule_every_blank_and_every_step_that_is_inserted(plugin: str) -> None:
    found = policy(plugin)
    readme = package(plugin).joinpath("README.md").read_text("utf-8")
    steps = {rule.steps[0] for rule in found.rules if rule.kind == "add"}
    named = catalogued(plugin) | set(found.blanks) | steps
    assert sorted(one for one in named if f"`{one}`" not in readme) == []


@pytest.mark.parametrize("plugin", PLUGINS)
def test_what_the_readme_calls_absorbed_is_reported_so(plugin: str) -> None:
    readme = package(plugin).joinpath("README.md").read_text("utf-8")
    rows = [line.split("|") for line in readme.splitlines() if line.startswith("|")]
    said = {name for row in rows if "被吸收" in row[1] for name in re.findall(r"`([a-z0-9.-]+)`", row[2])}
    regime = compose(FLOOR, [Adoption(policy(plugin))])
    tags = frozenset(tag for rule in policy(plugin).rules for tag in rule.when)
    found = {
        local(plugin, one.rule)
        for procedure in FLOOR.procedures
        for _, one in regime.on(date(2026, 9, 1), tags, procedure).absorbed
    }
    assert said <= found


@pytest.mark.parametrize("plugin", PLUGINS)
def test_what_a_practice_inserts_is_a_step_that_the_others_know_too(plugin: str) -> None:
    added = {rule.steps[0] for rule in policy(plugin).rules if rule.kind == "add"}
    assert added <= INSERTED["admission"].keys()
