"""The whole table of routes is written down: nothing appears, and nothing opens to the public, unnoticed."""

from __future__ import annotations

import os

from litestar import Litestar

from dangwu import TAKEN
from tenants.accounts.capabilities import CAPABILITIES, ROLES
from tests.web.conftest import Browser, Seeded, browser
from tests.web.routes import TABLE, bare, routes, table
from web.frame.ledger import READS, acts
from web.frame.needs import needs
from web.kit.public import PUBLIC, is_public

JUDGED_BELOW = {"sanction.view"}
"""What no route is about as a whole: a part of a file."""

READERS = TABLE.with_name("readers.txt")


async def test_the_route_table_is_as_written_down(app: Litestar) -> None:
    """After adding a route, run once with DANGWU_WRITE_ROUTES=1 and read the difference before committing it."""
    if os.environ.get("DANGWU_WRITE_ROUTES"):
        TABLE.write_text("\n".join(table(app)) + "\n")
    assert table(app) == TABLE.read_text().splitlines()


async def test_no_plugin_is_called_what_a_page_beside_the_plugins_is_called(app: Litestar) -> None:
    paths = {path.removeprefix("/api/v1") for _, path in routes(app)}
    beside = {path.split("/")[2] for path in paths if path.startswith("/policies/")}
    assert {word for word in beside if not word.startswith("{")} == TAKEN


async def test_the_ledger_has_a_title_for_whatever_can_be_done(app: Litestar) -> None:
    """A new form is named in web/frame/acts.yaml, a new route of the API in its summary."""
    done = {
        f"{method} {bare(path)}"
        for method, path in routes(app)
        if method not in READS and not is_public(method, bare(path)) and not path.startswith("/api/")
    }
    assert done == set(acts())


async def test_every_route_says_what_it_needs(app: Litestar) -> None:
    """web/frame/needs.yaml knows each route that is not public, and no other; with tenants/accounts/may.md it is the table of who
    may ask for what."""
    asked = {(method, bare(path)) for method, path in routes(app)}
    assert set(needs()) == {(method, path) for method, path in asked if not is_public(method, path)}
    used = {word for words in needs().values() for word in words}
    assert set(CAPABILITIES) - used == JUDGED_BELOW


async def test_whoever_lacks_what_a_route_needs_is_refused_before_it_is_looked_at(
    app: Litestar, county: Seeded
) -> None:
    """The one who may least, at each route that names nothing; those that name something: test_isolation.py."""
    async with browser(app) as one:
        await one.sign_in(county, "audit-admin")
        may = ROLES["audit-admin"].capabilities
        closed = [key for key, words in needs().items() if words and not may & {*words} and "{" not in key[1]]
        for method, path in closed:
            answer = await one.request(method, path, headers={"x-csrftoken": one.token})
            assert answer.status_code == 403, (method, path)
    assert len(closed) > 100


async def test_every_public_route_exists(app: Litestar) -> None:
    known = {(method, bare(path)) for method, path in routes(app)}
    assert known >= PUBLIC


async def test_who_may_read_what_is_as_written_down(app: Litestar, county: Seeded) -> None:
    """Each role asks each list of the API; written down are those who are answered. DANGWU_WRITE_ROUTES=1 writes it anew."""
    asked = [
        path
        for method, path in routes(app)
        if method == "GET" and path.startswith("/api/v1/") and "{" not in path and not is_public(method, path)
    ]
    answered: dict[str, list[str]] = {path: [] for path in asked}
    for login in sorted(county.accounts.keys() & ROLES.keys()):
        async with browser(app) as one:
            await one.sign_in(county, login)
            for path in asked:
                status = (await one.get(path)).status_code
                assert status in (200, 400, 403, 404, 422), (login, path)
                if status != 403:
                    answered[path].append(login)
    lines = [f"{path}: {' '.join(who)}" for path, who in sorted(answered.items())]
    if os.environ.get("DANGWU_WRITE_ROUTES"):
        READERS.write_text("\n".join(lines) + "\n")
    assert lines == READERS.read_text().splitlines()


async def test_without_a_sign_in_no_other_route_answers(
    app: Litestar, client: Browser, county: Seeded
) -> None:
    await client.open("/sign-in")
    for method, path in routes(app):
        if is_public(method, bare(path)):
            continue
        address = _filled(path, county)
        answer = await client.request(method, address, headers={"x-csrftoken": client.token})
        if address.startswith("/api/"):
            assert answer.status_code == 401, (method, path)
            assert answer.json()["code"] == "not-signed-in"
        else:
            assert answer.status_code == 303, (method, path)
            assert answer.headers["location"].startswith("/sign-in?next="), (method, path)


def _filled(path: str, county: Seeded) -> str:
    some = str(county.units["东街支部"].id)
    return "/".join(
        (some if ":uuid" in part else "x") if part.startswith("{") else part for part in path.split("/")
    )
