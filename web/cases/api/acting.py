"""What every act on a case by the API begins with, and how it is refused."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response

from core.casework.access import take_up
from core.casework.acts.refused import Refused
from core.casework.matter import Matter
from tenants.policies.regimes import regime_of_path
from web.kit.errors import problem
from web.kit.here import Here
from web.kit.requests import Request


def refused(request: Request, error: Refused) -> Response[dict[str, Any]]:
    """What the rules do not allow: 422 with every reason and the rules it rests on."""
    return problem(422, error.code, error.sentence, reasons=error.reasons)


async def taken_up(here: Here, case_id: UUID) -> Matter:
    """The case, to be acted on."""
    matter = await take_up(here.actor, case_id, regime_of_path)
    await matter.judge(here.today)
    return matter
