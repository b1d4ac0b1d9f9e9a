"""The forty written combinations of practices (C01 to C40): each is a rehearsal, whose title ends with its number."""

from __future__ import annotations

import re

from tests.plugins.test_rehearsals import FILES

COMBINATIONS = {f"C{number:02}" for number in range(1, 41)}


def test_each_written_combination_is_rehearsed() -> None:
    titles = (file.read_text("utf-8").splitlines()[0] for file in FILES)
    assert {number for title in titles for number in re.findall(r"C\d\d", title)} == COMBINATIONS
