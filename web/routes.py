"""All controllers, in one list each: a page or an API that is not here does not exist."""

from __future__ import annotations

from litestar import Controller

from web.api.accounts import AccountApi
from web.api.people import PeopleApi
from web.api.session import SessionApi
from web.api.units import UnitApi
from web.pages.account_changes import AccountChangePages
from web.pages.accounts import AccountPages
from web.pages.exports import ExportPages
from web.pages.health import health
from web.pages.imports import ImportPages
from web.pages.people import PeoplePages
from web.pages.person_forms import PersonFormPages
from web.pages.sign_in import SignInPages
from web.pages.unit_changes import UnitChangePages
from web.pages.units import UnitPages

PAGES: list[type[Controller]] = [
    SignInPages,
    UnitPages,
    UnitChangePages,
    PeoplePages,
    PersonFormPages,
    ImportPages,
    ExportPages,
    AccountPages,
    AccountChangePages,
]

API: list[type[Controller]] = [SessionApi, UnitApi, PeopleApi, AccountApi]

PLAIN = [health]
