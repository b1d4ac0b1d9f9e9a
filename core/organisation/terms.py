"""Terms of the committees of units: since when, until when; whose are over or will soon be, and which temporary branches.
How long one lasts is terms.yaml's.

Who holds a post is the register's (core/register/rights). A unit whose committee was never entered is listed too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from importlib.resources import files
from uuid import UUID

import msgspec

from core.actor import Actor
from core.cited import Checked, Cite, Source, cited
from core.database import execute, fetch, fetchrow
from core.errors import Conflict, Invalid
from core.organisation.access import access_unit
from core.organisation.branches import RULES
from core.organisation.model import KINDS, TEMPORARY
from core.organisation.service import refuse_dissolved
from core.paths import Conditions, within
from core.text import one_line, refuse_future
from dangwu import add_months

MOST = 500
"""Units in the list of terms that end."""


class _Months(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    months: int
    cite: Cite
    checked: Checked


class _Length(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kinds: tuple[str, ...]
    years: int
    cite: Cite
    checked: Checked
    flags: tuple[str, ...] = ()

    def fits(self, kind: str, flags: tuple[str, ...]) -> bool:
        return kind in self.kinds and (not self.flags or not {*self.flags}.isdisjoint(flags))


class _Lengths(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sources: Mapping[str, Source]
    terms: tuple[_Length, ...]
    reminder: _Months
    longest: _Months


LENGTHS = msgspec.yaml.decode(files(__package__).joinpath("terms.yaml").read_bytes(), type=_Lengths)
ELECTING = tuple(kind for kind in KINDS if any(kind in one.kinds for one in LENGTHS.terms))
"""The kinds of units whose committee is elected for a term."""


class Term(msgspec.Struct, frozen=True):
    """A term: `until` is the day on which it is full."""

    id: UUID
    since: date
    until: date
    basis: str
    by_name: str
    at: datetime


class TermDraft(msgspec.Struct, frozen=True):
    """What is entered: the day of the election, the paper that approved it; `until` where it is not as long as the rule says."""

    since: date
    basis: str
    until: date | None = None


class Ending(msgspec.Struct, frozen=True):
    """A unit whose committee's term ends soon, is over, or was never entered (`until` none)."""

    unit_id: UUID
    name: str
    kind: str
    until: date | None


def years_of(kind: str, flags: tuple[str, ...]) -> int:
    """How many years a committee of such a unit is elected for; 0 where none is."""
    return next((one.years for one in LENGTHS.terms if one.fits(kind, flags)), 0)


def said_of(kind: str, flags: tuple[str, ...]) -> str:
    """5 年（《…》任期）; "" where none is elected."""
    found = next((one for one in LENGTHS.terms if one.fits(kind, flags)), None)
    if found is None:
        return ""
    return f"{found.years} 年（{cited(LENGTHS.sources, found.cite)}）"


async def enter_term(actor: Actor, unit_id: UUID, draft: TermDraft, today: date) -> Term:
    """A committee has been elected. Raises NotFound, Forbidden, Conflict, Invalid by field."""
    unit = await access_unit(actor, unit_id, "org.edit", lock=True)
    refuse_dissolved(unit)
    years = years_of(unit.kind, unit.flags)
    if not years:
        raise Conflict(
            f"{KINDS[unit.kind]}没有选举产生、有任期的委员会，不登记任期。请在党委、党总支、党支部登记。"
        )
    refuse_future("since", "选举产生的日期", draft.since, today)
    basis = one_line("basis", "批准选举结果的文件", draft.basis, most=120)
    until = draft.until or add_months(draft.since, 12 * years)
    latest = add_months(draft.since, 12 * years + LENGTHS.longest.months)
    if not draft.since < until <= latest:
        sentence = f"任期 {years} 年，延期一般不超过 {LENGTHS.longest.months} 个月。请填 {draft.since} 以后至 {latest} 的日期。"
        raise Invalid(sentence, fields={"until": sentence})
    before = await terms(actor, unit_id)
    if before and draft.since <= before[0].since:
        sentence = f"上一届是 {before[0].since} 产生的，这一届应当在那以后。"
        raise Invalid(sentence, fields={"since": sentence})
    row = await fetchrow(
        """insert into unit_term (unit_id, path, since, until, basis, by_id, by_name) values ($1, $2, $3, $4, $5, $6, $7)
           returning id, since, until, basis, by_name, at""",
        unit.id, unit.path, draft.since, until, basis, actor.id, actor.name,
    )  # fmt: skip
    assert row is not None
    return Term(**row)


async def strike_term(actor: Actor, unit_id: UUID, term_id: UUID) -> None:
    """One that was entered in error counts no more. Raises NotFound, Forbidden, Conflict."""
    await access_unit(actor, unit_id, "org.edit", lock=True)
    done = await execute(
        "update unit_term set void = true where id = $1 and unit_id = $2 and not void", term_id, unit_id
    )
    if done.endswith(" 0"):
        raise Conflict("这一届的登记已经撤销，或者不是这个党组织的。请刷新页面再看。")


async def terms(actor: Actor, unit_id: UUID) -> list[Term]:
    """Those of a unit that hold, the newest first. Raises NotFound."""
    await access_unit(actor, unit_id)
    rows = await fetch(
        "select id, since, until, basis, by_name, at from unit_term where unit_id = $1 and not void order by since desc, id desc",
        unit_id,
    )
    return [Term(**row) for row in rows]


class Lasting(msgspec.Struct, frozen=True):
    """A temporary branch whose task ends soon, or should be over; `until` none: nobody has said when."""

    unit_id: UUID
    name: str
    task: str
    until: date | None


async def lasting(actor: Actor, today: date) -> list[Lasting]:
    """The temporary branches that he sees which have to be thought of, the first to end first; those without a day last."""
    where = Conditions()
    where.below("path", within(actor, "org.view"))
    return await _lasting(where, today, RULES.temporary.remind.days)


async def kept(actor: Actor, today: date, days: int) -> list[Lasting]:
    """Those of them that he keeps, ending within so many days: he acts there, or right above."""
    his = [one.unit_id for one in actor.holdings if "case.record" in one.capabilities]
    where = Conditions()
    where.add("(id = any({}) or parent_id = any({}))", his, his)
    return await _lasting(where, today, days)


async def _lasting(where: Conditions, today: date, days: int) -> list[Lasting]:
    where.add("dissolved is null and kind = {}", TEMPORARY)
    where.add("(until is null or until <= {})", today + timedelta(days))
    rows = await fetch(
        f"select id unit_id, name, task, until from unit where {where} order by until nulls last, path limit {MOST}",
        *where.args,
    )
    return [Lasting(**row) for row in rows]


async def ending(actor: Actor, today: date) -> list[Ending]:
    """The living units that he sees whose term has to be thought of, the first to end first; those without one last."""
    where = Conditions()
    where.below("u.path", within(actor, "org.view"))
    where.add("u.dissolved is null and u.kind = any({})", list(ELECTING))
    where.add("(t.until is null or t.until <= {})", add_months(today, LENGTHS.reminder.months))
    rows = await fetch(
        f"""select u.id unit_id, u.name, u.kind, t.until from unit u
            left join lateral (select until from unit_term t where t.unit_id = u.id and not t.void
                               order by since desc, id desc limit 1) t on true
            where {where} order by t.until nulls last, u.path limit {MOST}""",
        *where.args,
    )
    return [Ending(**row) for row in rows]
