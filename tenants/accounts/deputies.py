"""Deputies: a colleague acts for somebody from a day to a day, with what that one holds, and under both names.

Where recorder and approver must be two people, somebody and his deputies count as one: what either has done in a case the other
cannot decide on (core/actor.py, `Actor.did`). Administering is not handed on.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import msgspec

from core.actor import Actor, Capability
from core.days import spans
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.ledger.note import note
from core.text import tidy
from tenants.accounts.access import actor_for
from tenants.accounts.known import SignedIn
from tenants.database.session import current_session

LONGEST_DAYS = 92
KEPT_TO_ONESELF: frozenset[Capability] = frozenset(
    {"account.view", "account.edit", "security.edit", "audit.view", "policy.activate", "document.template"}
)
"""What nobody does through a deputy."""

NO_SUCH = "没有找到这项代理，或它已经结束。"


class Deputation(msgspec.Struct, frozen=True):
    """`deputy_id` acts for `account_id` from `since` until the day before `until`; `holds` today."""

    id: UUID
    account_id: UUID
    account_name: str
    deputy_id: UUID
    deputy_name: str
    since: date
    until: date
    reason: str
    holds: bool


_DEPUTATIONS = """
    select d.id, d.account_id, a.name as account_name, d.deputy_id, b.name as deputy_name, d.since, d.until, d.reason,
           d.since <= $2 and a.active and b.active as holds
    from deputy d join account a on a.tenant_id = d.tenant_id and a.id = d.account_id
    join account b on b.tenant_id = d.tenant_id and b.id = d.deputy_id
    where $1 in (d.account_id, d.deputy_id) and d.ended_at is null and d.until > $2 order by d.since, d.id
"""


async def deputations(account_id: UUID, today: date) -> list[Deputation]:
    """Those that hold or will hold, given by an account and given to it."""
    return [Deputation(**dict(row)) for row in await current_session().fetch(_DEPUTATIONS, account_id, today)]


async def appoint(actor: Actor, *, login: str, since: date, last: date, reason: str, today: date) -> UUID:
    """Let the colleague of this login act for him until `last`. Raises Invalid (fields), Conflict where he does already on one
    of these days, Forbidden while he acts for another."""
    refuse_acting(actor)
    deputy = await current_session().fetchval(
        "select id from account where login = $1 and active", login.strip().lower()
    )
    reason, fields = tidy(reason), {}
    if deputy is None or deputy == actor.id:
        fields["login"] = "没有找到这位同志在用的账号。请核对登录名（不能是您自己的）。"
    if since < today:
        fields["since"] = "不能从过去的日期开始。"
    if not spans(since, last, LONGEST_DAYS):
        fields["last"] = f"最后一天应在开始日期当天或以后，最长 {LONGEST_DAYS} 天。"
    if not 1 <= len(reason) <= 200:
        fields["reason"] = "请填写原因（200 个字以内），例如“外出学习”。"
    if fields:
        raise Invalid("".join(fields.values()), fields=fields)
    # One after the other, however often it is sent at once.
    await current_session().execute("select from account where id = $1 for update", actor.id)
    if await current_session().fetchval(_ALREADY, actor.id, deputy, since, last + timedelta(days=1)):
        raise Conflict("这位同志在这些日子里已经是您的代理人。要改日期或者原因的，请先结束原来那一项。")
    made: UUID = await current_session().fetchval(
        "insert into deputy (account_id, deputy_id, since, until, reason) values ($1, $2, $3, $4, $5) returning id",
        actor.id, deputy, since, last + timedelta(days=1), reason,
    )  # fmt: skip
    await note(actor, "deputy.appointed", "account", deputy, since=since, until=last + timedelta(days=1))
    return made


_ALREADY = """
    select exists (select from deputy where account_id = $1 and deputy_id = $2 and ended_at is null
        and daterange(since, until) && daterange($3, $4))
"""


async def end(actor: Actor, deputation_id: UUID) -> None:
    """Either of the two ends it, at once. Raises NotFound, Forbidden while he acts for another."""
    refuse_acting(actor)
    row = await current_session().fetchrow(
        "update deputy set ended_at = now() where id = $1 and $2 in (account_id, deputy_id) and ended_at is null"
        " returning deputy_id",
        deputation_id, actor.id,
    )  # fmt: skip
    if row is None:
        raise NotFound(NO_SUCH)
    await note(actor, "deputy.ended", "account", row["deputy_id"])


async def begin(actor: Actor, deputation_id: UUID, today: date) -> Deputation:
    """From here on he acts for the other. Raises NotFound."""
    refuse_acting(actor)
    found = await _holding(actor.id, deputation_id, today)
    if found is None:
        raise NotFound(NO_SUCH)
    await note(actor, "deputy.acting", "account", found.account_id)
    return found


async def acting(found: SignedIn, deputation_id: UUID, today: date) -> SignedIn | None:
    """The deputy as he acts for the other: under both names, with what the other holds today; None when that is over."""
    held = await _holding(found.actor.id, deputation_id, today)
    if held is None:
        return None
    other = (await actor_for(held.account_id, today)).actor
    holdings = tuple(
        msgspec.structs.replace(one, capabilities=one.capabilities - KEPT_TO_ONESELF)
        for one in other.holdings
    )
    both = msgspec.structs.replace(
        found.actor, name=f"{found.actor.name}（代{other.name}）", holdings=holdings, acts_for=other.id,
        hands=found.actor.hands | other.hands | {other.id}, other_person=other.person,
    )  # fmt: skip
    return msgspec.structs.replace(found, actor=both)


async def asking(account_id: UUID, acts_for: UUID | None, day: date) -> Actor:
    """Who has asked for what is done only now: himself, or as the deputy of `acts_for`, with what he holds on that day. Raises
    Forbidden for an account that is off, and for a deputy who is none any more."""
    found = await actor_for(account_id, day)
    if not found.active:
        raise Forbidden("提出的账号已经停用，没有办理。")
    if acts_for is None:
        return found.actor
    for one in await deputations(account_id, day):
        if one.account_id == acts_for and (both := await acting(found, one.id, day)) is not None:
            return both.actor
    raise Forbidden("提出的时候是代别人办理，这项代理已经结束，没有办理。", code="acting")


async def _holding(deputy_id: UUID, deputation_id: UUID, today: date) -> Deputation | None:
    for one in await deputations(deputy_id, today):
        if one.id == deputation_id and one.deputy_id == deputy_id and one.holds:
            return one
    return None


def refuse_acting(actor: Actor) -> None:
    """Raise Forbidden for what somebody does for himself alone, while he acts for another."""
    if actor.acts_for is not None:
        raise Forbidden("您正在代别人办理。代理事项须以您自己的身份办，请先结束代办。", code="acting")
