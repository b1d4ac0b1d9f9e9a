"""The filter of a list of people, in an address and back."""

from __future__ import annotations

from litestar.params import FromQuery

from core.register.queries import PeopleFilter
from web.kit.query import Text, unit_asked


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
