"""Each plugin's rehearsals are its tests: cases that a clerk can read, played as `dangwu rehearse` plays them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dangwu import rehearse
from tests.floor import INSTALLED
from tests.plugins.policies import FOLDER, package, policy, ruled

TOGETHER = Path(__file__).parents[1] / "rehearsals"
"""Cases of several practices together, and those that everything must hold by."""
FILES = [*sorted(TOGETHER.glob("*.yaml")), *sorted(FOLDER.glob("*/dangwu_*/**/rehearsals/*.yaml"))]
ALL = INSTALLED


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parents[1].name}/{file.stem}")
def test_the_case_goes_as_written(file: Path) -> None:
    assert rehearse(ALL, file.read_text("utf-8"), where=str(file)).problems == ()


@pytest.mark.parametrize("plugin", ["national", *ruled()])
def test_every_plugin_is_rehearsed(plugin: str) -> None:
    """The floor by eight cases, a practice by four, or by one for each of its rules where it has fewer."""
    least = 8 if plugin == "national" else min(4, len(policy(plugin).rule_ids()))
    assert len(list((package(plugin) / "rehearsals").glob("*.yaml"))) >= least
