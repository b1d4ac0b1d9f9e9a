"""Another county's things do not exist: every route that takes an id answers 404, as every role that may ask for such a thing at
all (web/frame/needs.yaml); the others get 403, whatever the id."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from litestar import Litestar

from tenants.accounts.capabilities import ROLES
from tests.web.conftest import ELSEWHERE, Browser, Seeded, browser, found_general_branch
from tests.web.other_county import BODIES, FILES, FORMS, ids_of
from tests.web.routes import bare, routes
from web.frame.needs import needs

NOT_OF_A_COUNTY = {"file_path", "path", "rest", "step", "plugin", "paper", "act", "token"}
"""Path parameters that name no thing of a county: static files, the API's own description, steps, acts,
installed plugins, papers, letters that anybody may check."""


@pytest.fixture(scope="module")
async def county(county: Seeded) -> Seeded:
    """The first county, with a general branch, so that there is somebody for each role."""
    await found_general_branch(county)
    return county


@pytest.fixture(scope="module")
async def foreign(other_county: Seeded) -> dict[str, UUID]:
    """The other county's ids."""
    return await ids_of(other_county)


@pytest.fixture(scope="module")
async def neighbours(county: Seeded) -> dict[str, UUID]:
    """Ids of the same county, at a branch of another committee."""
    return await ids_of(county, "上河支部", ELSEWHERE)


def _walked() -> list[str]:
    """Those of whom nobody at the same level may all that they may, and more: who may less is shown no more."""
    return [
        one.id
        for one in ROLES.values()
        if not any(one.at == other.at and one.capabilities < other.capabilities for other in ROLES.values())
    ]


@pytest.mark.parametrize("role", _walked())
async def test_another_countys_things_do_not_exist(
    app: Litestar, county: Seeded, foreign: dict[str, UUID], role: str
) -> None:
    await _all_say_404(app, county, foreign, role)


@pytest.mark.parametrize("role", [role for role in _walked() if ROLES[role].at not in ("department", "any")])
async def test_what_is_beyond_ones_own_units_does_not_exist_either(
    app: Litestar, county: Seeded, neighbours: dict[str, UUID], role: str
) -> None:
    await _all_say_404(app, county, neighbours, role)


async def _all_say_404(app: Litestar, county: Seeded, ids: dict[str, UUID], role: str) -> None:
    async with browser(app) as made:
        assert (await made.sign_in(county, role)).status_code == 303
        for method, path in routes(app):
            names = set(re.findall(r"\{(\w+)", path)) - NOT_OF_A_COUNTY
            if not names:
                continue
            assert names <= set(ids), f"{path}: say in tests/web/other_county.py what {names} is"
            status = await _ask(made, method, path, ids)
            words = needs().get((method, bare(path)), ())
            lacks = words and not ROLES[role].capabilities & {*words}
            assert status == (403 if lacks else 404), (role, method, path, status)


async def _ask(made: Browser, method: str, path: str, ids: dict[str, UUID]) -> int:
    key = (method, bare(path))
    address = bare(path).format(
        **{"step": "applicant-talk", "plugin": "yakeshi", "paper": "national.notice", "act": "close", **ids}
    )
    headers = {"x-csrftoken": made.token}
    if key in FILES:
        answer = await made.request(method, address, files={"file": FILES[key]}, headers=headers)
    elif address.startswith("/api/"):
        answer = await made.request(method, address, json=BODIES.get(key), headers=headers)
    else:
        answer = await made.request(method, address, data=FORMS.get(key), headers=headers)
    return answer.status_code


@pytest.mark.parametrize(
    "address", ["/people?unit={unit_id}", "/api/v1/units?top={unit_id}", "/api/v1/people?unit={unit_id}"]
)
async def test_ids_in_the_query_say_404_too(admin: Browser, foreign: dict[str, UUID], address: str) -> None:
    assert (await admin.get(address.format(**foreign))).status_code == 404


async def test_a_form_cannot_name_another_countys_unit(
    admin: Browser, county: Seeded, foreign: dict[str, UUID]
) -> None:
    page = await admin.open("/accounts/new")
    assert str(foreign["unit_id"]) not in page.text
    fields = {"login": "wang.wu", "name": "王五", "role": "inspector", "since": "2026-11-01"}
    answer = await admin.submit("/accounts/new", **fields, unit_id=str(foreign["unit_id"]))
    assert answer.status_code == 404


async def test_who_sees_the_whole_county_sees_what_lies_below_its_department(
    app: Litestar, county: Seeded, neighbours: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    """His lists ask for no path (core/paths.py): each is the same as when it does, of this county and of no other."""

    async def lists(made: Browser) -> dict[str, str]:
        found = {}
        for method, path in routes(app):
            if method == "GET" and path.startswith("/api/v1/") and "{" not in path:
                answer = await made.get(path)
                found[path] = answer.text if answer.status_code == 200 else ""
        return found

    async with browser(app) as made:
        assert (await made.sign_in(county, "department-organizer")).status_code == 303
        once, again = await lists(made), await lists(made)
        for module in ("core.paths", "core.casework.lists.cases"):
            monkeypatch.setattr(f"{module}.whole", lambda paths: False)
        by_path = await lists(made)
    still = {path for path, text in once.items() if text and text == again[path]}
    assert len(still) > 30
    assert "/api/v1/people" in still
    assert "/api/v1/cases" in still
    assert {path for path in still if by_path[path] != once[path]} == set()
