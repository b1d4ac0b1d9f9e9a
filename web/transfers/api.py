"""Letters of introduction by the API. One is issued, answered, acknowledged by the steps of its case (`/api/v1/cases`)."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody

from core.casework.acts.going import Beyond
from core.errors import Invalid, NotFound
from core.register.access import access_person
from core.transfers.batch import Goer, waiting_for_letters
from core.transfers.present import present, take
from core.transfers.queries import KINDS, letter_file, letters, offer
from core.transfers.renew import renew
from tenants.many import Outcome
from tenants.policies.regimes import regime_of_path
from web.kit.here import FromHere
from web.kit.paging import After, key_day
from web.kit.query import Text
from web.kit.requests import Request, site_of
from web.transfers.keys import next_page
from web.transfers.many import leave_all, may_stay, number_all
from web.transfers.values import (
    Begun,
    LeaveThem,
    LetterAnswer,
    LetterLine,
    Letters,
    NumberThem,
    OfferAnswer,
    Present,
    Renewal,
    Take,
    Tried,
    TriedAll,
    WaitingLine,
)

_WHOLE = "keep 为 false 时只试办；有一人办不了的，一个都不保存。"


class LetterApi(Controller):
    """/api/v1/letters."""

    path = "/letters"
    tags = ["组织关系介绍信"]

    @get(
        "/",
        summary="介绍信",
        description="kind："
        + "，".join(f"{name} {title}" for name, title in KINDS.items())
        + "；不写为全部。",
    )
    async def index(self, here: FromHere, kind: Text = "", after: After = None) -> Letters:
        """Those of a kind that one sees."""
        if kind and kind not in KINDS:
            raise Invalid(f"没有“{kind}”这一类介绍信。可以写：{'、'.join(KINDS)}。", code="kind")
        found = await letters(here.actor, kind, here.today, after=key_day(after))
        return Letters([LetterLine.of(line, here.today) for line in found.lines], next_page(found))

    @get(
        "/{letter_id:uuid}", summary="一封介绍信", description="check 是核验码里的网址，只有本县开出的才有。"
    )
    async def show(self, here: FromHere, request: Request, letter_id: FromPath[UUID]) -> LetterAnswer:
        """One of a case that one sees."""
        line = await letter_file(here.actor, letter_id)
        token = line.letter.token if line.letter.ours else None
        check = f"{site_of(request)}/letters/{token}" if token else ""
        return LetterAnswer.of(line, here.today, check=check)

    @post(
        "/{letter_id:uuid}/renewal",
        status_code=200,
        summary="换开（更正、遗失）",
        description="原编号作废，用新编号重新开出，回执按新号；只有本县开出、还在途的可以换开。",
    )
    async def renew(self, here: FromHere, letter_id: FromPath[UUID], data: JSONBody[Renewal]) -> Begun:
        """Its number is void, another one is given."""
        case = await renew(
            here.actor, letter_id, data.number, data.day, data.reason, here.today, regime_of_path
        )
        return Begun(case)

    @get(
        "/{letter_id:uuid}/offer",
        summary="县外发来的介绍信上写明的",
        description="given 是随转的办理进程：环节和办理日期。证件号码、电话在接收以后才看得到。",
    )
    async def offer(self, here: FromHere, letter_id: FromPath[UUID]) -> OfferAnswer:
        """What a letter from another county says."""
        return OfferAnswer.of(*await offer(here.actor, letter_id))

    @post("/{letter_id:uuid}/take", summary="受理县外发来的介绍信，交由党支部办理")
    async def take(self, here: FromHere, letter_id: FromPath[UUID], data: JSONBody[Take]) -> Begun:
        """The branch receives him by the case, or sends him back."""
        written = await take(
            here.actor, letter_id, data.unit_id,
            today=here.today, regime_for=regime_of_path, distinct=data.distinct,
        )  # fmt: skip
        return Begun(written.case_id)

    @post("/", summary="登记纸质介绍信，交由党支部办理", description="从不在本平台的党组织转来的。")
    async def present(self, here: FromHere, data: JSONBody[Present]) -> Begun:
        """A letter on paper."""
        written = await present(
            here.actor, data.unit_id, data.person, data.paper,
            today=here.today, regime_for=regime_of_path, distinct=data.distinct,
        )  # fmt: skip
        return Begun(written.case_id)

    @post("/leave", status_code=200, summary="成批转出：多人一起提出转往县外", description=_WHOLE)
    async def leave(self, here: FromHere, data: JSONBody[LeaveThem]) -> TriedAll:
        """Begin the cases of many."""
        goers = [
            (
                (await access_person(here.actor, one.person_id))["name"],
                Goer(one.person_id, Beyond(one.beyond, one.county_id)),
            )
            for one in data.people
        ]
        return _tried(await leave_all(here, goers, data.day, keep=data.keep), keep=data.keep)

    @post("/numbers", status_code=200, summary="依次编号开信", description=_WHOLE)
    async def number(self, here: FromHere, data: JSONBody[NumberThem]) -> TriedAll:
        """Issue the letters of many."""
        waiting = {one.case_id: one for one in await waiting_for_letters(here.actor)}
        if not all(one in waiting for one in data.cases):
            raise NotFound("其中有的办理档案没有等待开信，或者不在管理范围内。请从等待开信的名单中重新选择。")
        chosen = [waiting[one] for one in data.cases]
        return _tried(await number_all(here, chosen, data.first, data.day, keep=data.keep), keep=data.keep)

    @get("/waiting", summary="等待开信的")
    async def waiting(self, here: FromHere) -> list[WaitingLine]:
        """Whose letters can be issued."""
        return [WaitingLine(*one) for one in await waiting_for_letters(here.actor)]


def _tried(outcomes: list[Outcome], *, keep: bool) -> TriedAll:
    return TriedAll([Tried(*one) for one in outcomes], keep and may_stay(outcomes))
