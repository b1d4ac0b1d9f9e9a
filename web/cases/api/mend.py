"""What puts a case right and what ends it, by the API."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from litestar import Controller, post
from litestar.params import FromPath, JSONBody
from msgspec.structs import replace

from core.casework.acts.answer import answer
from core.casework.acts.correct import consequence, correct, correct_paper, with_people
from core.casework.acts.end import end_case, reopen
from core.casework.acts.exempt import agrees_at, exempt, named_level
from core.casework.acts.refused import Refused
from core.casework.acts.strike import strike, struck_out, wrong_one
from core.casework.acts.wrong import Consequence, on_paper, recorded
from core.casework.model import Written
from dangwu import Exemption
from web.cases.api.acting import refused, taken_up
from web.kit.here import FromHere


class Correct(msgspec.Struct):
    """The record `entry` was on `day`, with this whole evidence; `version` is the one that was read."""

    entry: UUID
    day: date
    version: int
    reason: str
    evidence: dict[str, Any] = {}


class Changes(msgspec.Struct):
    """What a correction would change: the level that must agree ("" for nobody), the steps on the record, those that fall,
    and how the case stands then."""

    agrees: str
    rests: list[str]
    undone: list[str]
    stage: str
    status: str
    membership: str
    open_steps: list[str]

    @classmethod
    def of(cls, found: Consequence) -> Changes:
        """What core has found."""
        after = found.after.standing
        return cls(
            found.level, list(found.rests), list(found.undone), after.stage, after.status, after.membership, list(after.open)
        )  # fmt: skip


class Struck(msgspec.Struct):
    """The record `entry`, or what was taken over from paper of `step`, was made by mistake."""

    version: int
    reason: str
    entry: UUID | None = None
    step: str = ""

    @property
    def about(self) -> UUID | str:
        """What is meant."""
        return self.entry or self.step


class OnPaper(msgspec.Struct):
    """What was taken over of `step` from paper was done on `day`."""

    step: str
    day: date
    version: int
    reason: str


class Answered(msgspec.Struct):
    """Whether a request is granted; a refusal needs its reason."""

    granted: bool
    version: int
    note: str = ""


class Ended(msgspec.Struct):
    """For a reason that the procedure declares, as of `day`; `note` says what happened."""

    reason: str
    day: date
    version: int
    note: str


class Reopened(msgspec.Struct):
    """Why it is taken up again."""

    version: int
    note: str


class Exempted(msgspec.Struct):
    """The demand of a step, by facet and parameter, that does not bind; `day` is that of the agreement in writing."""

    step: str
    facet: str
    param: str
    day: date
    version: int
    reason: str
    attachments: list[UUID] = []

    def wanted(self) -> Exemption:
        """As the contract knows it."""
        return Exemption(self.step, self.facet, self.param, self.day, self.reason)


class Exempting(msgspec.Struct):
    """What an exception would change: the lowest level that can agree, whether the caller can, and how the case stands then."""

    agrees: str
    mine: bool
    state: str
    stage: str
    status: str
    open_steps: list[str]


class MendApi(Controller):
    """/api/v1/cases/{id}/corrections, …/paper-corrections, …/strikes, …/exceptions, …/end, …/reopening."""

    path = "/cases/{case_id:uuid}"
    tags = ["办理事项"]
    exception_handlers = {Refused: refused}

    @post(
        "/corrections",
        summary="更正一条记录",
        description="后面的环节以它为依据的，成为请求，等上级答复后生效。",
    )
    async def correct(self, here: FromHere, case_id: FromPath[UUID], data: JSONBody[Correct]) -> Written:
        """Put a record right, or ask the level that must agree."""
        return await correct(
            here.actor, await taken_up(here, case_id), data.entry, data.day, data.evidence, data.reason,
            seen_version=data.version, today=here.today,
        )  # fmt: skip

    @post(
        "/corrections/preview",
        status_code=200,
        only_tries=True,
        summary="更正会改变什么",
        description="只看，不改。",
    )
    async def preview(self, here: FromHere, case_id: FromPath[UUID], data: JSONBody[Correct]) -> Changes:
        """What the same correction would change; nothing is written."""
        matter = await taken_up(here, case_id)
        old = recorded(here.actor, matter, data.entry, data.evidence)
        evidence = await with_people(here.actor, matter, old, data.day, data.evidence)
        return Changes.of(consequence(matter, old, data.day, evidence, here.today))

    @post(
        "/paper-corrections",
        summary="更正纸质档案的日期",
        description="由县委组织部办理；需要同意的，成为请求。",
    )
    async def correct_paper(
        self, here: FromHere, case_id: FromPath[UUID], data: JSONBody[OnPaper]
    ) -> Written:
        """Put right on which day a step was done on paper."""
        return await correct_paper(
            here.actor, await taken_up(here, case_id), data.step, data.day, data.reason,
            seen_version=data.version, today=here.today,
        )  # fmt: skip

    @post(
        "/paper-corrections/preview",
        status_code=200,
        only_tries=True,
        summary="更正纸质档案的日期会改变什么",
        description="只看，不改。",
    )
    async def preview_paper(
        self, here: FromHere, case_id: FromPath[UUID], data: JSONBody[OnPaper]
    ) -> Changes:
        """What the same would change; nothing is written."""
        matter = await taken_up(here, case_id)
        wrong = on_paper(here.actor, matter, data.step)
        return Changes.of(consequence(matter, wrong, data.day, {}, here.today))

    @post(
        "/strikes",
        summary="撤销误记的记录",
        description="写 entry（一条记录），或者写 step（从纸质档案接续的环节）；需要同意的，成为请求。",
    )
    async def strike(self, here: FromHere, case_id: FromPath[UUID], data: JSONBody[Struck]) -> Written:
        """Strike out what was recorded by mistake."""
        return await strike(
            here.actor, await taken_up(here, case_id), data.about, data.reason, seen_version=data.version, today=here.today
        )  # fmt: skip

    @post(
        "/strikes/preview",
        status_code=200,
        only_tries=True,
        summary="撤销会改变什么",
        description="只看，不改。",
    )
    async def striking(self, here: FromHere, case_id: FromPath[UUID], data: JSONBody[Struck]) -> Changes:
        """What the same would change; nothing is written."""
        matter = await taken_up(here, case_id)
        return Changes.of(struck_out(matter, wrong_one(here.actor, matter, data.about), here.today))

    @post("/corrections/{request_id:uuid}/answer", summary="答复更正、撤销的请求")
    async def answer(
        self, here: FromHere, case_id: FromPath[UUID], request_id: FromPath[UUID], data: JSONBody[Answered]
    ) -> Written:
        """Agree to a correction, or not."""
        return await answer(
            here.actor, await taken_up(here, case_id), request_id, data.granted, data.note,
            seen_version=data.version, today=here.today,
        )  # fmt: skip

    @post(
        "/exceptions",
        summary="同意作为例外",
        description="规定写明“一般”的要求，由它指明的一级（或更高一级）事先书面同意后，对这份档案不作要求。"
        "可以例外的见档案各环节的 exceptions。",
    )
    async def exempt(self, here: FromHere, case_id: FromPath[UUID], data: JSONBody[Exempted]) -> Written:
        """Agree that a demand does not bind this case."""
        return await exempt(
            here.actor, await taken_up(here, case_id), data.wanted(),
            seen_version=data.version, today=here.today, attachments=data.attachments,
        )  # fmt: skip

    @post(
        "/exceptions/preview",
        status_code=200,
        only_tries=True,
        summary="例外会改变什么",
        description="只看，不改。",
    )
    async def exempting(self, here: FromHere, case_id: FromPath[UUID], data: JSONBody[Exempted]) -> Exempting:
        """What the same exception would change today; nothing is written."""
        matter, wanted = await taken_up(here, case_id), data.wanted()
        by = named_level(matter, wanted, here.today)
        after = matter.on(here.today).with_entry(replace(wanted, day=here.today, by=by)).standing
        mine = bool(agrees_at(here.actor, matter, by))
        state = after.steps[wanted.step].state
        return Exempting(by, mine, state, after.stage, after.status, list(after.open))

    @post("/end", summary="终止", description="reason 是流程声明的终止原因，由它指明的一级决定。")
    async def end(self, here: FromHere, case_id: FromPath[UUID], data: JSONBody[Ended]) -> Written:
        """End the case."""
        return await end_case(
            here.actor, await taken_up(here, case_id), data.reason, data.day, data.note,
            seen_version=data.version, today=here.today,
        )  # fmt: skip

    @post("/reopening", summary="恢复办理")
    async def reopen(self, here: FromHere, case_id: FromPath[UUID], data: JSONBody[Reopened]) -> Written:
        """Take it up again."""
        return await reopen(
            here.actor, await taken_up(here, case_id), data.note, seen_version=data.version, today=here.today
        )
