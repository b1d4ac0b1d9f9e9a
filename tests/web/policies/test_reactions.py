"""`dangwu_react`: the plugins in force hear what has happened, after the commit, at least once, and are named when they fail."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from core.casework.carry import follow_people
from dangwu import EVENTS
from tenants.database.session import county_session
from tenants.policies.changes import Adopt, Choice, End
from tenants.policies.hooks.reactions import react
from tenants.policies.regimes import regime_of_path
from tenants.policies.service import apply
from tenants.queue.run import MOST_ATTEMPTS, TaskFailed
from tests.floor import STEPS
from tests.web.conftest import TODAY, Browser, Seeded
from tests.web.policies.seed import case_after, clerk, do
from tests.web.policies.stranger import POLICY, write

EXAMPLE = """
import json
from pathlib import Path
import dangwu

@dangwu.hookimpl
def dangwu_react(event):
    with Path(__file__).with_suffix(".heard").open("a") as heard:
        print(json.dumps([event.id, event.kind, event.step, event.state, event.plugin, event.case]), file=heard)
"""
FAILS = "import dangwu\n\n@dangwu.hookimpl\ndef dangwu_react(event):\n    {body}\n"


async def adopt(county: Seeded, plugin: str, unit: str = "组织部") -> UUID:
    async with county_session(county.id):
        change = Adopt(plugin=plugin, since=TODAY, choice=Choice(basis="县委会议纪要"))
        (item,) = await apply(clerk(county, "department"), county.units[unit].id, change, TODAY)
    return item.id


async def messages(county: Seeded, plugin: str) -> list[dict[str, Any]]:
    """What is called for and was not done yet, oldest first."""
    async with county_session(county.id) as session:
        rows = await session.fetch(
            """select message -> 'kwargs' given from outbox o where message ->> 'actor_name' = 'react'
               and message -> 'kwargs' ->> 'plugin' = $1 and not exists (
                   select from task_run r where r.message_id::text = message -> 'kwargs' ->> 'run_id' and finished_at is not null)
               order by id""",
            plugin,
        )
    return [msgspec.json.decode(row["given"]) for row in rows]


async def deliver(county: Seeded, plugin: str) -> None:
    """As the worker would."""
    for given in await messages(county, plugin):
        await react.fn.__wrapped__(**given)  # type: ignore[attr-defined]


def heard(folder: Path, plugin: str) -> list[list[str]]:
    """What the example has written down."""
    file = folder / f"{plugin}.heard"
    return (
        [msgspec.json.decode(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []
    )


async def test_a_plugin_hears_what_happens_where_it_is_in_force(
    admin: Browser, county: Seeded, shelf: Path
) -> None:
    write(shelf, "hearing", POLICY, EXAMPLE)
    await case_after(county, "东街支部", "先前", "applicant-talk", date(2026, 3, 2))
    await adopt(county, "hearing", "城关镇党委")
    case = await case_after(county, "东街支部", "甲闻", "applicant-talk", date(2026, 3, 2))
    await case_after(county, "上河支部", "乙闻", "applicant-talk", date(2026, 3, 2))
    await do(county, case, "activist-decision", date(2026, 9, 1))
    await deliver(county, "hearing")
    told = heard(shelf, "hearing")
    assert [(kind, step, plugin, of) for _, kind, step, _, plugin, of in told if kind != "state-reached"] == [
        ("policy-changed", "", "hearing", ""),
        ("opened", "", "", str(case)),
        ("recorded", "activist-decision", "", str(case)),
    ]
    assert [state for _, kind, _, state, _, _ in told if kind == "state-reached"] == ["applicant", "activist"]
    assert len({one for one, *_ in told}) == len(told)


async def test_what_is_delivered_again_has_the_same_id(county: Seeded, shelf: Path, admin: Browser) -> None:
    write(shelf, "twice", POLICY, EXAMPLE)
    await adopt(county, "twice")
    (message,) = await messages(county, "twice")
    await deliver(county, "twice")
    async with county_session(county.id) as session:
        await session.execute(
            "update task_run set finished_at = null where message_id = $1", UUID(message["run_id"])
        )
    await deliver(county, "twice")
    first, second = heard(shelf, "twice")
    assert first == second


async def test_nothing_is_told_of_what_was_not_committed(county: Seeded, shelf: Path, admin: Browser) -> None:
    write(shelf, "undone", POLICY, EXAMPLE)
    with pytest.raises(ZeroDivisionError):
        async with county_session(county.id):
            change = Adopt(plugin="undone", since=TODAY, choice=Choice(basis="县委会议纪要"))
            await apply(clerk(county, "department"), county.units["组织部"].id, change, TODAY)
            raise ZeroDivisionError
    assert await messages(county, "undone") == []


async def test_a_move_and_the_end_of_a_policy_are_told(county: Seeded, shelf: Path, admin: Browser) -> None:
    write(shelf, "leaving", POLICY, EXAMPLE)
    item = await adopt(county, "leaving")
    case = await case_after(county, "东街支部", "丙闻", "applicant-talk", date(2026, 3, 2))
    async with county_session(county.id) as session:
        person = await session.fetchval("select person_id from case_file where id = $1", case)
        there = county.units["上河支部"]
        await session.execute(
            "update person set unit_id = $2, path = $3 where id = $1", person, there.id, there.path
        )
        await follow_people(clerk(county, "department"), [person], [], TODAY, regime_of_path)
    async with county_session(county.id):
        end = End(activation_id=item, day=date(2026, 12, 1), basis="县委会议纪要")
        await apply(clerk(county, "department"), county.units["组织部"].id, end, TODAY)
    await deliver(county, "leaving")
    kinds = [kind for _, kind, *_ in heard(shelf, "leaving")]
    assert kinds[0] == kinds[-1] == "policy-changed"
    assert "person-moved" in kinds
    assert set(kinds) <= set(EVENTS)


async def test_the_end_of_a_case_is_told_with_how_it_ended(
    county: Seeded, shelf: Path, admin: Browser
) -> None:
    write(shelf, "ending", POLICY, EXAMPLE)
    await adopt(county, "ending")
    case = await case_after(county, "东街支部", "丁闻", STEPS[-2], date(2026, 3, 2))
    await do(county, case, STEPS[-1], date(2026, 9, 1))
    await deliver(county, "ending")
    told = [(kind, state) for _, kind, _, state, _, of in heard(shelf, "ending") if of == str(case)]
    assert told[-1] == ("ended", "completed")


@pytest.mark.parametrize("body", ["raise RuntimeError('坏了')", "import os; os._exit(3)", "x = [0] * 10**9"])
async def test_one_that_fails_is_tried_again_and_then_named_where_administrators_look(
    body: str, county: Seeded, shelf: Path, admin: Browser
) -> None:
    name = f"failing-{uuid4().hex[:6]}"
    write(shelf, name, POLICY.replace("某县补充规定", f"{name} 办法"), FAILS.format(body=body))
    await adopt(county, name)
    (message,) = await messages(county, name)
    async with county_session(county.id) as session:
        await session.execute(
            "insert into task_run (message_id, task, attempts) values ($1, 'react', $2)",
            UUID(message["run_id"]), MOST_ATTEMPTS - 1,
        )  # fmt: skip
    with pytest.raises(TaskFailed):
        await react.fn.__wrapped__(**message)  # type: ignore[attr-defined]
    log = (await admin.open("/accounts/log")).text
    assert f"插件接连出错，这件事没有告诉它：{name} 办法（1 件）" in log
