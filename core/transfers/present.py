"""Somebody comes from another county with a letter: he is awaited at a branch, and the case by which it receives him begins.

A letter from the platform is taken as it lies in the exchange; one on paper is written down as it reads.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from asyncpg import Record

from core.actor import Actor
from core.casework.acts.entries import NewEntry
from core.casework.acts.going import ACROSS, ENTERING, HERE, Beyond, Going
from core.casework.acts.open import start_case
from core.casework.acts.transfer import PROCEDURE, RECEPTION
from core.casework.acts.write import write
from core.casework.model import RegimeFor, Way, Written
from core.casework.standing.regimes import regime_at
from core.database import execute, fetchrow
from core.errors import Invalid, NotFound
from core.organisation.access import access_unit
from core.organisation.model import UnitView, has_members
from core.organisation.service import refuse_dissolved
from core.register.arriving import await_person
from core.register.derived import PROBATION, on_probation
from core.register.model import FIELD_TITLES, PersonDraft
from core.text import one_line, refuse_future
from core.transfers.answer import tell_issuer
from core.transfers.model import COLUMNS, Presented, unseal
from dangwu import add_months

MOST_MONTHS = 12
"""A letter holds for three months as a rule (组通字〔2006〕45 号，有效期); more than a year is a slip of the pen."""


async def present(
    actor: Actor,
    unit_id: UUID,
    person: PersonDraft,
    paper: Presented,
    *,
    today: date,
    regime_for: RegimeFor,
    distinct: bool = False,
) -> Written:
    """A letter on paper, shown by somebody who goes to this branch. Raises Invalid by field, Conflict for whom we have."""
    unit = await _branch(actor, unit_id)
    paper = _checked(paper, today)
    # By these it is known whether we have him already, and since when he is a member.
    lacks = {
        name: f"请填写{FIELD_TITLES[name]}。"
        for name in ("national_id", "joined")
        if not getattr(person, name)
    }
    if lacks:
        raise Invalid("".join(lacks.values()), fields=lacks)
    person_id = await await_person(actor, unit, person, today, distinct=distinct)
    written = await _begin(actor, unit, person_id, paper, Beyond(paper.issuer), today, regime_for)
    await execute(
        """insert into letter (case_id, person_id, number, issuer, goes_to, issued_on, valid_until)
           values ($1, $2, $3, $4, $5, $6, $7)""",
        written.case_id, person_id, paper.number, paper.issuer, unit.name, paper.issued_on, paper.valid_until,
    )  # fmt: skip
    return written


async def take(
    actor: Actor,
    letter_id: UUID,
    unit_id: UUID,
    *,
    today: date,
    regime_for: RegimeFor,
    distinct: bool = False,
) -> Written:
    """A letter that another county of the platform has sent to ours is given to a branch. Raises NotFound for any other letter,
    Conflict for one that is taken, void or over."""
    unit = await _branch(actor, unit_id)
    row = await offered(letter_id)
    paper = _checked(Presented(row["number"], row["issuer"], row["issued_on"], row["valid_until"]), today)
    person_id = await await_person(actor, unit, unseal(row["sealed"]).person, today, distinct=distinct)
    beyond = Beyond(row["issuer"], row["tenant_id"])
    written = await _begin(actor, unit, person_id, paper, beyond, today, regime_for)
    await tell_issuer(letter_id, "taken", today, "", unit.name, written.case_id)
    return written


async def offered(letter_id: UUID) -> Record:
    """A letter that another county has sent to ours. Raises NotFound."""
    row = await fetchrow(
        f"select {COLUMNS}, tenant_id, sealed from letter where id = $1 and to_county = session_county()",
        letter_id,
    )
    if row is None:
        raise NotFound("没有找到这封介绍信，它可能不是开给本县的。请从列表中重新选择。")
    return row


async def _branch(actor: Actor, unit_id: UUID) -> UnitView:
    unit = await access_unit(actor, unit_id, "register.import")
    refuse_dissolved(unit)
    if not has_members(unit.kind):
        raise Invalid(f"“{unit.name}”不是党支部。请选择接收的党支部。", fields={"unit": "请选择党支部。"})
    return unit


def _checked(paper: Presented, today: date) -> Presented:
    number = one_line("number", "介绍信编号", paper.number, most=40)
    issuer = one_line("issuer", "开出介绍信的党组织", paper.issuer, most=120)
    refuse_future("issued_on", "开出的日期", paper.issued_on, today)
    if paper.valid_until < paper.issued_on:
        raise Invalid("有效期止于开出之前。请核对日期。", fields={"valid_until": "早于开出的日期。"})
    if paper.valid_until > add_months(paper.issued_on, MOST_MONTHS):
        sentence = "介绍信的有效期一般不超过三个月，所填的超过一年。请核对开出的日期和有效期。"
        raise Invalid(sentence, fields={"valid_until": sentence})
    if paper.valid_until < today:
        sentence = f"这封介绍信已于 {paper.valid_until} 过期作废，不能接收。请由转出一方说明理由后重新开出。"
        raise Invalid(sentence, code="letter-late", fields={"valid_until": "已经过期。"})
    return Presented(number, issuer, paper.issued_on, paper.valid_until)


async def _begin(
    actor: Actor,
    unit: UnitView,
    person_id: UUID,
    paper: Presented,
    beyond: Beyond,
    today: date,
    regime_for: RegimeFor,
) -> Written:
    """The case of the receiving side: what the issuer had to do is given by the letter, on its day."""
    person = await fetchrow("select * from person where id = $1 for update", person_id)
    assert person is not None
    regime = await regime_at(regime_for, Way(unit.path))
    plan = regime.plan(PROCEDURE)
    reception = plan.by_id[RECEPTION]
    given = {step.id: paper.issued_on for step in plan.steps if step.floor and step.precedes(reception)}
    tags = {ACROSS, HERE, ENTERING} | ({PROBATION} if on_probation(person["membership"]) else set())
    way = Going(unit.id, unit.path, frozenset(tags), beyond)
    there = {**person, "unit_id": unit.id, "path": unit.path}
    matter = await start_case(there, plan, paper.issued_on, {}, given, regime, way)
    # Nobody locks a unit before a person. By its case the unit can no longer be dissolved; it may have been before.
    refuse_dissolved(await access_unit(actor, unit.id, "register.import"))
    note = f"凭第 {paper.number} 号介绍信（{paper.issuer}，{paper.issued_on} 开出，有效期至 {paper.valid_until}）转来。"
    entry = NewEntry(kind="note", day=today, entered=today, level="department", note=note)
    return await write(actor, matter, entry, today, "taken-over", tried=matter.on(today))
