"""100,000 people in 19 columns, from the upload to the register: entered, corrected, and as they were before."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.bench.timed import say
from tests.core.register.roster.rosters import member, roster
from tests.deploy.test_serve import Running
from tests.trials.measured import size
from tests.trials.platform import counties, served, signed_in
from tests.web.conftest import Browser, Seeded

pytestmark = [pytest.mark.anyio, pytest.mark.trial, pytest.mark.timeout(1800)]

MIB = 1024 * 1024
AT_WORK = frozenset({"uploaded", "confirmed", "undoing"})


class Measured:
    """Seconds from the upload on without those of whoever confirms, and the most memory that the worker has had meanwhile."""

    def __init__(self, platform: Running, who: Browser) -> None:
        self.seconds, self.memory = 0.0, 0
        self._platform, self._who = platform, who

    async def ended(self, batch: str, state: str) -> dict[str, Any]:
        """The batch once the worker is done with it, in this state."""
        begun = time.monotonic()
        while (found := (await self._who.get(batch)).json())["state"] in AT_WORK:
            for worker in self._platform.children("dramatiq"):
                with suppress(psutil.NoSuchProcess):
                    self.memory = max(self.memory, worker.memory_info().rss)
            await asyncio.sleep(0.1)
        self.seconds += time.monotonic() - begun
        assert found["state"] == state, found["refusal"]
        return dict(found)

    def said(self, what: str) -> None:
        """Print it, and hold it against what is promised."""
        say(f"{what}：{self.seconds:.1f} 秒，后台进程最多 {self.memory // MIB} MB")
        assert self.seconds <= size("IMPORT", 60)
        assert self.memory <= size("MEMORY", 400) * MIB


def filled(people: int, road: str) -> bytes:
    """A roster of so many, each cell filled in."""
    return roster(
        member(
            one, unit="城关镇东街支部", ethnicity="汉族", education="大学", job="公务员", phone=f"138{one:08d}",
            landline=f"0431-8{one:07d}", address=f"吉林省长春市绿园区{road}{one}号", standing="正常", lost_contact="否",
            mobile="是", destination=f"吉林省长春市朝阳区{one}号",
        )
        for one in range(people)
    )  # fmt: skip


async def imported(
    measured: Measured, who: Browser, county: Seeded, content: bytes
) -> tuple[str, dict[str, int]]:
    """Where the batch is, and how many rows of each kind were written."""
    headers, begun = {"x-csrftoken": who.token}, time.monotonic()
    answer = await who.post(
        "/api/v1/imports", data={"unit": str(county.units["组织部"].id)}, files={"file": ("名册.xlsx", content)}, headers=headers
    )  # fmt: skip
    assert answer.status_code == 201, answer.text
    measured.seconds += time.monotonic() - begun
    batch = f"/api/v1/imports/{answer.json()['id']}"
    await measured.ended(batch, "parsed")
    assert (await who.post(f"{batch}/confirm", headers=headers)).is_success
    return batch, (await measured.ended(batch, "applied"))["counts"]


async def test_a_county_is_imported_corrected_and_as_before(tmp_path: Path) -> None:
    people = int(size("ROWS", 100_000))
    first, second = filled(people, "东街"), filled(people, "西街")
    with served(tmp_path) as platform:
        [county] = await counties(1)
        async with signed_in(platform, county, "department-organizer") as who:
            entering, correcting, undoing = (Measured(platform, who) for _ in range(3))
            _, counts = await imported(entering, who, county, first)
            assert counts["new"] == people
            batch, counts = await imported(correcting, who, county, second)
            assert counts["changed"] == people
            assert (await who.post(f"{batch}/undo", headers={"x-csrftoken": who.token})).is_success
            await undoing.ended(batch, "undone")
    for what, measured in (("登记", entering), ("更正", correcting), ("撤销更正", undoing)):
        measured.said(f"{what} {people:,} 人")
