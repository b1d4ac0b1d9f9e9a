"""All controllers, in one list each: a page or an API that is not here does not exist."""

from __future__ import annotations

from litestar import Controller

from web.api.accounts import AccountApi
from web.api.audit import AuditApi
from web.api.cases import CaseApi
from web.api.imports import ImportApi
from web.api.people import PeopleApi
from web.api.policies import PolicyApi
from web.api.session import SessionApi
from web.api.units import UnitApi
from web.pages.account_changes import AccountChangePages
from web.pages.accounts import AccountPages
from web.pages.audit import AuditPages
from web.pages.cases import CasePages
from web.pages.cases_export import CaseExportPages
from web.pages.cases_facts import FactPages
from web.pages.cases_open import OpenPages
from web.pages.cases_paper import PaperPages
from web.pages.cases_record import RecordPages
from web.pages.cases_return import ReturnPages
from web.pages.cases_show import CaseShowPages
from web.pages.cases_together import TogetherPages
from web.pages.exports import ExportPages
from web.pages.find import FindPages
from web.pages.health import health
from web.pages.imports import ImportPages
from web.pages.lost import lost
from web.pages.people import PeoplePages
from web.pages.person_forms import PersonFormPages
from web.pages.policies import PolicyPages
from web.pages.policies_allowance import PolicyAllowancePages
from web.pages.policies_plugin import PolicyPluginPages
from web.pages.policies_rehearse import PolicyRehearsalPages
from web.pages.sign_in import SignInPages
from web.pages.unit_changes import UnitChangePages
from web.pages.units import UnitPages
from web.pages.workbench import WorkbenchPages

PAGES: list[type[Controller]] = [
    SignInPages,
    FindPages,
    UnitPages,
    UnitChangePages,
    PeoplePages,
    PersonFormPages,
    ImportPages,
    ExportPages,
    AccountPages,
    AccountChangePages,
    AuditPages,
    WorkbenchPages,
    CasePages,
    CaseExportPages,
    TogetherPages,
    OpenPages,
    PaperPages,
    CaseShowPages,
    RecordPages,
    ReturnPages,
    FactPages,
    PolicyPages,
    PolicyAllowancePages,
    PolicyRehearsalPages,
    PolicyPluginPages,
]

API: list[type[Controller]] = [
    SessionApi,
    UnitApi,
    PeopleApi,
    ImportApi,
    AccountApi,
    AuditApi,
    PolicyApi,
    CaseApi,
]

PLAIN = [health, lost]
