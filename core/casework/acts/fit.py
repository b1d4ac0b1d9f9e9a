"""For whom a procedure is: his membership, how he stands in the register, what else of his is under way."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from asyncpg import Record as Row

from core.database import fetch
from core.errors import Conflict
from core.register.access import refuse_left
from core.register.decided import suspended_since
from dangwu import MEMBERSHIPS, STANDINGS, Plan, Procedure, Regime

SUSPENSION = "suspension"
"""The floor's date of a person on which his membership was suspended."""


def refuse_others(person: Row, memberships: Collection[str], what: str) -> None:
    """Raise Conflict for somebody of another membership, or who has left."""
    refuse_left(person)
    if person["membership"] not in memberships:
        title = MEMBERSHIPS[person["membership"]].title
        raise Conflict(f"{person['name']}现在是{title}，不能{what}。请核对人员类别。")


async def refuse_unfit(person: Row, regime: Regime, plan: Plan) -> None:
    """Raise Conflict for who is not what it takes, or stands otherwise, or has a running case beside which this one cannot be."""
    opens, name = plan.procedure.opens, person["name"]
    refuse_others(person, opens.of, opens.title)
    if opens.standing and person["standing"] != opens.standing:
        raise Conflict(
            f"{name}的党籍状态是“{STANDINGS[person['standing']]}”，不能{opens.title}。请核对名册。",
            code="standing",
        )
    for row in await fetch(
        "select procedure from case_file where person_id = $1 and status = 'running'", person["id"]
    ):
        other = regime.floor.procedures.get(row["procedure"])
        if other is not None and apart((plan.name, plan.procedure), (row["procedure"], other)):
            raise Conflict(
                f"{name}有一份正在办理的{other.title}档案，不能同时{opens.title}。请先在那份档案里办结，或者终止并写明原因。",
                code="apart",
            )


def apart(one: tuple[str, Procedure], other: tuple[str, Procedure]) -> bool:
    """Whether nobody has cases of both procedures (id, procedure) at one time."""
    return other[0] in one[1].opens.apart or one[0] in other[1].opens.apart


async def known_dates(person_id: UUID) -> dict[str, date]:
    """The dates of a person that the register keeps: no form asks for them."""
    since = await suspended_since(person_id)
    return {SUSPENSION: since} if since is not None else {}
