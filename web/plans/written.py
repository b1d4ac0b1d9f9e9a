"""A number of a form as it is always written, be it typed in wide digits."""

from __future__ import annotations

from uuid import UUID

from core.casework.acts.forms import allotting
from core.errors import Invalid
from core.numbers.series import LONGEST
from core.organisation.access import access_unit
from core.text import one_line
from tenants.policies.regimes import regime_of_path
from web.kit.here import Here


async def written(here: Here, unit_id: UUID, step: str, first: str) -> str:
    """A number as it is always written. Raises Invalid for a step whose forms have none, or what is none."""
    unit = await access_unit(here.actor, unit_id, "number.allot")
    kind = allotting(await regime_of_path(unit.path), here.today).get(step)
    if kind is None:
        sentence = "现行政策没有要求由上级核发这种表的编号。请重新选择。"
        raise Invalid(sentence, code="step", fields={"step": sentence})
    return kind.number_of(one_line("first", "起始编号", first, most=LONGEST))
