"""Cases in YAML that a clerk can read: every finding of the contract occurs in at least one, and the cases go as written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dangwu.author.rehearse import rehearse
from dangwu.facets.registry import FACETS
from dangwu.plugins.plugins import Plugins
from dangwu.say.sentences import STEP_SENTENCES
from tests.contract.conftest import HERE

FILES = sorted((HERE / "rehearsals").glob("*.yaml"))
ELSEWHERE = {"step.record", "check.error", "check.absent", "check.changed"}
"""Codes that no rehearsal needs: said of every step not begun; tested with hooks and with code that is gone."""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_case_goes_as_written(file: Path, trial: Plugins) -> None:
    assert rehearse(trial, file.read_text("utf-8"), where=file.name).problems == ()


def test_every_finding_occurs() -> None:
    """What facets and steps can say, against what the rehearsals expect (`because`), which the test above plays."""
    ours = [kind for kind in FACETS.values() if kind.__module__.startswith("dangwu.facets.")]
    declared = {f"{kind.name}.{reason}" for kind in ours for reason in kind.sentences} | set(STEP_SENTENCES)
    text = "".join(file.read_text("utf-8") for file in FILES)
    expected = {
        code.strip()
        for listed in re.findall(r"[{ ]because: \[([^\]]*)\]", text)
        for code in listed.split(",")
    }
    assert expected - declared == set()
    assert declared - expected == ELSEWHERE


def test_every_state_of_a_step_and_of_a_case_occurs() -> None:
    text = "".join(file.read_text("utf-8") for file in FILES)
    assert {*re.findall(r"step: [\w-]+, state: (\w+)", text)} == {
        "done", "waived", "open", "waiting", "failed", "blocked",
    }  # fmt: skip
    assert {*re.findall(r"status: (\w+)", text)} == {"running", "closed", "completed"}
    assert {*re.findall(r"membership: (\w+)", text)} >= {"none", "applicant", "activist", "prospect"}
    assert {*re.findall(r"membership: (\w+)", text)} >= {"probationary", "full"}
