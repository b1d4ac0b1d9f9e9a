"""A letter that is out says what its holder no longer is: found, and issued anew. Its number is void, another one is given.

What another county of the platform has been sent follows the correction itself (settle.py), until it is taken there.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from core.actor import Actor
from core.casework.access import take_up
from core.casework.acts.send_back import send_back
from core.casework.acts.transfer import LETTER
from core.casework.model import RegimeFor
from core.database import fetch
from core.errors import Conflict
from core.numbers.series import LONGEST
from core.register.model import FIELD_TITLES
from core.text import one_line
from core.transfers.batch import number_letter
from core.transfers.model import COLUMNS, Letter, letter
from core.transfers.queries import letter_file

ON_LETTER = ("name", "sex", "born", "ethnicity", "membership", "national_id", "phone")
"""Particulars that stand on a letter (组通字〔2006〕45 号，式样)."""
_OUT = "state = 'issued' and token is not null and to_county is null and tenant_id = session_county()"


async def outdated(person_id: UUID) -> dict[UUID, tuple[Letter, tuple[str, ...]]]:
    """Id → a letter on paper that somebody's county has issued and that is out, with the titles of what was corrected since, and
    not undone; for services that have checked access."""
    rows = await fetch(
        f"""select {COLUMNS}, array(
                select distinct jsonb_array_elements_text(c.detail -> 'fields') from person_change c
                where c.person_id = letter.person_id and c.kind = 'corrected' and c.id > letter.id
                  and jsonb_typeof(c.detail -> 'fields') = 'array' and not exists (
                      select from person_change o where o.person_id = c.person_id and o.id > letter.id
                      and (o.detail ->> 'undone' = c.detail ->> 'batch' or o.detail ->> 'batch' = c.detail ->> 'undone'))
                ) corrected
            from letter where person_id = $1 and {_OUT} order by id""",
        person_id,
    )
    found = {row["id"]: (letter(row), _titles(row["corrected"])) for row in rows}
    return {one: pair for one, pair in found.items() if pair[1]}


def _titles(fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(FIELD_TITLES[one] for one in ON_LETTER if one in fields)


async def _out(actor: Actor, letter_id: UUID) -> Letter:
    """A letter that can be issued anew. Raises NotFound, Conflict for one that is no longer out."""
    line = await letter_file(actor, letter_id)
    one = line.letter
    if not one.ours or one.token is None or one.state != "issued" or line.case_id is None:
        raise Conflict(
            "这封介绍信不是本县开出的，或者已经办结、作废，不能换开。请刷新页面再看。", code="not-out"
        )
    return one


async def renew(
    actor: Actor, letter_id: UUID, number: str, day: date, reason: str, today: date, regime_for: RegimeFor
) -> UUID:
    """Issue it anew under another number: the case goes back to the letter, whose number is void, and receives the new one; the
    case. Raises NotFound, Forbidden, Invalid by field, Conflict for a letter that is no longer out and a number that is taken."""
    one = await _out(actor, letter_id)
    reason = one_line("reason", "换开的原因", reason, most=200)
    number = one_line("number", "编号", number, most=LONGEST)
    matter = await take_up(actor, one.case_id, regime_for)
    # Whoever was here before has renewed it while this waited for the case.
    await _out(actor, letter_id)
    await send_back(
        actor, matter, LETTER, day, f"第 {one.number} 号介绍信换开：{reason}",
        seen_version=matter.case.version, today=today,
    )  # fmt: skip
    await number_letter(actor, one.case_id, number, day, today, regime_for)
    return one.case_id
