"""For whom a procedure is: his membership, how he stands in the register, what else of his is under way or was decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from asyncpg import Record as Row

from core.database import fetch
from core.errors import Conflict
from core.register.access import refuse_left
from core.register.decided import suspended_since
from dangwu import CLOSED, MEMBERSHIPS, RUNNING, STANDINGS, Plan, Procedure, Regime

SUSPENSION = "suspension"
"""The floor's date of a person on which his membership was suspended."""

Procedures = Mapping[str, Procedure]


class Had(NamedTuple):
    """A case of somebody's, under way or over: the reason for which it was `ended` ("": for none), the state that it gave."""

    id: UUID
    procedure: str
    status: str
    ended: str
    state: str


class Stands(NamedTuple):
    """How somebody stands in the register, and his cases, the oldest first."""

    name: str
    standing: str
    cases: tuple[Had, ...]


def refuse_others(person: Row, memberships: Collection[str], what: str) -> None:
    """Raise Conflict for somebody of another membership, or who has left."""
    refuse_left(person)
    if person["membership"] not in memberships:
        title = MEMBERSHIPS[person["membership"]].title
        raise Conflict(f"{person['name']}现在是{title}，不能{what}。请核对人员类别。")


async def refuse_unfit(person: Row, regime: Regime, plan: Plan) -> None:
    """Raise Conflict for who is not what it takes, or stands otherwise, or has a running case beside which this one cannot be, or
    has not come to what must have been before."""
    refuse_others(person, plan.procedure.opens.of, plan.procedure.opens.title)
    stands = (await how_they_stand([person["id"]]))[person["id"]]
    if (why := why_not(stands, plan.name, regime.floor.procedures)) is not None:
        raise why


async def how_they_stand(people: Sequence[UUID]) -> dict[UUID, Stands]:
    """Each of these people of the register."""
    rows = await fetch(
        """select p.id person_id, p.name, p.standing, c.id, c.procedure, c.status, c.ended, c.membership state
           from person p left join case_file c on c.person_id = p.id where p.id = any($1) order by p.id, c.id""",
        list(people),
    )
    found: dict[UUID, Stands] = {}
    for row in rows:
        one = found.setdefault(row["person_id"], Stands(row["name"], row["standing"], ()))
        if row["id"] is not None:
            had = Had(*(row[name] for name in Had._fields))
            found[row["person_id"]] = one._replace(cases=(*one.cases, had))
    return found


def may_begin(one: Stands, wanted: str, procedures: Procedures) -> bool:
    """Whether a case of this procedure can begin for somebody of its memberships, who has none under way."""
    running = any(had.status == RUNNING and had.procedure == wanted for had in one.cases)
    return not running and why_not(one, wanted, procedures) is None


def why_not(one: Stands, wanted: str, procedures: Procedures) -> Conflict | None:
    """Why no case of this procedure begins for somebody of its memberships; None where one does."""
    opens, name = procedures[wanted].opens, one.name
    if opens.standing and one.standing != opens.standing:
        return Conflict(
            f"{name}的党籍状态是“{STANDINGS[one.standing]}”，不能{opens.title}。请核对名册。", code="standing"
        )
    for had in one.cases:
        if had.status == RUNNING and _apart(wanted, had.procedure, procedures):
            return Conflict(
                f"{name}有一份正在办理的{procedures[had.procedure].title}档案，不能同时{opens.title}。"
                "请先在那份档案里办结，或者终止并写明原因。",
                code="apart",
            )
    if opens.after and not _has_come(one.cases, wanted, procedures):
        return Conflict(
            f"不能为{name}{opens.title}：先要{'，或者'.join(_first(word, procedures) for word in opens.after)}。"
            "请先办理；纸质档案上已经办到的，由县委组织部接续纸质档案。",
            code="after",
        )
    return None


def _apart(one: str, other: str, procedures: Procedures) -> bool:
    """Whether nobody has cases of both procedures at one time."""
    known = other in procedures
    return known and (other in procedures[one].opens.apart or one in procedures[other].opens.apart)


def _has_come(cases: Sequence[Had], wanted: str, procedures: Procedures) -> bool:
    """Whether the last thing of these is that somebody has come to what must be before, and no case of this one followed."""
    followed = [had.id for had in cases if had.procedure == wanted and had.status != CLOSED]
    return any(
        f"{had.procedure}.{word}" in procedures[wanted].opens.after
        for had in cases
        if not followed or had.id > max(followed)
        for word in _words(had, procedures)
    )


def _words(had: Had, procedures: Procedures) -> list[str]:
    known = procedures.get(had.procedure)
    return [had.ended, *(state.id for state in known.reached(had.state))] if known else []


def _first(word: str, procedures: Procedures) -> str:
    """What must be first, in words: in the case of which procedure, and to what it must have come."""
    name, _, what = word.partition(".")
    procedure = procedures[name]
    ending, state = procedure.ends.get(what), procedure.state(what)
    if ending is not None:
        return f"在本人的{procedure.title}档案里，以“{ending.title}”终止"
    return f"在本人的{procedure.title}档案里办到“{state.title if state else what}”"


async def known_dates(person_id: UUID) -> dict[str, date]:
    """The dates of a person that the register keeps: no form asks for them."""
    since = await suspended_since(person_id)
    return {SUSPENSION: since} if since is not None else {}
