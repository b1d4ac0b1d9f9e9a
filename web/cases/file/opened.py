"""Opening the file of a case for a page: the case with the policies in force where it is."""

from __future__ import annotations

from uuid import UUID

import msgspec

from core.casework.lists.detail import CaseDetail, case_detail
from dangwu import Regime
from tenants.policies.regimes import regime_of_path
from web.cases.file.task import CaseView
from web.cases.file.view import view
from web.kit.here import Here
from web.kit.units import Place, way_down


class CaseFile(msgspec.Struct, frozen=True):
    """A case as pages of it need it."""

    detail: CaseDetail
    regime: Regime
    view: CaseView
    units: tuple[Place, ...]

    @property
    def id(self) -> UUID:
        """The case's id."""
        return self.detail.line.id

    @property
    def name(self) -> str:
        """The person's name."""
        return self.detail.line.person_name

    @property
    def version(self) -> int:
        """The number of its newest entry."""
        return self.detail.line.version


async def open_file(here: Here, case_id: UUID) -> CaseFile:
    """The case; the look is logged. Raises NotFound."""
    detail = await case_detail(here.actor, case_id, here.today)
    regime = await regime_of_path(detail.way)
    return CaseFile(
        detail, regime, view(regime, detail, here.actor, here.today), await way_down(detail.line.path)
    )
