"""The filter of a list of people, in an address and back."""

from __future__ import annotations

from litestar.params import FromQuery

from core.register.former import FormerFilter
from core.register.queries import PeopleFilter
from web.kit.query import Text, day_asked, unit_asked


def wanted_of(
    q: Text = "",
    unit: Text = "",
    membership: Text = "",
    lost: FromQuery[bool | None] = None,
    mobile: FromQuery[bool | None] = None,
) -> PeopleFilter:
    """Litestar dependency `wanted`. An empty `unit` (nothing picked in the list) is no unit."""
    return PeopleFilter(
        unit_id=unit_asked(unit),
        membership=membership or None,
        search=q,
        lost_contact=lost or None,
        mobile=mobile or None,
    )


def address_of(wanted: PeopleFilter) -> dict[str, object]:
    """The query parameters that ask for this list again."""
    return {
        "q": wanted.search,
        "unit": wanted.unit_id,
        "membership": wanted.membership or "",
        "lost": "true" if wanted.lost_contact else "",
        "mobile": "true" if wanted.mobile else "",
    }


def former_wanted(
    q: Text = "", unit: Text = "", kind: Text = "", since: Text = "", until: Text = ""
) -> FormerFilter:
    """Litestar dependency `wanted` of the list of those who have left. Raises Invalid for what is no day."""
    return FormerFilter(
        unit_id=unit_asked(unit),
        kind=kind or None,
        since=day_asked(since),
        until=day_asked(until),
        search=q,
    )


def former_address(wanted: FormerFilter) -> dict[str, object]:
    """The query parameters that ask for this list again."""
    return {
        "q": wanted.search,
        "unit": wanted.unit_id,
        "kind": wanted.kind or "",
        "since": wanted.since or "",
        "until": wanted.until or "",
    }
