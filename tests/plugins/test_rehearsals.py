"""Each plugin's rehearsals are its tests: cases that a clerk can read, played as `dangwu rehearse` plays them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dangwu import discover, rehearse
from tests.plugins.policies import FOLDER, PLUGINS, package

TOGETHER = Path(__file__).parents[1] / "rehearsals"
"""Cases of several practices together, and those that everything must hold by."""
FILES = [*sorted(TOGETHER.glob("*.yaml")), *sorted(FOLDER.glob("*/dangwu_*/**/rehearsals/*.yaml"))]
ALL = discover()


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parents[1].name}/{file.stem}")
def test_the_case_goes_as_written(file: Path) -> None:
    assert rehearse(ALL, file.read_text("utf-8"), where=str(file)).problems == ()


@pytest.mark.parametrize(("plugin", "least"), [("national", 8), *((plugin, 4) for plugin in PLUGINS)])
def test_every_plugin_is_rehearsed(plugin: str, least: int) -> None:
    assert len(list((package(plugin) / "rehearsals").glob("*.yaml"))) >= least
