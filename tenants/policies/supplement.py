"""本县补充规定: a policy of the county's own, written in the browser; each text is kept, and adopted like a plugin's.

It has the id of its county, so that no two are taken for one another, and no Python. A saved text binds nobody: it is adopted
from a day, previewed and signed, by `service.apply`.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from core.actor import Actor
from core.errors import Conflict, Forbidden, NotFound
from core.ledger import note as ledger
from core.text import one_line
from dangwu import Policy
from tenants.database.session import current_session
from tenants.policies import texts
from tenants.policies.news import begin_policy_change
from tenants.policies.vetting import vet

PREFIX = "supplement-"
LONGEST_NOTE = 500


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """A text of the supplement, the first is number 1; `hash` is what it is kept under, `note` why it was written."""

    number: int
    text: str
    hash: str
    note: str
    by_name: str
    at: datetime


def own_id() -> str:
    """What the supplement of the session's county is called as a plugin."""
    county = current_session().county_id
    assert county is not None, "policies are a county's"
    return f"{PREFIX}{county.hex[-12:]}"


def is_supplement(plugin: str) -> bool:
    """Whether this is the id of a county's supplement."""
    return plugin.startswith(PREFIX)


async def editions() -> list[Edition]:
    """All texts, the newest first."""
    rows = await current_session().fetch(
        "select number, text, hash, note, by_name, at from supplement order by number desc"
    )
    return [Edition(**row) for row in rows]


async def edition(number: int) -> Edition:
    """The text of this number; 0: the newest. Raises NotFound."""
    found = next((one for one in await editions() if number in (0, one.number)), None)
    if found is None:
        raise NotFound("没有找到补充规定的这一稿。请从补充规定的页面重新选择。")
    return found


async def chosen(plugin: str, text: str) -> Policy:
    """A text of this county's supplement, by what it is kept under. Raises NotFound for one that is not."""
    known = plugin == own_id() and await current_session().fetchval(
        "select true from supplement where hash = $1 limit 1", text
    )
    if not known:
        raise NotFound("没有找到补充规定的这份文本。请从补充规定的页面重新选择。")
    await texts.load([text])
    return texts.policy_of(text, plugin)


async def save(actor: Actor, text: str, note: str, *, seen: int) -> Edition:
    """Save the next text, once the loader has accepted it; `seen` is the number of the newest that was read.

    Raises Forbidden, Invalid (field `text`, `note`), Conflict where somebody was faster or nothing has changed.
    """
    refuse_others(actor)
    note = one_line("note", "修改说明", note, most=LONGEST_NOTE)
    policy = (await vet(text.replace("\r\n", "\n"), own_id())).policy
    await begin_policy_change()
    found = await editions()
    if seen != (found[0].number if found else 0):
        raise Conflict("您打开这一页之后，别人又保存了补充规定。请看过新的文本，再决定怎样改。", code="stale")
    text = text.replace("\r\n", "\n")
    if found and found[0].text == text:
        raise Conflict("内容没有变化，不必保存。", code="same")
    name = await texts.keep_written(policy, text)
    row = await current_session().fetchrow(
        """insert into supplement (number, text, hash, note, by_id, by_name) values ($1, $2, $3, $4, $5, $6)
           returning number, text, hash, note, by_name, at""",
        seen + 1, text, name, note, actor.id, actor.name,
    )  # fmt: skip
    assert row is not None
    await ledger.note(actor, "policy.supplement", "county", _county(), number=seen + 1, text=name)
    return Edition(**row)


def refuse_others(actor: Actor) -> None:
    """Raise Forbidden for whoever does not decide about policies for the department."""
    if not any(one.level == "department" and "policy.activate" in one.capabilities for one in actor.holdings):
        raise Forbidden("本县补充规定由县委组织部管理员起草。请报县委组织部办理。")


def _county() -> UUID:
    county = current_session().county_id
    assert county is not None, "policies are a county's"
    return county
