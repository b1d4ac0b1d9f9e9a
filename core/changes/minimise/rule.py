"""After how many years: set by the county, never sooner than kept.yaml says."""

from __future__ import annotations

import msgspec

from core.actor import Actor
from core.database import execute, fetchrow
from core.errors import Forbidden, Invalid
from core.ledger.note import note
from core.paths import whole
from core.register.kept import KEPT

LONGEST = 50


class Rule(msgspec.Struct, frozen=True):
    """Years since somebody left (`gone`), since his case ended without making him a member (`ended`); 0: nobody is minimised."""

    gone: int
    ended: int


async def rule() -> Rule:
    """What the county has set last."""
    row = await fetchrow("select gone, ended from minimise_rule order by id desc limit 1")
    return Rule(**dict(row)) if row else Rule(0, 0)


async def set_rule(actor: Actor, now: Rule) -> None:
    """Go by this from now on. Raises Forbidden, Invalid by field."""
    whole_county(actor)
    wrong = {
        name: f"应为 {one.least} 至 {LONGEST} 年，或者 0（不精简）。{one.why}"
        for name, one in KEPT.minimising.items()
        if (years := getattr(now, name)) and not one.least <= years <= LONGEST
    }
    if wrong:
        raise Invalid("年限不对。请改正后再保存。", fields=wrong)
    await execute(
        "insert into minimise_rule (gone, ended, by_id, by_name) values ($1, $2, $3, $4)",
        now.gone, now.ended, actor.id, actor.name,
    )  # fmt: skip
    await note(actor, "register.minimise-rule", "county", None, gone=now.gone, ended=now.ended)


def whole_county(actor: Actor) -> None:
    """Raise Forbidden unless he holds `register.minimise` over the whole county."""
    if not whole(actor.scopes("register.minimise")):
        raise Forbidden("精简历史人员信息由县委组织部办理。请报县委组织部。")
