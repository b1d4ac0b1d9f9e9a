"""Many at once (高校毕业生一批转出): each goes where he goes, each letter has a number of its own, one act of each is one act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from core.actor import Actor
from core.casework.access import take_up
from core.casework.acts.going import Beyond
from core.casework.acts.open import open_case
from core.casework.acts.record import record, step_rules
from core.casework.acts.transfer import LETTER, PROCEDURE, numbered, written
from core.casework.levels import by_level, own_level
from core.casework.model import RegimeFor, Way
from core.casework.standing.regimes import regime_at
from core.database import fetch
from core.numbers.series import LONGEST, series
from core.paths import Conditions, within
from core.register.access import access_person
from core.text import one_line
from dangwu import Case, Subject, least

MOST = 200


class Goer(NamedTuple):
    """Somebody who goes, and where."""

    person_id: UUID
    beyond: Beyond


class Waiting(NamedTuple):
    """A case whose letter can be issued now."""

    case_id: UUID
    name: str
    unit: str
    goes_to: str


async def ask_to_leave(actor: Actor, goer: Goer, day: date, today: date, regime_for: RegimeFor) -> None:
    """Begin his case: whoever asks for many says that he has the papers of each. Raises as `open_case`."""
    person = await access_person(actor, goer.person_id)
    regime = await regime_at(regime_for, Way(person["path"]))
    opening = regime.plan(PROCEDURE).procedure.opens.step
    asked = least(regime, Case(Subject(person["born"]), (), PROCEDURE), opening, day)[0]
    await open_case(
        actor, goer.person_id, day, asked,
        regime_for=regime_for, today=today, procedure=PROCEDURE, beyond=goer.beyond,
    )  # fmt: skip


async def number_letter(
    actor: Actor, case_id: UUID, number: str, day: date, today: date, regime_for: RegimeFor
) -> None:
    """Issue a letter with this number, its stub kept. Raises as `record`, Conflict for a number that is taken."""
    matter = await take_up(actor, case_id, regime_for)
    rules = step_rules(matter, LETTER, day)
    whole = least(matter.regime, matter.case.case, LETTER, day, numbered(number))[0]
    own = dict(by_level(rules, whole))[own_level(rules)]
    await record(actor, matter, LETTER, day, own, seen_version=matter.case.version, today=today)


def numbers(first: str, count: int) -> list[str]:
    """2026-009 → 2026-009, 2026-010 …: so many, as wide as the first. Raises Invalid (field `first`)."""
    return series(written(one_line("first", "起始编号", first, most=LONGEST)), count)


async def waiting_for_letters(actor: Actor) -> Sequence[Waiting]:
    """The cases of committees where he records, released and without a letter, by branch and name."""
    where = Conditions()
    where.below("c.path", within(actor, "case.record"))
    rows = await fetch(
        f"""select c.id, c.person_name, coalesce(b.short_name, u.short_name) unit, coalesce(nullif(c.beyond, ''), t.name) goes_to
            from case_file c join unit u on u.id = c.unit_id join unit t on t.id = c.to_unit_id
              left join unit b on b.id = u.parent_id and u.kind = 'group'
            where {where} and c.status = 'running' and c.procedure = {where.bind(PROCEDURE)}
              and {where.bind(LETTER)} = any(c.open_steps) order by c.path, c.py, c.id limit {MOST}""",
        *where.args,
    )
    return [Waiting(row["id"], row["person_name"], row["unit"], row["goes_to"]) for row in rows]
