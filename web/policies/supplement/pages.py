"""本县补充规定: the text with its history; checked, saved, and from there to its preview and adoption as any policy."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from litestar import Controller, get, post
from litestar.response import Redirect

from tenants.policies.regimes import county_policies
from tenants.policies.supplement import Edition, edition, editions, own_id, refuse_others, save
from tenants.policies.vetting import vet
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, page, see_other
from web.kit.query import Whole
from web.kit.requests import Request
from web.policies.supplement.guide import asks, composed, requirements, steps
from web.policies.supplement.write import empty, with_rule
from web.policies.unit import around, chosen_unit

PATH = "/policies/supplement"


class SupplementPages(Controller):
    """/policies/supplement."""

    path = PATH

    @get("/")
    async def show(self, here: FromHere) -> Page:
        """The newest text, to be changed; how it came about."""
        refuse_others(here.actor)
        found = await editions()
        text = found[0].text if found else empty(own_id(), here.county.name)
        return await _page(here, found, Form.blank(text=text))

    @post("/")
    async def write(self, here: FromHere, request: Request) -> Page | Redirect:
        """`do`: pick a requirement, add the rule that was put together, check, or save."""
        refuse_others(here.actor)
        form, checked, remarks = await Form.of(request), "", list[str]()
        async with attempt(form):
            do = form.choice("do", "要办的事", ("pick", "add", "check", "save"))
            if do == "add":
                form.put("text", with_rule(_typed(form), composed(form)))
                for name in form.names():
                    if name.startswith(("p-", "new-")) or name in ("facet", "rule-title", "clause"):
                        form.put(name, "")
                checked = "已加进文本，还没有保存。"
            if do == "check":
                found = await vet(_typed(form), own_id())
                checked = f"写法没有问题：{len(found.policy.rule_ids())} 条规则。还没有保存。"
                remarks = found.remarks
            if do == "save":
                note = form.text("note", "修改说明", longest=500)
                form.check()
                made = await save(here.actor, _typed(form), note, seen=form.version())
                said = f"已保存第 {made.number} 稿。它还没有执行：请看过影响以后，从某一天起启用。"
                return see_other(PATH, here.say(said))
        return await _page(here, await editions(), form, checked, remarks)

    @get("/text")
    async def text(self, here: FromHere, number: Whole) -> Page:
        """One text, and what it changed of the one before."""
        one = await edition(number)
        before = (await edition(number - 1)).text if number > 1 else ""
        unit = await chosen_unit(here, None)
        return page(
            "policies/supplement_text.html", one=one, lines=compared(before, one.text), **await around(here, unit)
        )  # fmt: skip


def compared(before: str, after: str) -> list[tuple[str, str]]:
    """(sign, line) of what one text changes of another: + new, - gone, "" as it was near by, … left out."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3)
    return [("…", "") if one.startswith("@@") else (one[:1].strip(), one[1:]) for one in [*lines][2:]]


def _typed(form: Form) -> str:
    return form.value("text").replace("\r\n", "\n")


async def _page(
    here: Here, found: Sequence[Edition], form: Form, checked: str = "", remarks: Sequence[str] = ()
) -> Page:
    unit = await chosen_unit(here, None)
    live = [item for item in (await county_policies()).live if item.plugin == own_id() and not item.never]
    running = {item.text: item for item in sorted(live, key=lambda item: item.since)}
    now = next((item for item in live if item.until is None or here.today < item.until), None)
    return page(
        "policies/supplement.html",
        status=form.status,
        form=form,
        plugin=own_id(),
        editions=found,
        running=running,
        now=now,
        version=form.seen_version(found[0].number if found else 0),
        checked=checked,
        remarks=remarks,
        steps=steps(),
        requirements=requirements(),
        asks=asks(form.value("facet")),
        **await around(here, unit),
    )
