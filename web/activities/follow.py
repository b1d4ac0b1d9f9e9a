"""The records that were made at an activity, put right together with it: tried first, and what comes of each said."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from core.activities.amend import Amendment
from core.casework.access import take_up
from core.casework.acts.follow import follow_meeting
from core.casework.lists.held import HeldLine
from core.errors import Forbidden
from tenants.policies.regimes import regime_of_path
from web.kit.casework import LEVELS
from web.kit.forms import Form, attempt
from web.kit.here import Here
from web.kit.procedures import step_title


class Followed(msgspec.Struct, frozen=True):
    """One of them: whose, of which step, in which case; the level that `agrees` first, or why it is `refused`."""

    name: str
    step: str
    case_id: UUID
    agrees: str = ""
    refused: str = ""


async def followed(here: Here, change: Amendment, lines: Sequence[HeldLine], reason: str) -> list[Followed]:
    """Put them right; one that is refused is left as it was."""
    # Two who do so at once lock the cases in the same order.
    return [await _followed(here, change, one, reason) for one in sorted(lines, key=lambda one: one.case_id)]


async def _followed(here: Here, change: Amendment, line: HeldLine, reason: str) -> Followed:
    mine, who = Form.blank(), (line.person_name, step_title(line.step), line.case_id)
    day, counted = change.now.content.day, change.now.counted
    try:
        async with attempt(mine):
            matter = await take_up(here.actor, line.case_id, regime_of_path, "case.record")
            agrees = await follow_meeting(
                here.actor, matter, line.entry_id, day, counted, reason or "会议的记录更正", here.today
            )
            return Followed(*who, agrees=LEVELS.get(agrees, ""))
    except Forbidden as error:
        return Followed(*who, refused=error.sentence)
    return Followed(*who, refused=mine.sentence)
