"""The web application over real servers: two small counties, a person for each role, and a browser without scripts."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date
from functools import cache
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest
from jinja2 import FileSystemBytecodeCache
from litestar import Litestar

from core.actor import Actor, Holding
from core.organisation.model import UnitView
from core.organisation.service import UnitDraft, create, found
from core.register.model import PersonDraft
from core.register.service import enter
from tenants import listed
from tenants.accounts.capabilities import CAPABILITIES, ROLES
from tenants.accounts.passwords import hash_password
from tenants.counties import open_county
from tenants.database import vault
from tenants.database.session import county_session, current_session
from tests.conftest import Database

PASSWORD = "Dongfeng-2026-xx"
TODAY = date(2026, 11, 21)


class Seeded(msgspec.Struct):
    """A county of the tests: units by short name, logins by role, people by name."""

    id: UUID
    slug: str
    units: dict[str, UnitView]
    accounts: dict[str, UUID]
    people: dict[str, UUID]


def everything(path: str = "/") -> Actor:
    """Somebody who may do everything, for seeding."""
    held = Holding("seed", "department", uuid4(), path, frozenset(CAPABILITIES))
    branch = Holding("seed", "branch", uuid4(), path, frozenset(CAPABILITIES))
    return Actor(uuid4(), "建库", (held, branch))


async def seed(slug: str, name: str, today: date) -> Seeded:
    """A department, two committees with a branch each, one account per role (login = role), a few people."""
    county = await open_county(slug, name, today)
    async with county_session(county):
        units = await _units(name, today)
        accounts = {
            role: await account_of(role, role, units[PLACES[ROLES[role].at]], today)
            for role in ROLES
            if ROLES[role].at in PLACES
        }
        accounts[ELSEWHERE] = await account_of(ELSEWHERE, "branch-secretary", units["上河支部"], today)
        people = {
            person: await enter(
                everything(), units["东街支部"].id, PersonDraft(name=person, national_id=number), today
            )
            for person, number in (("张三", None), ("单雄信", "11010519491231002X"), ("㛃丽", None))
        }
    return Seeded(county, slug, units, accounts, people)


async def _units(name: str, today: date) -> dict[str, UnitView]:
    actor = everything()
    top = await found(actor, UnitDraft(kind="department", name=f"{name}委组织部", short_name="组织部"), today)
    units = {"组织部": top}
    for committee, branch in (("城关镇党委", "东街支部"), ("河西乡党委", "上河支部")):
        units[committee] = await create(actor, top.id, UnitDraft(kind="committee", name=committee), today)
        draft = UnitDraft(kind="branch", name=f"{committee[:3]}{branch}", short_name=branch)
        units[branch] = await create(actor, units[committee].id, draft, today)
    return units


async def found_general_branch(county: Seeded) -> None:
    """A general branch below the first committee, with its secretary: then there is an account for each role."""
    async with county_session(county.id):
        draft = UnitDraft(kind="general-branch", name="城关中学党总支")
        unit = await create(everything(), county.units["城关镇党委"].id, draft, TODAY)
        await account_of("general-branch-secretary", "general-branch-secretary", unit, TODAY)


PLACES = {"branch": "东街支部", "committee": "城关镇党委", "department": "组织部", "any": "组织部"}
"""Where the roles of a level are held."""

ELSEWHERE = "elsewhere"
"""The login of a branch secretary in the other committee."""


async def account_of(login: str, role: str, unit: UnitView, today: date) -> UUID:
    """An account that holds a role at a unit."""
    session = current_session()
    account: UUID = await session.fetchval(
        "insert into account (login, name, password_hash, must_change_password, created_by)"
        " values ($1, $2, $3, false, $4) returning id",
        login, ROLES[role].title, await hash_password(PASSWORD), uuid4(),
    )  # fmt: skip
    await session.execute(
        "insert into holding (account_id, role, unit_id, since, granted_by) values ($1, $2, $3, $4, $5)",
        account, role, unit.id, today, uuid4(),
    )  # fmt: skip
    return account


class Browser(httpx.AsyncClient):
    """Keeps cookies, finds the CSRF field of the page it last saw, and sends it along with forms."""

    token: str = ""
    app: Litestar

    async def open(self, path: str, **options: object) -> httpx.Response:
        """GET a page."""
        return self._seen(await self.get(path, **options))  # type: ignore[arg-type]

    async def submit(self, path: str, **fields: object) -> httpx.Response:
        """POST a form with the CSRF field."""
        return self._seen(await self.post(path, data={"_csrf_token": self.token, **fields}))

    async def restored(self, at: str, field: str) -> bool:
        """Whether the form at `at` keeps a draft: what was begun in `field` stands in it again, until it is thrown away."""
        assert f'name="_draft" value="{at}"' in (await self.open(at)).text, at
        await self.submit("/drafts", _draft=at, **{field: "写到一半的话"})
        shown = (await self.open(at)).text
        await self.submit("/drafts/discard", _draft=at)
        return "写到一半的话" in shown and "写到一半的话" not in (await self.open(at)).text

    async def press(self, path: str, at: str, **fields: object) -> httpx.Response:
        """POST a form as a browser does, which says on which page it stood, and go where that leads."""
        said = {"referer": f"http://dangwu.test{at}"}
        answer = await self.post(path, data={"_csrf_token": self.token, **fields}, headers=said)
        return await self.open(answer.headers["location"]) if answer.status_code == 303 else answer

    def _seen(self, answer: httpx.Response) -> httpx.Response:
        if found := re.search(r'name="_csrf_token" value="([0-9a-f]+)"', answer.text):
            self.token = found[1]
        return answer

    async def sign_in(self, county: Seeded, login: str, password: str = PASSWORD) -> httpx.Response:
        """Through the front door."""
        await self.open("/sign-in")
        answer = await self.submit(
            "/sign-in", county=county.slug, login=login, password=password, next="/units"
        )
        # A page that is opened now has the token of this sign-in.
        self.token = self.cookies["csrftoken"]
        return answer


@cache
def application() -> Litestar:
    """Made once for all modules: its servers, which differ, are opened when it is started."""
    from web.app import create_app, templates

    # What one process of tests has compiled serves all.
    templates().bytecode_cache = FileSystemBytecodeCache()
    return create_app()


@pytest.fixture(scope="module")
async def app(database: Database) -> AsyncIterator[Litestar]:
    """The application, started, on the day of the tests."""
    made = application()
    vault.install()  # other tests may have had another secret since it was made
    made.state.today = lambda: TODAY
    listed.EVERY = (
        3600.0  # what was looked at is in the ledger when a test asks for it (write_down), never in between
    )
    async with made.lifespan():
        yield made


@pytest.fixture(scope="module")
async def county(app: Litestar) -> Seeded:
    """The first county."""
    return await seed("donghe", "东河县", date(2026, 1, 1))


@pytest.fixture(scope="module")
async def other_county(app: Litestar) -> Seeded:
    """Another one, of which the first may never see anything."""
    return await seed("xishan", "西山县", date(2026, 1, 1))


def browser(app: Litestar) -> Browser:
    """A new browser, signed out."""
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
    made = Browser(transport=transport, base_url="http://dangwu.test")
    made.app = app
    return made


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[Browser]:
    """A browser, signed out."""
    async with browser(app) as made:
        yield made


@pytest.fixture
async def admin(app: Litestar, county: Seeded) -> AsyncIterator[Browser]:
    """A browser in which the department's administrator is signed in."""
    async with browser(app) as made:
        answer = await made.sign_in(county, "department-admin")
        assert answer.status_code == 303, answer.text
        yield made


@pytest.fixture
async def organizer(app: Litestar, county: Seeded) -> AsyncIterator[Browser]:
    """A browser in which the department's organizer is signed in."""
    async with browser(app) as made:
        await made.sign_in(county, "department-organizer")
        yield made


@pytest.fixture
async def secretary(app: Litestar, county: Seeded) -> AsyncIterator[Browser]:
    """A browser in which a branch secretary is signed in."""
    async with browser(app) as made:
        await made.sign_in(county, "branch-secretary")
        yield made


@pytest.fixture
async def committee(app: Litestar, county: Seeded) -> AsyncIterator[Browser]:
    """A browser in which the committee's organizer is signed in."""
    async with browser(app) as made:
        await made.sign_in(county, "committee-organizer")
        yield made
