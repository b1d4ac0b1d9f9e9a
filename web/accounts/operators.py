"""运维访问: whom of the platform's operators the county lets in, for what, until when."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from tenants.accounts.capabilities import ROLES
from tenants.accounts.operators import MAY, grant_operator, operator_grants, revoke_operator
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request

CHOICES = [(role, ROLES[role].title) for role in MAY]


class OperatorPages(Controller):
    """/accounts/operators."""

    path = "/accounts/operators"

    @get("/")
    async def index(self, here: FromHere) -> Page:
        """What was granted, and the form for another."""
        return await _page(
            here, Form.blank(since=here.today.isoformat(), last=here.today.isoformat(), role=MAY[0])
        )

    @post("/")
    async def grant(self, here: FromHere, request: Request) -> Page | Redirect:
        """Let one in."""
        form = await Form.of(request)
        async with attempt(form):
            since, last = form.date("since", "从"), form.date("last", "到")
            role = form.choice("role", "准许他做什么", list(MAY))
            form.check()
            assert since is not None
            assert last is not None
            name = form.value("name")
            await grant_operator(
                here.actor,
                name=name,
                role=role,
                purpose=form.value("purpose"),
                since=since,
                last=last,
                today=here.today,
            )
            return see_other("/accounts/operators", here.say(f"已准许{name}从 {since} 到 {last} 进入本县。"))
        return await _page(here, form)

    @post("/{operator_id:uuid}/revoke")
    async def revoke(self, here: FromHere, operator_id: FromPath[UUID]) -> Redirect:
        """Take it back."""
        await revoke_operator(here.actor, operator_id, here.today)
        return see_other("/accounts/operators", here.say("已收回，他的登录随即结束。"))


async def _page(here: Here, form: Form) -> Page:
    grants = await operator_grants(here.actor)
    return page(
        "accounts/operators.html", form=form, status=form.status, grants=grants, roles=ROLES, choices=CHOICES
    )
