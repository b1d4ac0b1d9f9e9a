"""What a county asks of whoever signs in: of whom a second factor; and whether its administrators are three people."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from core.actor import Actor, Capability
from core.errors import Forbidden, Invalid
from core.ledger.note import note
from core.paths import whole
from tenants.database.session import current_session

ASKED_OF = {
    "nobody": "不要求（各人可以自行启用）",
    "administrators": "管理员必须启用",
    "everybody": "所有人必须启用",
}
"""Of whom a second factor is asked."""

ADMINISTERS: frozenset[Capability] = frozenset(
    {"account.edit", "audit.view", "security.edit", "policy.activate"}
)
"""Whoever holds one of these is an administrator to this rule."""

MOST_ALONE = 20_000
NOT_HIS = "登录安全由组织部管理员设定。请由他办理。"


def owes(asked_of: str, held: Iterable[frozenset[Capability]]) -> bool:
    """Whether somebody with these capabilities must have a second factor."""
    return asked_of == "everybody" or (
        asked_of == "administrators" and any(ADMINISTERS & capabilities for capabilities in held)
    )


class Rule(msgspec.Struct, frozen=True):
    """Of whom a second factor is asked; whether system, security and audit administrators are apart; how many people of a list
    one exports alone."""

    second_factor: str = "nobody"
    apart: bool = False
    export_alone: int = 2_000


async def rule() -> Rule:
    """What the county asks now."""
    row = await current_session().fetchrow(
        "select second_factor, apart, export_alone from security_rule order by id desc limit 1"
    )
    return Rule(**dict(row)) if row else Rule()


async def set_rule(actor: Actor, now: Rule) -> None:
    """Ask this from now on. Who may do so is checked by the caller."""
    await current_session().execute(
        "insert into security_rule (second_factor, apart, export_alone, by_id, by_name) values ($1, $2, $3, $4, $5)",
        now.second_factor, now.apart, now.export_alone, actor.id, actor.name,
    )  # fmt: skip


async def ask_factor_of(actor: Actor, whom: str) -> None:
    """Set of whom. Who has none yet is led to set one up at his next request. Raises Forbidden, Invalid."""
    whole_county(actor)
    if whom not in ASKED_OF:
        raise Invalid("请选择对谁要求动态口令。", fields={"second_factor": "请选择。"})
    await set_rule(actor, msgspec.structs.replace(await rule(), second_factor=whom))
    await note(actor, "security.factor-rule", "county", current_session().county_id, second_factor=whom)


async def export_alone(actor: Actor, most: int) -> None:
    """Set how many people of a list one exports alone. Raises Forbidden, Invalid."""
    whole_county(actor)
    if not 0 <= most <= MOST_ALONE:
        raise Invalid(
            "人数不对。",
            fields={"export_alone": f"应为 0 至 {MOST_ALONE} 的整数；0 表示每次都须另一人同意。"},
        )
    await set_rule(actor, msgspec.structs.replace(await rule(), export_alone=most))
    await note(actor, "security.export-rule", "county", current_session().county_id, export_alone=most)


def whole_county(actor: Actor) -> None:
    """Raise Forbidden unless he holds `security.edit` over the whole county."""
    if not whole(actor.scopes("security.edit")):
        raise Forbidden(NOT_HIS)
