"""The filter of a list of people, in an address and back."""

from __future__ import annotations

from litestar.params import FromQuery

from core.register.former import FormerFilter
from core.register.leaving import LEAVINGS
from core.register.queries import PeopleFilter
from core.register.values import MEMBERSHIP
from web.kit.query import Text, day_asked, one_of, unit_asked


def wanted_of(
    q: Text = "",
    unit: Text = "",
    membership: Text = "",
    lost: FromQuery[bool | None] = None,
    mobile: FromQuery[bool | None] = None,
) -> PeopleFilter:
    """Litestar dependency `wanted`. An empty `unit` (nothing picked in the list) is no unit. Raises Invalid for a membership that
    there is not."""
    return PeopleFilter(
        unit_id=unit_asked(unit),
        membership=one_of("membership", membership, MEMBERSHIP) or None,
        search=q,
        lost_contact=lost,
        mobile=mobile,
    )


def address_of(wanted: PeopleFilter) -> dict[str, object]:
    """The query parameters that ask for this list again."""
    return {
        "q": wanted.search,
        "unit": wanted.unit_id,
        "membership": wanted.membership or "",
        "lost": _said(wanted.lost_contact),
        "mobile": _said(wanted.mobile),
    }


def _said(asked: bool | None) -> str:
    return "" if asked is None else str(asked).lower()


def former_wanted(
    q: Text = "", unit: Text = "", kind: Text = "", since: Text = "", until: Text = ""
) -> FormerFilter:
    """Litestar dependency `wanted` of the list of those who have left. Raises Invalid for what is no day, no way of leaving."""
    return FormerFilter(
        unit_id=unit_asked(unit),
        kind=one_of("kind", kind, LEAVINGS) or None,
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
