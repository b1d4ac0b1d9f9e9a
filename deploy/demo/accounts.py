"""The accounts of all officers, with one password for the demo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from uuid import UUID

import msgspec

from core.bulk import insert_many, new_ids
from core.ledger.note import seal
from core.ledger.verbs import VERBS
from deploy.demo.logins import PASSWORD
from deploy.demo.plan import County
from deploy.demo.staff import Officer, Staff
from deploy.opening import OPERATOR
from tenants.accounts.passwords import check_password, hash_password
from tenants.ground.clock import SHANGHAI


async def enter_accounts(county: County, staff: Staff) -> None:
    """Write the accounts, what they hold, and both in the ledger; the officers get their ids."""
    officers = staff.officers
    for officer, account_id in zip(officers, await new_ids(len(officers)), strict=True):
        officer.id = account_id
        check_password(PASSWORD, login=officer.login, name=officer.name)
    opened = datetime.combine(county.opened, time(9), SHANGHAI)
    # One hash for all: the password is no secret, and 250 of them would take half a minute.
    hashed = await hash_password(PASSWORD)
    admin = next(one for one in officers if one.role == "department-admin")
    await insert_many(
        "account",
        ("id", "login", "name", "password_hash", "must_change_password", "created_at", "created_by"),
        [(one.id, one.login, one.name, hashed, False, opened, _maker(one, admin)) for one in officers],
    )
    await insert_many(
        "holding",
        ("account_id", "role", "unit_id", "since", "granted_by", "granted_at"),
        [(one.id, one.role, one.unit.id, county.opened, _maker(one, admin), opened) for one in officers],
    )
    await insert_many(
        "ledger_entry",
        (
            "by_id",
            "by_name",
            "verb",
            "title",
            "subject_kind",
            "subject_id",
            "unit_id",
            "passing",
            "salt",
            "said",
            "sealed",
        ),
        [row for one in officers for row in _noted(one, admin, county.opened)],
    )


def _maker(one: Officer, admin: Officer) -> UUID:
    """The administrator was entered by the operator, everybody else by the administrator."""
    return OPERATOR.id if one is admin else admin.id


def _noted(one: Officer, admin: Officer, opened: date) -> Iterator[tuple[object, ...]]:
    by = (OPERATOR.id, OPERATOR.name) if one is admin else (admin.id, admin.name)
    granted = {"role": one.role, "since": opened, "until": None}
    for verb, detail in (("account.created", {"login": one.login}), ("role.granted", granted)):
        said = msgspec.json.encode(detail).decode()
        salt, sealed = seal(said)
        yield (*by, verb, VERBS[verb], "account", one.id, one.unit.id, False, salt, said, sealed)
