"""Ids that are not in the path: in the query, in a form, in JSON. Another county's, and those beyond one's own units, are
answered word for word as one that nobody has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import httpx
import pytest
from litestar import Litestar

from tenants.database.session import county_session
from tenants.policies.changes import Adopt
from tenants.policies.service import apply
from tests.web.cases.seed import applicant, opened
from tests.web.conftest import TODAY, Browser, Seeded, browser, everything
from tests.web.other_county import DAY, ids_of
from web.frame.asked import known

ADMIN, ORGANIZER, COMMITTEE, SECRETARY = (
    "department-admin", "department-organizer", "committee-organizer", "branch-secretary",
)  # fmt: skip
CHOICE = {"act": "adopt", "day": DAY, "rule": []}


class Ask(NamedTuple):
    """A request as somebody with this role. `@unit` and so on is the id that is not his; `#unit` one that is."""

    login: str
    method: str
    path: str
    body: Mapping[str, Any] = {}
    status: int = 404


def _activation(kind: str) -> dict[str, Any]:
    return {"unit_id": "#unit", "change": {"type": kind, "activation_id": "@activation", "day": DAY}}


def _split(**chosen: list[str]) -> dict[str, Any]:
    part = {"draft": {"kind": "branch", "name": "新支部"}, **chosen}
    return {"version": 0, "plan": {"parts": [part], "day": DAY, "paper": "批复"}}


QUERIES = [
    Ask(login, "GET", path)
    for login in (ADMIN, ORGANIZER, COMMITTEE, SECRETARY)
    for path in (
        "/people?unit=@unit", "/cases?unit=@unit", "/policies?unit=@unit", "/policies/effective?unit=@unit",
        "/policies/history?unit=@unit", "/policies/yakeshi?unit=@unit", "/policies/yakeshi?activation=@activation",
        "/api/v1/units?top=@unit", "/api/v1/people?unit=@unit", "/api/v1/people/counts?unit=@unit",
        "/api/v1/cases?unit=@unit", "/api/v1/cases/counts?unit=@unit", "/api/v1/policies?unit=@unit",
        "/api/v1/policies/effective?unit=@unit", "/api/v1/policies/history?unit=@unit",
        "/api/v1/policies/yakeshi?unit=@unit", "/people/former?unit=@unit", "/api/v1/people/former?unit=@unit",
        "/api/v1/people/former/counts?unit=@unit", "/statistics?unit=@unit", "/statistics/flows?unit=@unit",
        "/api/v1/statistics?unit=@unit", "/api/v1/statistics/flows?unit=@unit",
        "/statistics/yearly?unit=@unit", "/api/v1/statistics/yearly?unit=@unit",
    )
]  # fmt: skip
QUERIES += [
    Ask(login, "GET", path)
    for login in (ORGANIZER, COMMITTEE, SECRETARY)
    for path in ("/people/new?unit=@unit", "/people/twins?unit=@unit", "/api/v1/people/twins?unit=@unit")
]
QUERIES += [Ask(login, "GET", "/cases/meeting?unit=@unit") for login in (COMMITTEE, SECRETARY)]
QUERIES += [Ask(login, "GET", "/policies/rehearse?unit=@unit") for login in (ADMIN, COMMITTEE)]
QUERIES += [Ask(login, "GET", "/people/pick?unit=@unit") for login in (ADMIN, COMMITTEE, SECRETARY)]
QUERIES += [
    Ask(COMMITTEE, method, path)
    for method, path in (
        ("GET", "/duties?unit=@unit"), ("POST", "/duties/export?unit=@unit"), ("GET", "/cases/papers?unit=@unit"),
        ("POST", "/cases/papers?unit=@unit"), ("GET", "/activities/attendance?unit=@unit"),
        ("GET", "/statistics/reports?unit=@unit"),
        ("POST", "/statistics/export?unit=@unit"), ("POST", "/statistics/flows/export?unit=@unit"),
        ("POST", "/statistics/yearly/export?unit=@unit"),
        ("GET", "/ratings/open?unit=@unit"), ("GET", "/plans/draw?unit=@unit"), ("GET", "/people/many?unit=@unit"),
        ("POST", "/people/many?unit=@unit"), ("GET", "/cases/together?case=@case"),
        ("GET", "/cases/together?case=#case&case=@case"), ("GET", "/cases/together/all?unit=@unit"),
        ("GET", "/cases/meeting?like=@activity"), ("GET", "/api/v1/units/#unit/foreseen?act=move&other=@unit"),
    )
]  # fmt: skip
QUERIES += [
    Ask(SECRETARY, "GET", "/transfers/graduates?unit=@unit"),
    Ask(ORGANIZER, "GET", "/plans/numbers/allot?unit=@unit"),
]
EXPORTS = [
    Ask(login, method, path + "?unit=@unit", {"purpose": "核对名册"})
    for login in (ORGANIZER, COMMITTEE)
    for method, path in (
        ("GET", "/people/export"), ("POST", "/people/export"), ("GET", "/cases/export"), ("POST", "/cases/export"),
        ("GET", "/activities/attendance/export"), ("POST", "/activities/attendance/export"),
        ("POST", "/api/v1/imports/export"),
    )
]  # fmt: skip
BODIES = [
    Ask(COMMITTEE, "POST", "/api/v1/units/#unit/move", {"version": 0, "parent_id": "@unit", "day": DAY}),
    Ask(COMMITTEE, "POST", "/api/v1/units/#unit/split", _split(people=["@person"]), 422),
    Ask(COMMITTEE, "POST", "/api/v1/units/#unit/split", _split(units=["@unit"]), 422),
    Ask(COMMITTEE, "POST", "/units/#unit/move", {"version": 0, "parent": "@unit", "day": DAY}),
    Ask(COMMITTEE, "POST", "/api/v1/units/#unit/merge", {"version": 0, "into_id": "@unit", "day": DAY}),
    Ask(COMMITTEE, "POST", "/units/#unit/merge", {"version": 0, "into": "@unit", "day": DAY}),
    Ask(SECRETARY, "POST", "/api/v1/people", {"unit_id": "@unit", "draft": {"name": "赵甲"}}),
    Ask(SECRETARY, "POST", "/people/new", {"unit": "@unit", "name": "赵甲"}),
    Ask(ORGANIZER, "POST", "/api/v1/people", {"unit_id": "@unit", "draft": {"name": "赵甲"}}),
    Ask(COMMITTEE, "POST", "/api/v1/people/#person/spans",
        {"kind": "post", "draft": {"word": "branch-secretary", "since": DAY, "unit_id": "@unit"}}),
    Ask(COMMITTEE, "POST", "/people/#person/spans/new", {"word": "branch-secretary", "since": DAY, "unit": "@unit"}),
    Ask(COMMITTEE, "GET", "/people/#person/spans/@span"),
    Ask(ORGANIZER, "POST", "/api/v1/letters",
        {"unit_id": "@unit", "person": {"name": "赵甲"},
         "paper": {"number": "1", "issuer": "某党委", "issued_on": DAY, "valid_until": DAY}}),
    Ask(SECRETARY, "POST", "/api/v1/letters/leave", {"people": [{"person_id": "@person", "beyond": "某党委"}], "day": DAY}),
    Ask(COMMITTEE, "POST", "/api/v1/letters/numbers", {"cases": ["@case"], "first": "1", "day": DAY}),
    Ask(COMMITTEE, "POST", "/api/v1/people/#person/spans/@span/void", {"reason": "登记有误"}),
    Ask(SECRETARY, "POST", "/api/v1/cases", {"person_id": "@person", "day": DAY}),
    Ask(SECRETARY, "POST", "/api/v1/cases/#case/notes", {"text": "见附件", "attachments": ["@attachment"]}, 422),
    Ask(
        SECRETARY, "POST", "/api/v1/cases/#case/records",
        {"step": "applicant-talk", "day": DAY, "version": 1, "attachments": ["@attachment"],
         "evidence": {"talk": {"with": ["applicant"], "by": ["secretary"]}}}, 422,
    ),
    Ask(SECRETARY, "GET", "/cases/#case/attachments/@attachment"),
    Ask(SECRETARY, "GET", "/api/v1/cases/#case/attachments/@attachment"),
    Ask(ADMIN, "POST", "/api/v1/accounts",
        {"login": "zhao.jia", "name": "赵甲", "role": "inspector", "unit_id": "@unit", "since": DAY}),
    Ask(ADMIN, "POST", "/accounts/new",
        {"login": "zhao.jia", "name": "赵甲", "role": "inspector", "unit_id": "@unit", "since": DAY}),
    Ask(ADMIN, "POST", "/api/v1/accounts/#account/grants", {"role": "inspector", "unit_id": "@unit", "since": DAY}),
    Ask(ADMIN, "POST", "/accounts/#account/grants", {"role": "inspector", "unit_id": "@unit", "since": DAY}),
    Ask(ADMIN, "POST", "/accounts/#account/grants/@grant/end"),
    Ask(ADMIN, "POST", "/accounts/@account/grants/#grant/end"),
    Ask(ADMIN, "POST", "/api/v1/policies/preview",
        {"unit_id": "@unit", "change": {"type": "adopt", "plugin": "yakeshi", "since": DAY}}),
    Ask(ADMIN, "POST", "/api/v1/policies/changes",
        {"unit_id": "@unit", "change": {"type": "adopt", "plugin": "yakeshi", "since": DAY}}),
    *(Ask(ADMIN, "POST", f"/api/v1/policies/{act}", _activation(kind))
      for act in ("preview", "changes") for kind in ("adjust", "end")),
    Ask(ADMIN, "POST", "/api/v1/policies/rehearse", {"text": "title: x\nscript: []", "unit_id": "@unit"}),
    *(Ask(ADMIN, "POST", f"/policies/yakeshi{act}", {"unit": "@unit", **CHOICE}) for act in ("", "/preview", "/edit")),
    *(Ask(ADMIN, "POST", f"/policies/yakeshi{act}", {"unit": "#unit", "act": kind, "day": DAY, "activation": "@activation"},
          status)
      # Without the mark of a preview nothing is saved, whatever it is.
      for act, status in (("", 409), ("/preview", 404)) for kind in ("adjust", "end")),
]  # fmt: skip
UPLOADS = [Ask(login, "POST", path, {"unit": "@unit"}) for login in (ADMIN, ORGANIZER)
           for path in ("/people/import", "/api/v1/imports")]  # fmt: skip


async def _things(county: Seeded, branch: str, login: str) -> dict[str, UUID]:
    found = await ids_of(county, branch, login)
    things = {name.removesuffix("_id"): value for name, value in found.items()}
    async with county_session(county.id):
        place = county.units[branch].id
        [adopted] = await apply(everything(), place, Adopt(plugin="yakeshi", since=date(2026, 1, 1)), TODAY)
    return things | {"activation": adopted.id}


@pytest.fixture(scope="module")
async def foreign(other_county: Seeded) -> dict[str, UUID]:
    """What the other county has."""
    return await _things(other_county, "东街支部", "branch-secretary")


@pytest.fixture(scope="module")
async def neighbours(county: Seeded) -> dict[str, UUID]:
    """What a branch of another committee of the same county has."""
    return await _things(county, "上河支部", "elsewhere")


@pytest.fixture(scope="module")
async def own(county: Seeded) -> dict[str, UUID]:
    """What the asking person may name."""
    async with county_session(county.id):
        case = await opened(county, await applicant(county, "本支部人"), date(2026, 10, 8))
    things = await ids_of(county, "东街支部", "inspector")
    return {name.removesuffix("_id"): value for name, value in things.items()} | {"case": case}


def _filled(value: Any, theirs: Mapping[str, UUID], own: Mapping[str, UUID]) -> Any:
    if isinstance(value, Mapping):
        return {key: _filled(item, theirs, own) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, theirs, own) for item in value]
    if not isinstance(value, str):
        return value
    text = re.sub(r"@(\w+)", lambda found: str(theirs[found[1]]), value)
    return re.sub(r"#(\w+)", lambda found: str(own[found[1]]), text)


async def _ask(
    made: Browser, ask: Ask, theirs: Mapping[str, UUID], own: Mapping[str, UUID]
) -> httpx.Response:
    path, body = _filled(ask.path, theirs, own), _filled(ask.body, theirs, own)
    headers = {"x-csrftoken": made.token}
    if ask in UPLOADS:
        file = {"file": ("名册.xlsx", b"PK\x03\x04")}
        return await made.request(ask.method, path, data=body, files=file, headers=headers)
    kind = "json" if path.startswith("/api/") else "data"
    more = {kind: body} if ask.method == "POST" else {}
    return await made.request(ask.method, path, headers=headers, **more)


def _said(answer: httpx.Response, theirs: Mapping[str, UUID]) -> str:
    """What the answer says, but for the id that was asked for and the tokens of the page."""
    text = answer.text
    for value in theirs.values():
        text = text.replace(str(value), "…")
    # The tokens of a form are of each page anew.
    text = re.sub(r'name="_once" value="[0-9a-f-]{36}"', 'name="_once" value="…"', text)
    return re.sub(r'"[0-9a-f]{128}"', '"…"', text)


async def _like_nothing(
    app: Litestar, county: Seeded, asks: list[Ask], theirs: Mapping[str, UUID], own: Mapping[str, UUID]
) -> None:
    nobodys = {name: uuid4() for name in theirs}
    for login in {ask.login for ask in asks}:
        async with browser(app) as made:
            assert (await made.sign_in(county, login)).status_code == 303
            await made.open("/units")
            for ask in [one for one in asks if one.login == login]:
                answer = await _ask(made, ask, theirs, own)
                assert answer.status_code == ask.status, (ask, answer.status_code, answer.text[:300])
                nothing = await _ask(made, ask, nobodys, own)
                assert _said(answer, theirs) == _said(nothing, nobodys), ask


async def test_another_countys_ids_are_those_of_nothing(
    app: Litestar, county: Seeded, foreign: dict[str, UUID], own: dict[str, UUID]
) -> None:
    await _like_nothing(app, county, [*QUERIES, *EXPORTS, *BODIES, *UPLOADS], foreign, own)


async def test_so_are_those_beyond_ones_own_units(
    app: Litestar, county: Seeded, neighbours: dict[str, UUID], own: dict[str, UUID]
) -> None:
    """Who has only a part of the county, about the rest of it."""
    mine = [ask for ask in (*QUERIES, *EXPORTS, *BODIES) if ask.login in (COMMITTEE, SECRETARY)]
    assert len(mine) > 30
    await _like_nothing(app, county, mine, neighbours, own)


async def test_ones_own_are_found(app: Litestar, county: Seeded, own: dict[str, UUID]) -> None:
    """Or refused for another reason: so above, what was not there was not there for whose it is."""
    once = {ask.path: ask for ask in QUERIES if ask.method == "GET" and "@activation" not in ask.path}
    for login in {ask.login for ask in once.values()}:
        async with browser(app) as made:
            await made.sign_in(county, login)
            for ask in [one for one in once.values() if one.login == login]:
                answer = await _ask(made, ask, own, own)
                assert answer.status_code != 404, (ask, answer.status_code, answer.text[:300])


NAMING = {"unit", "top", "other", "case", "like", "activation"}
"""What a query parameter is called that names a thing by its id."""

WORDS = {
    "act", "action", "active", "after", "as_level", "by", "capability", "closed", "code", "cols", "county", "day", "dissolved",
    "due", "error", "expired", "field", "group", "kind", "kinds", "lost", "membership", "mobile", "month", "name", "next",
    "number", "outside", "pdf", "plan", "plugin", "procedure", "q", "reason", "show", "since", "sort", "stage", "standing",
    "state", "status", "step", "stuck", "supplement", "tags", "text", "until", "waits", "which", "year", "*", "*.name", "*-q",
}  # fmt: skip
"""Those that name none: words, days, marks of pages, kinds of things."""


def test_every_query_that_names_a_thing_is_asked(app: Litestar) -> None:
    """By the handlers, pages too: a parameter of a new name is put on one of the two lists above, one that names a thing is
    asked for another county's."""
    read = {(*route, name) for route, names in known(app).items() for name in names}
    assert {name for *_, name in read} - WORDS == NAMING
    named = {one for one in read if one[2] in NAMING and one[0] != "HEAD"}
    assert named - {(ask.method, *one) for ask in (*QUERIES, *EXPORTS) for one in _named(ask, named)} == set()


def _named(ask: Ask, read: set[tuple[str, str, str]]) -> Iterator[tuple[str, str]]:
    """(path template, query parameter) of those in which the request names what is not his."""
    path, _, query = ask.path.partition("?")
    templates = sorted({template for _, template, _ in read}, key=lambda one: one.count("{"))
    template = next((one for one in templates if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one), path)), path)
    yield from ((template, name) for name in re.findall(r"(\w+)=@", query))
