"""The installed plugins."""

from __future__ import annotations

import pytest

from dangwu.plugins import Plugins, discover


@pytest.fixture(scope="session")
def plugins() -> Plugins:
    """All installed plugins."""
    return discover()
