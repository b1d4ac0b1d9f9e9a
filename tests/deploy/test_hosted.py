"""The samples for a server say what the program takes: its commands and its settings, in compose, systemd and the chart.

The chart is rendered and held against Kubernetes by tests/trials/test_chart.py.
"""

from __future__ import annotations

import re
from argparse import ArgumentParser
from pathlib import Path

import pytest
import yaml

from deploy.commands import register
from deploy.console.command import HOST, PORT
from deploy.settings import Settings, variable
from tenants.ground.pulse import FOLDER

HOSTED = Path(__file__).parents[2] / "deploy" / "hosted"
SERVICES = yaml.safe_load((HOSTED / "compose.yaml").read_text())["services"]
UNITS = {path.stem: path.read_text() for path in (HOSTED / "systemd").glob("*.service")}
CHART = HOSTED / "chart"
OURS = {"migrate", "web", "worker", "relay"}


def started() -> list[list[str]]:
    """The command lines, without `dangwu` itself."""
    units = [
        re.findall(r"^ExecStart=\S+/dangwu (.+)$", text, re.MULTILINE)[0].split() for text in UNITS.values()
    ]
    return units + [SERVICES[name]["command"][1:] for name in sorted(OURS)]


def test_both_samples_have_all_parts() -> None:
    assert {name.removeprefix("dangwu-") for name in UNITS} == OURS
    assert set(SERVICES) >= OURS


@pytest.mark.parametrize("words", started(), ids=" ".join)
def test_every_command_is_one(words: list[str]) -> None:
    parser = ArgumentParser()
    register(parser.add_subparsers())
    assert callable(parser.parse_args(words).run)


def test_every_setting_is_one() -> None:
    known = {FOLDER} | {variable(field) for field in Settings.__struct_fields__}
    for path in (file for file in HOSTED.rglob("*") if file.is_file()):
        assert set(re.findall(r"\bDANGWU_[A-Z_]+", path.read_text())) <= known, path.name


OPERATE = (HOSTED / "operate.md").read_text()


@pytest.mark.parametrize("words", re.findall(r"`dangwu (\w[^`…]+)`", OPERATE))
def test_what_an_operator_is_told_to_type_is_taken(words: str) -> None:
    parser = ArgumentParser()
    register(parser.add_subparsers())
    assert callable(parser.parse_args(words.split()).run)


def test_the_operator_is_started_by_himself_and_reached_on_the_machine_alone() -> None:
    operator = SERVICES["operator"]
    assert (operator["profiles"], operator["ports"]) == (["operate"], [f"{HOST}:{PORT}:{PORT}"])
    [console] = re.findall(r"--service-ports operator dangwu (console --container [^`]+)`", OPERATE)
    parser = ArgumentParser()
    register(parser.add_subparsers())
    assert parser.parse_args(console.split()).container
    assert not parser.parse_args(["console", "--name", "周运维"]).container
    assert f"port-forward deploy/名称-operator {PORT}" in OPERATE
    given = (HOSTED / "roles.sh").read_text()
    for name in re.findall(r"\$(\w+_PASSWORD)", given):
        assert name in SERVICES["postgres"]["environment"]


def test_only_what_migrates_knows_the_owner() -> None:
    """The pages and the worker cannot even be led to the role that owns the tables."""
    owner = "DANGWU_OWNER_DATABASE_URL"
    assert [name for name, text in sorted(UNITS.items()) if "dangwu-owner.env" in text] == ["dangwu-migrate"]
    assert [name for name in sorted(OURS) if owner in SERVICES[name]["environment"]] == ["migrate"]


def test_the_chart_has_all_parts_and_hands_no_secret_to_all() -> None:
    values = yaml.safe_load((CHART / "values.yaml").read_text())
    assert all(values[part]["resources"]["limits"] for part in OURS)
    secret = {
        "database_url",
        "owner_database_url",
        "redis_url",
        "secret",
        "ledger_key",
        "backup_database_url",
        "smtp",
        "metrics_token",
    }
    assert not values["settings"].keys() & {variable(field) for field in secret}
    assert len(set(values["secrets"].values())) == 4
