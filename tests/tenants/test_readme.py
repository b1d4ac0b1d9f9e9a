"""The READMEs of tenants/ name every task, and the figures they give are real."""

from __future__ import annotations

import re
from pathlib import Path

from migrations.support import PRIVILEGES
from tenants.ground.environment import QUEUE_DB, SESSIONS_DB
from tenants.queue.broker import HEARTBEAT_TIMEOUT, broker
from tenants.queue.relay import ROUND_SECONDS
from tenants.queue.run import MOST_ATTEMPTS
from tenants.queue.starts import MOST_DEATHS

ROOT = Path(__file__).parents[2]
QUEUE, WORKER = (
    (ROOT / "tenants" / name / "README.md").read_text(encoding="utf-8") for name in ("queue", "worker")
)


def test_every_task_is_in_its_table() -> None:
    import tenants.worker.tasks as tasks

    named = set(re.findall(r"`(\w+)`", WORKER.split("| task | what |")[1].split("\n\n")[0])) - {
        "enqueue_sweeps"
    }
    ours = {name for name, actor in broker.actors.items() if actor is getattr(tasks, name, None)}
    assert named == ours


def test_the_figures_are_those_of_the_code() -> None:
    for said in (
        f"every {ROUND_SECONDS:.0f} seconds",
        f"after {HEARTBEAT_TIMEOUT // 1000} seconds",
        f"after {MOST_ATTEMPTS} failures",
        f"died {('once', 'twice')[MOST_DEATHS - 1]}",
        f"Redis database {SESSIONS_DB} holds",
        f"database {QUEUE_DB} the queue",
    ):
        assert said in f"{QUEUE}{WORKER}".replace("\n", " "), said


def test_the_migrations_readme_names_every_helper() -> None:
    import migrations.support as support

    text = (ROOT / "migrations" / "README.md").read_text(encoding="utf-8")
    helpers = [
        name for name, item in vars(support).items() if callable(item) and item.__module__ == support.__name__
    ]
    assert helpers
    assert all(f"`{name}`" in text for name in helpers)
    assert set(PRIVILEGES) == {"select", "insert", "update", "delete"}
