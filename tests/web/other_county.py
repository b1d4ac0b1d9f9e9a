"""What another county has of each kind of thing: for asking every route for it, and getting 404.

Whoever adds a route with a new path parameter adds the parameter to `ids_of`, and, for an API route that takes a body, a
body that is well-formed to BODIES: else the answer would be about the body.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from core.register.roster.batch import upload
from core.register.roster.template import empty_template
from tenants.session import county_session, current_session
from tests.web.conftest import Seeded, everything

DAY = "2026-11-01"
UNIT_DRAFT = {"kind": "branch", "name": "新支部"}

BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/api/v1/units/{unit_id}/children"): UNIT_DRAFT,
    ("PATCH", "/api/v1/units/{unit_id}"): {"version": 0, "draft": UNIT_DRAFT},
    ("POST", "/api/v1/units/{unit_id}/move"): {"version": 0, "parent_id": str(uuid4()), "day": DAY},
    ("POST", "/api/v1/units/{unit_id}/merge"): {"version": 0, "into_id": str(uuid4()), "day": DAY},
    ("POST", "/api/v1/units/{unit_id}/dissolve"): {"version": 0, "day": DAY},
    ("PUT", "/api/v1/people/{person_id}"): {"version": 0, "draft": {"name": "张三"}},
    ("POST", "/api/v1/people/{person_id}/tags"): {"day": DAY, "tags": []},
    ("POST", "/api/v1/people/{person_id}/reveal"): {"what": "phone", "purpose": "核对身份信息"},
    ("POST", "/api/v1/accounts/{account_id}/active"): {"active": False},
    ("POST", "/api/v1/accounts/{account_id}/grants"): {
        "role": "inspector",
        "unit_id": str(uuid4()),
        "since": DAY,
    },
    ("POST", "/api/v1/accounts/grants/{grant_id}/end"): {"last": DAY},
}

FORMS: dict[tuple[str, str], dict[str, str]] = {
    ("POST", "/units/{unit_id}/dissolve"): {"day": DAY},
    ("POST", "/people/{person_id}/reveal"): {"what": "phone", "purpose": "核对身份信息"},
}
"""Complete forms, where an incomplete one would be refused before anything is looked up."""


async def ids_of(county: Seeded) -> dict[str, UUID]:
    """Path parameter → the id of such a thing in that county."""
    async with county_session(county.id):
        branch = county.units["东街支部"]
        batch = await upload(everything(), branch.id, "名册.xlsx", empty_template())
        grant = await current_session().fetchval("select id from holding limit 1")
    return {
        "unit_id": branch.id,
        "person_id": county.people["张三"],
        "account_id": county.accounts["branch-secretary"],
        "grant_id": grant,
        "batch_id": batch,
    }
