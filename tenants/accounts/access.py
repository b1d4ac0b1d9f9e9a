"""Who is signed in and what he may see; and the other way round: who can see a unit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

import msgspec
from asyncpg import Record as Row

from core.actor import Actor, Capability
from core.errors import NotFound
from core.organisation.access import access_unit
from tenants.accounts.capabilities import CAPABILITIES, ROLES, Held, actor_of
from tenants.accounts.known import SignedIn, remember, remembered
from tenants.database.session import Session, current_session

NO_SUCH_ACCOUNT = "没有找到这个账号，或它不在您的管理范围内。请从账号列表中重新选择。"


# Account, roles with the paths of their units, and the version of the policies.
_SIGNED_IN = "select *, access_stamp($1, $2) stamp from signed_in($1, $2)"


async def actor_for(account_id: UUID, today: date) -> SignedIn:
    """The account with what it holds on `today`, in one query, or in none where the session has begun with `known.question`.

    Also tells the session the version of the county's policies, so that tenants/policies/regimes.py need not ask again.
    Raises NotFound for an account that this county does not have.
    """
    session = current_session()
    whose = (_county(session), account_id, today)
    found = remembered(whose) if session.answered else None
    # The question was about whom the session began with, and that is answered now: of anybody else it says nothing.
    session.answered = False
    if found is None:
        rows = await session.fetch(_SIGNED_IN, account_id, today)
        if not rows:
            raise NotFound(NO_SUCH_ACCOUNT)
        found = _signed_in(rows, account_id, today)
        remember(whose, rows[0]["stamp"], found)
    session.policy_version = found.policy_version
    return found


def _county(session: Session) -> UUID:
    if session.county_id is None:
        raise RuntimeError("账号属于某个县：请先进入 county_session(县编号)。")
    return session.county_id


def _signed_in(rows: Sequence[Row], account_id: UUID, today: date) -> SignedIn:
    first = rows[0]
    held = [
        Held(r["role"], r["unit_id"], r["path"], r["kind"], r["since"], r["until"]) for r in rows if r["role"]
    ]
    actor = actor_of(account_id, first["name"], held, today, first["person_id"])
    return SignedIn(
        actor=msgspec.structs.replace(actor, hands=frozenset(first["hands"])),
        login=first["login"],
        active=first["active"],
        must_change_password=first["must_change_password"],
        sign_in_epoch=first["sign_in_epoch"],
        county_name=first["county"],
        policy_version=first["policy_version"],
        second_factor=first["second_factor"],
        asked_of=first["asked_of"],
        operator_until=first["operator_until"],
    )


async def access_account(actor: Actor, account_id: UUID) -> None:
    """Raise NotFound unless it is his own, or he holds `account.view` over one of its units (present or past)."""
    rows = await current_session().fetch(
        "select u.path from account a left join holding h on h.tenant_id = a.tenant_id and h.account_id = a.id"
        " left join unit u on u.tenant_id = h.tenant_id and u.id = h.unit_id where a.id = $1",
        account_id,
    )
    seen = any(row["path"] is not None and actor.may("account.view", row["path"]) for row in rows)
    if not seen and not (rows and account_id == actor.id):
        raise NotFound(NO_SUCH_ACCOUNT)


async def is_own(actor: Actor, account_id: UUID) -> bool:
    """Whether an account is the actor's: this one, or another of the same person."""
    if actor.id == account_id:
        return True
    owner = await current_session().fetchval("select person_id from account where id = $1", account_id)
    return owner is not None and owner == actor.person


class Reader(msgspec.Struct, frozen=True):
    """Somebody who can reach a unit, through which role, held where, and what it lets him do there."""

    account_id: UUID
    name: str
    role: str
    role_title: str
    unit_id: UUID
    unit_name: str
    capabilities: tuple[str, ...]


async def holders(
    capability: Capability, today: date, scopes: Sequence[str] = (), *, but: Collection[UUID] = ()
) -> list[UUID]:
    """The accounts in use, without `but`, that hold this capability over all these subtrees (over any, where none is said)."""
    roles = sorted(one.id for one in ROLES.values() if capability in one.capabilities)
    rows = await current_session().fetch(
        """
        select distinct a.id from holding h
        join account a on a.tenant_id = h.tenant_id and a.id = h.account_id and a.active
        join unit u on u.tenant_id = h.tenant_id and u.id = h.unit_id
        where h.role = any($1) and h.since <= $2 and (h.until is null or h.until > $2) and a.id <> all($3)
            and not exists (select from unnest($4::text[]) scope where not starts_with(scope, u.path))
        order by a.id
        """,
        roles, today, [*but], [*scopes],
    )  # fmt: skip
    return [row["id"] for row in rows]


async def who_can_see(
    actor: Actor, unit_id: UUID, today: date, capability: Capability | None = None
) -> list[Reader]:
    """Everybody whose roles reach this unit (with `capability`, only who holds that one), the nearest units first.

    Whoever sees the unit may ask. Raises NotFound for a unit he does not see, LookupError for an unknown capability.
    """
    if capability is not None and capability not in CAPABILITIES:
        raise LookupError(f"unknown capability {capability!r}")
    unit = await access_unit(actor, unit_id)
    rows = await current_session().fetch(
        """
        select a.id, a.name, h.role, u.id as unit_id, u.short_name as unit_name
        from holding h
        join account a on a.tenant_id = h.tenant_id and a.id = h.account_id and a.active
        join unit u on u.tenant_id = h.tenant_id and u.id = h.unit_id
        where starts_with($1, u.path) and h.since <= $2 and (h.until is null or h.until > $2)
        order by length(u.path) desc, a.name collate "C", h.role
        """,
        unit.path,
        today,
    )
    return [
        Reader(row["id"], row["name"], row["role"], ROLES[row["role"]].title, row["unit_id"], row["unit_name"],
               tuple(word for word in CAPABILITIES if word in ROLES[row["role"]].capabilities))
        for row in rows
        if row["role"] in ROLES and (capability is None or capability in ROLES[row["role"]].capabilities)
    ]  # fmt: skip
