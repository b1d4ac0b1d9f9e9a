"""The letters of a case follow it, in the transaction of each act: issued, answered, void; the receiver's answer goes back."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from datetime import timedelta
from uuid import UUID

from core.casework.acts.transfer import RECEPTION
from core.casework.model import RegimeFor
from core.database import execute, fetch, fetchrow, fetchval
from core.errors import Conflict
from core.organisation.queries import upwards
from core.register.columns import draft_of
from core.transfers.along import under_way
from core.transfers.answer import SAID, answer
from core.transfers.model import Carried, seal, unseal
from core.transfers.standing import Stands, stands

TOKEN_BYTES = 20
ON_HIS_WAY = (
    "此人的组织关系正在转往县外，对方已经按介绍信受理，这时办理会使介绍信写的情况不再属实。"
    "请等对方接收以后由对方办理；须在这里办理的，先把接转退回到开出介绍信这一环节。"
)
DAYS = timedelta(days=90)
"""How long a letter holds where no rule says it (组通字〔2006〕45 号，有效期)."""


async def settle(case_id: UUID, regime_for: RegimeFor) -> None:
    """Bring the letters of a case in line with it. Raises Conflict where the other county has answered already."""
    now = await stands(case_id)
    if now is None:
        return
    if now.entering:
        await _as_receiver(now)
    else:
        await _as_issuer(now, regime_for)


async def settle_people(people: Collection[UUID], regime_for: RegimeFor) -> None:
    """The same for those who have become another file (core/changes/unite.py), or whose particulars were corrected: a letter that
    is out goes on as theirs, as they are now."""
    running = "select id from case_file where person_id = any($1) and status = 'running' and confers = 'unit' order by id"
    for row in await fetch(running, list(people)):
        await settle(row["id"], regime_for)


async def taken_up(people: Iterable[UUID]) -> dict[UUID, str]:
    """Of these people, those of whom another county has taken the letter → why they stay as it says."""
    rows = await fetch(
        """select distinct person_id from letter
           where person_id = any($1) and state = 'issued' and to_case is not null and tenant_id = session_county()""",
        list(people),
    )
    return {row["person_id"]: ON_HIS_WAY for row in rows}


async def _as_issuer(now: Stands, regime_for: RegimeFor) -> None:
    await _refuse_theirs(now)
    if now.arrived:
        await _received(now)
        return
    if not now.waits:
        await _refuse_received(now)
    refused = now.refused and RECEPTION in now.open_steps
    kept = now.entry_id if now.waits and not refused else None
    await execute(
        """update letter set state = $3, ended_on = greatest($4, issued_on), reason = $5
           where case_id = $1 and state = 'issued' and entry_id is distinct from $2""",
        now.case_id, kept, "refused" if refused else "void", now.last_day, now.last_note,
    )  # fmt: skip
    if kept is not None:
        await _issued(now, regime_for)


async def _refuse_theirs(now: Stands) -> None:
    """What the other county answers is written down here by its answer alone (reply.py)."""
    row = await fetchrow(
        "select state, ended_on from letter where case_id = $1 and entry_id = $2 and to_county is not null",
        now.case_id, now.entry_id,
    )  # fmt: skip
    said = ("refused" if now.refused else "received", now.received_on)
    if row is not None and now.received_on and (row["state"], row["ended_on"]) != said:
        raise Conflict(
            "对方县也在本平台上：由对方接收或者退回，这里自动记录，不必也不能代为记录。对方迟迟不答复的，请与对方组织部联系。",
            code="theirs",
        )


async def _received(now: Stands) -> None:
    await execute(
        """update letter set state = 'received', ended_on = greatest($3, issued_on), reason = ''
           where case_id = $1 and entry_id = $2
             and (state <> 'received' or to_county is null and ended_on <> greatest($3, issued_on))""",
        now.case_id, now.entry_id, now.received_on,
    )  # fmt: skip
    await _receipt(now)


async def _refuse_received(now: Stands) -> None:
    """Nothing is taken back that the other county has acted on, though its answer may not be written down here yet."""
    if await fetchval(
        "select exists (select from letter where case_id = $1 and state = 'received')", now.case_id
    ):
        raise Conflict(SAID["received"], code="letter-received")


async def _receipt(now: Stands) -> None:
    await execute(
        """update letter set receipt_on = $2 where case_id = $1 and to_county is null and state = 'received'
           and receipt_on is distinct from $2""",
        now.case_id, now.receipt_on,
    )  # fmt: skip


async def _issued(now: Stands, regime_for: RegimeFor) -> None:
    assert now.issued_on is not None
    until = max(now.next_due or now.issued_on + DAYS, now.issued_on)
    county = await fetchval("select name from county where id = session_county()")
    sealed = await _carried(now, regime_for) if now.beyond_county else None
    await _refuse_otherwise(now, sealed)
    await execute(
        """insert into letter (case_id, person_id, entry_id, token, number, issuer, goes_to, issued_on, valid_until, to_county,
                               sealed)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
           on conflict (tenant_id, entry_id) where entry_id is not null
               do update set valid_until = excluded.valid_until, sealed = excluded.sealed, person_id = excluded.person_id
               where letter.state = 'issued'""",
        now.case_id, now.person_id, now.entry_id, secrets.token_urlsafe(TOKEN_BYTES), now.number,
        county + " " + await above(now.path), now.beyond or await above(now.to_path, whole=True), now.issued_on, until,
        now.beyond_county, sealed,
    )  # fmt: skip


async def _refuse_otherwise(now: Stands, sealed: bytes | None) -> None:
    """What the other county has taken goes on saying what it said."""
    row = await fetchrow(
        "select sealed from letter where case_id = $1 and entry_id = $2 and to_case is not null",
        now.case_id,
        now.entry_id,
    )
    if row is not None and sealed is not None and unseal(row["sealed"]) != unseal(sealed):
        raise Conflict(ON_HIS_WAY, code="on-his-way")


async def _carried(now: Stands, regime_for: RegimeFor) -> bytes:
    row = await fetchrow("select * from person where id = $1", now.person_id)
    assert row is not None
    return seal(Carried(draft_of(row), await under_way(now.person_id, regime_for)))


async def _as_receiver(now: Stands) -> None:
    row = await fetchrow(
        "select id, state, valid_until, receipt_on, to_case from letter where case_id = $1 or to_case = $1",
        now.case_id,
    )
    if row is None:
        return
    if now.arrived:
        done = "acknowledged" if row["state"] == "received" else "received"
        day = now.receipt_on if done == "acknowledged" else now.received_on
        if day is None or (done == "acknowledged" and row["receipt_on"]):
            return
    elif now.status == "running" or row["state"] != "issued":
        return
    else:
        done, day = "refused", now.last_day
    county = await fetchval("select name from county where id = session_county()")
    who = f"{county} {await above(now.to_path, whole=True)}"
    await answer(row["id"], row["to_case"], done, day, now.last_note, who)


async def above(path: str, *, whole: bool = False) -> str:
    """The committee at or above a path by its name; with `whole` the unit itself behind it."""
    found: str | None = await fetchval(
        """select string_agg(name, ' ' order by length(path)) from (
               (select name, path from unit where path = any($1) and kind = 'committee' order by length(path) desc limit 1)
               union (select name, path from unit where path = $2 and $3)) u""",
        upwards(path), path, whole,
    )  # fmt: skip
    return found or str(await fetchval("select name from unit where path = $1", path))
