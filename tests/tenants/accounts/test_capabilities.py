"""The table of roles says what it should, refuses unknown words, and is printed truly in the README."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from tenants.accounts.capabilities import CAPABILITIES, ROLES, Held, actor_of, role, table

TODAY = date(2026, 11, 21)


def held(role_id: str, path: str, kind: str, since: date = TODAY, until: date | None = None) -> Held:
    return Held(role_id, uuid4(), path, kind, since, until)


def test_an_unknown_capability_raises_when_it_is_said() -> None:
    with pytest.raises(LookupError, match=r"case\.approve"):
        role("x", "某职务", at="branch").may("case.view", "case.approve")  # type: ignore[arg-type]
    assert "x" not in ROLES


def test_an_unknown_level_and_a_second_declaration_raise() -> None:
    with pytest.raises(LookupError, match="province"):
        role("x", "某职务", at="province")
    with pytest.raises(LookupError, match="twice"):
        role("branch-secretary", "党支部书记", at="branch")


def test_every_capability_is_held_by_some_role() -> None:
    assert {word for item in ROLES.values() for word in item.capabilities} == set(CAPABILITIES)


def test_nobody_who_records_in_cases_decides_about_policies_and_accounts_of_the_whole_county() -> None:
    for item in ROLES.values():
        if item.at == "department" and "case.record" in item.capabilities:
            assert not {"policy.activate", "account.edit"} & item.capabilities


def test_who_only_reads_changes_nothing() -> None:
    assert {word.rsplit(".")[1] for word in ROLES["inspector"].capabilities} == {"view"}


def test_a_role_covers_its_unit_and_all_below_and_nothing_else() -> None:
    actor = actor_of(uuid4(), "张", [held("committee-secretary", "/d/c/", "committee")], TODAY)
    assert actor.may("case.view", "/d/c/")
    assert actor.may("case.view", "/d/c/b/")
    assert not actor.may("case.view", "/d/")
    assert not actor.may("case.view", "/d/cc/")
    assert not actor.may("identity.reveal", "/d/c/b/")
    assert actor.levels("/d/c/b/") == {"committee"}


@pytest.mark.parametrize(
    ("since", "until", "counts"),
    [
        (date(2026, 11, 21), None, True),
        (date(2026, 11, 22), None, False),
        (date(2020, 1, 1), date(2026, 11, 22), True),
        (date(2020, 1, 1), date(2026, 11, 21), False),
    ],
)
def test_a_role_counts_on_its_days_only(since: date, until: date | None, counts: bool) -> None:
    actor = actor_of(uuid4(), "张", [held("branch-secretary", "/d/c/b/", "branch", since, until)], TODAY)
    assert actor.may("case.record", "/d/c/b/") is counts


def test_an_inspector_acts_at_the_level_of_his_unit() -> None:
    actor = actor_of(uuid4(), "张", [held("inspector", "/d/", "department")], TODAY)
    assert actor.holdings[0].level == "department"
    actor = actor_of(uuid4(), "张", [held("inspector", "/d/c/g/", "general-branch")], TODAY)
    assert actor.holdings[0].level == "general-branch"
    actor = actor_of(uuid4(), "张", [held("inspector", "/d/c/b/g/", "group")], TODAY)
    assert actor.holdings[0].level == "branch"


def test_a_role_that_is_no_longer_declared_gives_nothing() -> None:
    assert actor_of(uuid4(), "张", [held("abolished", "/d/", "department")], TODAY).holdings == ()


def test_the_page_prints_the_table_as_it_is() -> None:
    page = Path(__file__).parents[3] / "tenants" / "accounts" / "may.md"
    assert table() in page.read_text(encoding="utf-8")
