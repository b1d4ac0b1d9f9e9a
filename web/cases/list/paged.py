"""One page of the list of cases, for page and API."""

from __future__ import annotations

from datetime import date

from core.casework.lists.cases import CaseLine, cases
from web.cases.list.filter import Wanted
from web.kit.here import Here
from web.kit.paging import Pager, decode_key, encode_key, key_uuid, tampered


async def page_of_cases(here: Here, wanted: Wanted, after: str | None) -> Pager[CaseLine]:
    """One page of the list; raises Invalid for a place to go on from that we did not make."""
    key = decode_key(after)
    begin = (_place(key[0], wanted.sort), key_uuid(key[-1])) if key else None
    found = await cases(here.actor, wanted.filter, sort=wanted.sort, after=begin)
    return Pager(tuple(found.lines), encode_key(found.after) if found.after else None, not after)


def _place(value: object, sort: str) -> object:
    if sort == "name":
        return str(value)
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise tampered() from error
