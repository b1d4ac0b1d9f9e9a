"""组织关系介绍信: where each is; a letter from another county taken for a branch, one on paper written down."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from core.register.check import LONGEST
from core.register.model import FIELD_TITLES, PersonDraft
from core.transfers.model import Presented
from core.transfers.present import present, take
from core.transfers.queries import KINDS, count_letters, letters, offer, takes
from dangwu import MEMBERSHIPS
from tenants.policies.regimes import regime_of_path
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.paging import After, Pager, key_day
from web.kit.query import Text, one_of
from web.kit.requests import Request
from web.kit.units import Options, Sought, unit_options
from web.kit.words import PARTICULARS
from web.transfers.keys import next_page

MEMBERS = [(name, one.title) for name, one in MEMBERSHIPS.items() if one.member]


class TransferPages(Controller):
    """/transfers."""

    path = "/transfers"

    @get("/")
    async def index(self, here: FromHere, kind: Text = "", after: After = None) -> Page:
        """Those of a kind; without one those that wait for somebody."""
        kind = one_of("kind", kind, KINDS)
        found = await letters(here.actor, kind, here.today, after=key_day(after))
        return page(
            "transfers/index.html",
            pager=Pager(found.lines, next_page(found), not after),
            kinds=KINDS,
            kind=kind,
            counts=await count_letters(here.actor, here.today),
            may_take=takes(here.actor),
        )

    @get("/offers/{letter_id:uuid}")
    async def offer(self, here: FromHere, letter_id: FromPath[UUID]) -> Page:
        """What it says, and for which branch it is taken."""
        return await _offer_page(here, letter_id, Form.blank())

    @post("/offers/{letter_id:uuid}")
    async def take(self, here: FromHere, request: Request, letter_id: FromPath[UUID]) -> Page | Redirect:
        """The branch sees it and receives him, or sends him back."""
        form = await Form.of(request)
        async with attempt(form):
            unit_id = form.uuid("unit", "接收的党支部")
            form.check()
            assert unit_id is not None
            written = await take(
                here.actor, letter_id, unit_id,
                today=here.today, regime_for=regime_of_path, distinct=form.flag("distinct"),
            )  # fmt: skip
            return see_other(
                f"/cases/{written.case_id}", here.say("已交由党支部办理接收；接收以前，人仍在原处。")
            )
        return await _offer_page(here, letter_id, form)

    @get("/present")
    async def present_form(self, here: FromHere) -> Page:
        """A letter on paper."""
        return await _present_page(here, Form.blank(ethnicity="汉族"))

    @post("/present")
    async def present(self, here: FromHere, request: Request) -> Page | Redirect:
        """Its person is awaited at the branch."""
        form = await Form.of(request)
        async with attempt(form):
            unit_id, draft, paper = form.uuid("unit", "接收的党支部"), _person(form), _paper(form)
            form.check()
            assert unit_id is not None
            written = await present(
                here.actor, unit_id, draft, paper,
                today=here.today, regime_for=regime_of_path, distinct=form.flag("distinct"),
            )  # fmt: skip
            return see_other(
                f"/cases/{written.case_id}", here.say("已交由党支部办理接收；接收以前不列入名册。")
            )
        return await _present_page(here, form)


def _person(form: Form) -> PersonDraft:
    def one(name: str, label: str) -> str | None:
        return form.choice(name, label, [value for value, _ in PARTICULARS[name]], required=False) or None

    return PersonDraft(
        name=form.text("name", "姓名", longest=LONGEST["name"]),
        national_id=form.text("national_id", "身份证号码", longest=18),
        sex=one("sex", "性别"),
        born=form.date("born", "出生日期", required=False),
        ethnicity=one("ethnicity", "民族"),
        education=one("education", "学历"),
        membership=form.choice("membership", "人员类别", [name for name, _ in MEMBERS]) or "none",
        joined=form.date("joined", FIELD_TITLES["joined"]),
        converted=form.date("converted", FIELD_TITLES["converted"], required=False),
        phone=form.text("phone", "手机号", required=False, longest=20) or None,
    )


def _paper(form: Form) -> Presented:
    issued, until = form.date("issued_on", "开信的日期"), form.date("valid_until", "有效期至")
    number, issuer = (
        form.text("number", "介绍信编号", longest=40),
        form.text("issuer", "开信的党组织", longest=120),
    )
    return Presented(number, issuer, issued or date.min, until or date.min)


async def _branches(here: Here, form: Form) -> Options:
    return await unit_options(
        here.actor,
        "register.import",
        levels=("branch", "general-branch"),
        recent=here.recent_units,
        sought=Sought.of(form),
    )


async def _offer_page(here: Here, letter_id: UUID, form: Form) -> Page:
    found, carried = await offer(here.actor, letter_id)
    return page(
        "transfers/offer.html",
        status=form.status,
        form=form,
        letter=found,
        carried=carried,
        options=await _branches(here, form),
    )


async def _present_page(here: Here, form: Form) -> Page:
    return page(
        "transfers/present.html",
        status=form.status,
        form=form,
        options=await _branches(here, form),
        members=MEMBERS,
        choices=PARTICULARS,
    )
