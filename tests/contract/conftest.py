"""The installed plugins, and with them the policies of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from dangwu.plugins.plugins import Plugins, discover
from tests.floor import INSTALLED

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def plugins() -> Plugins:
    """All installed plugins."""
    return INSTALLED


@pytest.fixture(scope="session")
def trial() -> Plugins:
    """All installed plugins, and the policies in policies/ that exist for these tests."""
    return discover(HERE / "policies")
