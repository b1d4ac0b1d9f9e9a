"""自选动作: at which levels units may adopt more than the department has; the department says so here."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.response import Redirect

from core.errors import Forbidden
from dangwu import LEVELS
from tenants.accounts.capabilities import ROLES
from tenants.policies.allowance import MAY_BE_ALLOWED, allow, allowance
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.requests import Request
from web.policies.unit import around, chosen_unit, is_department


class PolicyAllowancePages(Controller):
    """/policies/allowance."""

    path = "/policies/allowance"

    @get("/")
    async def show(self, here: FromHere) -> Page:
        """The levels allowed at present."""
        return await _page(here, Form.blank(level=sorted(await allowance())))

    @post("/")
    async def save(self, here: FromHere, request: Request) -> Page | Redirect:
        """Set the levels."""
        form = await Form.of(request)
        async with attempt(form):
            levels = frozenset(form.many("level", list(MAY_BE_ALLOWED)))
            form.check()
            await allow(here.actor, levels)
            named = "、".join(LEVELS[level] for level in MAY_BE_ALLOWED if level in levels)
            said = f"已开放{named}自行增加政策。" if levels else "已关闭：各级不能自行增加政策。"
            return see_other("/policies", here.say(said))
        return await _page(here, form)


async def _page(here: Here, form: Form) -> Page:
    if not is_department(here):
        raise Forbidden("只有县委组织部管理员可以设定哪些层级可以自行增加政策。")
    unit = await chosen_unit(here, None)
    return page(
        "policies/allowance.html",
        status=form.status,
        form=form,
        levels=[(level, LEVELS[level], _who(level)) for level in MAY_BE_ALLOWED if _who(level)],
        **await around(here, unit),
    )


def _who(level: str) -> str:
    """The roles at a level that could then adopt policies."""
    return "、".join(
        role.title for role in ROLES.values() if role.at == level and "policy.activate" in role.capabilities
    )
