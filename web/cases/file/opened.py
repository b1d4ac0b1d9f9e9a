"""Opening the file of a case for a page: the case with the policies in force where it is, judged once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from uuid import UUID

from core.actor import Capability
from core.casework.access import take_up
from core.casework.acts.going import LEAVING
from core.casework.lists.detail import CaseDetail, case_detail
from core.casework.matter import Matter
from core.errors import NotFound
from dangwu import Judged, Record, Regime, Standing
from tenants.policies.regimes import regime_of_path
from web.cases.file.task import CaseView
from web.cases.file.view import view
from web.kit.here import Here
from web.kit.units import Place, way_down


class CaseFile:
    """A case as pages of it need it."""

    def __init__(
        self,
        here: Here,
        matter: Matter,
        detail: CaseDetail,
        units: tuple[Place, ...],
        going: tuple[Place, ...] = (),
    ) -> None:
        self.matter, self.detail, self.units, self.going = matter, detail, units, going
        self._here = here

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

    @property
    def regime(self) -> Regime:
        """The policies by which it is judged, read as of today."""
        return self.matter.regime.read_on(self._here.today)

    @property
    def judged(self) -> Judged:
        """The case as it is judged today."""
        return self.matter.on(self._here.today)

    @property
    def standing(self) -> Standing:
        """Where it stands today."""
        return self.judged.standing

    @property
    def records(self) -> Mapping[str, tuple[Record, ...]]:
        """Step → its records that count today."""
        return self.judged.records

    @property
    def may_print(self) -> bool:
        """Whether he prints papers of it: they are made where it was begun."""
        return self._here.actor.may("document.print", self.matter.case.path)

    @property
    def beyond(self) -> str:
        """Where beyond the county its person goes or comes from, in words."""
        case = self.matter.case
        if not case.beyond:
            return ""
        if LEAVING not in case.case.subject.tags:
            return f"从 {case.beyond} 转来"
        moves = self.matter.plan.procedure.confers == "unit"
        return f"{'转往' if moves else '去往'} {case.beyond}"

    @cached_property
    def view(self) -> CaseView:
        """What its page says of it."""
        return view(self.matter, self.detail, self._here.actor, self._here.today)


async def open_file(
    here: Here, case_id: UUID, capability: Capability = "case.view", *, lock: bool = False
) -> CaseFile:
    """The case, to be looked at or, with `lock`, to be acted on; the look is logged. Raises NotFound, Forbidden."""
    matter = await take_up(here.actor, case_id, regime_of_path, capability, lock=lock)
    await matter.judge(here.today)
    detail = await case_detail(here.actor, matter.case, here.today)
    to_path = matter.case.to_path
    going = await way_down(to_path) if to_path and not matter.case.beyond else ()
    return CaseFile(here, matter, detail, await way_down(detail.line.path), going)


def no_step(file: CaseFile, step: str) -> NotFound:
    """The error for a step that a case does not have now."""
    return NotFound(
        f"{file.name}的{file.matter.plan.procedure.title}程序现在没有“{step}”这个环节。请从任务清单中选择环节。"
    )
