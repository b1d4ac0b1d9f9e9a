"""The platform's operators in a county: nobody of them gets in unless the county has said so, for whom, for what, until when.

An operator has an account of his own there, which has no password and is active within a grant alone: whatever he does is
written down under his name like everybody's. He comes in by a ticket that the operator's command prints, once, soon.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import msgspec

from core.actor import Actor
from core.days import spans
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.ledger.note import note
from core.text import one_line, tidy
from tenants.accounts.access import actor_for
from tenants.accounts.errors import SignInFailed
from tenants.accounts.grants import give_role
from tenants.accounts.known import SignedIn
from tenants.accounts.security import whole_county
from tenants.accounts.tokens import digest, revoke_all
from tenants.database.session import current_session

LONGEST_DAYS = 7
TICKET_MINUTES = 10
MAY = ("inspector", "system-admin")
"""The roles that an operator can be given: looking on, or running the system; nothing that decides about people or accounts."""

NAMED = "平台运维·"
NO_SUCH_GRANT = "没有找到这项准许，它可能已经结束或收回。"
OVER = "这个运维入口已经用过、过期，或者县里已经收回准许。请重新取得一个。"


class OperatorGrant(msgspec.Struct, frozen=True):
    """What a county has granted: to whom, from `since` until the day before `until`; `acts` is how many entries of the log
    are his since, `entered_at` when he last came in."""

    id: UUID
    account_id: UUID
    name: str
    role: str
    purpose: str
    since: date
    until: date
    by_name: str
    revoked_at: datetime | None
    revoked_by: str
    acts: int
    entered_at: datetime | None


_GRANTS = """
    select g.id, g.account_id, a.name, g.role, g.purpose, g.since, g.until, g.by_name, g.revoked_at, g.revoked_by,
           count(e.id) acts, max(e.at) filter (where e.verb = 'operator.entered') entered_at
    from operator_grant g join account a on a.tenant_id = g.tenant_id and a.id = g.account_id
    left join ledger_entry e on e.tenant_id = g.tenant_id and e.by_id = g.account_id and e.at >= g.at
        and e.at <= coalesce(g.revoked_at, 'infinity')
    group by g.tenant_id, g.id, a.name order by g.id desc limit 100
"""


async def operator_grants(actor: Actor) -> list[OperatorGrant]:
    """What the county has granted, the latest first. Raises Forbidden."""
    whole_county(actor)
    return [OperatorGrant(**dict(row)) for row in await current_session().fetch(_GRANTS)]


async def grant_operator(
    actor: Actor, *, name: str, role: str, purpose: str, since: date, last: date, today: date
) -> UUID:
    """Let an operator of this name in until `last`. Raises Forbidden, Invalid (fields), Conflict while he has a grant then."""
    whole_county(actor)
    name, purpose = tidy(name), one_line("purpose", "目的", purpose, most=200)
    fields = {}
    if not 2 <= len(name) <= 30:
        fields["name"] = "请填写运维人员的姓名（2 至 30 个字）。"
    if role not in MAY:
        fields["role"] = "请选择准许他做什么。"
    if since < today:
        fields["since"] = "不能从过去的日期开始。"
    if not spans(since, last, LONGEST_DAYS):
        fields["last"] = f"最后一天应在开始日期当天或以后，最长 {LONGEST_DAYS} 天；还需要的，到时再准许一次。"
    if fields:
        raise Invalid("".join(fields.values()), fields=fields)
    session, until = current_session(), last + timedelta(days=1)
    account = await _account(actor, f"{NAMED}{name}")
    if await session.fetchval(_ALREADY, account, since, until):
        raise Conflict("这些日子里已经准许他了。要改的，请先收回原来那一项。")
    root = await session.fetchval("select id from unit where parent_id is null")
    await give_role(actor, account, role, root, since=since, until=until)
    made: UUID = await session.fetchval(
        "insert into operator_grant (account_id, role, purpose, since, until, by_id, by_name)"
        " values ($1, $2, $3, $4, $5, $6, $7) returning id",
        account, role, purpose, since, until, actor.id, actor.name,
    )  # fmt: skip
    await note(actor, "operator.granted", "account", account, since=since, until=until, purpose=purpose)
    return made


_ALREADY = """
    select exists (select from operator_grant where account_id = $1 and revoked_at is null
        and daterange(since, until) && daterange($2, $3))
"""


async def _account(actor: Actor, name: str) -> UUID:
    """His account in this county, made with his first grant."""
    session = current_session()
    await session.execute(
        "select pg_advisory_xact_lock(hashtextextended('operator' || $1, 0))", str(session.county_id)
    )
    found: UUID | None = await session.fetchval("select id from account where operator and name = $1", name)
    if found is None:
        found = await session.fetchval(
            "insert into account (login, name, password_hash, must_change_password, created_by, operator)"
            " values ($1, $2, '', false, $3, true) returning id",
            f"operator.{uuid4().hex[:12]}", name, actor.id,
        )  # fmt: skip
    assert found is not None
    return found


async def revoke_operator(actor: Actor, grant_id: UUID, today: date) -> None:
    """Take it back: with his next request he is out. Raises NotFound, also for who may not: to him there is none."""
    session = current_session()
    try:
        whole_county(actor)
    except Forbidden:
        raise NotFound(NO_SUCH_GRANT) from None
    row = await session.fetchrow(
        "update operator_grant set revoked_at = now(), revoked_by = $2, ticket = null"
        " where id = $1 and revoked_at is null and until > $3 returning account_id, since, until",
        grant_id, actor.name, today,
    )  # fmt: skip
    if row is None:
        raise NotFound(NO_SUCH_GRANT)
    account = row["account_id"]
    await session.execute(
        "update holding set until = greatest(since, $4), ended_by = $5, ended_at = now()"
        " where account_id = $1 and since = $2 and until = $3",
        account, row["since"], row["until"], today, actor.id,
    )  # fmt: skip
    await session.execute("update account set sign_in_epoch = sign_in_epoch + 1 where id = $1", account)
    await revoke_all(account)
    await note(actor, "operator.revoked", "account", account)


async def ticket(name: str, today: date) -> str:
    """A way in for the operator of this name, good once within TICKET_MINUTES. Raises NotFound where the county grants none."""
    secret = secrets.token_urlsafe(32)
    found = await current_session().fetchval(
        "update operator_grant set ticket = $3, ticket_until = now() + make_interval(mins => $4)"
        " where revoked_at is null and since <= $2 and until > $2"
        " and account_id = (select id from account where operator and name = $1) returning id",
        f"{NAMED}{tidy(name)}", today, digest(secret), TICKET_MINUTES,
    )  # fmt: skip
    if found is None:
        raise NotFound(
            f"这个县没有准许{tidy(name)}今天进入。请该县的安全管理员（或组织部管理员）在“账号与权限—登录安全—运维访问”中准许。"
        )
    return secret


async def come_in(secret: str, today: date) -> SignedIn:
    """Use a ticket of this county. Raises SignInFailed."""
    account = await current_session().fetchval(
        "update operator_grant set ticket = null where ticket = $1 and ticket_until > now() and revoked_at is null"
        " and since <= $2 and until > $2 returning account_id",
        digest(secret), today,
    )  # fmt: skip
    found = await actor_for(account, today) if account else None
    if found is None or not found.active:
        raise SignInFailed(OVER)
    await note(found.actor, "operator.entered", "account", account)
    return found
