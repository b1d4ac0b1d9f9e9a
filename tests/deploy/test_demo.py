"""The demo counties, filled into a real database."""

from __future__ import annotations

import time
from base64 import b64decode
from collections.abc import AsyncIterator
from datetime import date
import os

import pytest

from core import secrecy
from deploy.demo import seed


@pytest.fixture(scope="module")
async def seeded(pool: object, today: date) -> AsyncIterator[str]:
    secrecy.install(b64decode(os.environ["DANGWU_SECRET"]))
    begun = time.perf_counter()
    said = await seed(today)
    print(f"{time.perf_counter() - begun:.1f} s")
    yield said


async def test_x(seeded: str) -> None:
    import sys; print(sys.modules.get("demo_prof") and sys.modules["demo_prof"].stat)
    print(seeded)
