"""Folders of plugins that this process reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.policies.stranger import again


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """One for a test."""
    yield from _read(tmp_path)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One for all tests of a module: what a county has adopted stays there."""
    yield from _read(tmp_path_factory.mktemp("shelf"))


def _read(folder: Path) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DANGWU_PLUGINS", str(folder))
        again()
        yield folder
    again()
