"""All controllers, in one list each: a page or an API that is not here does not exist."""

from __future__ import annotations

from litestar import Controller

from web.accounts.api import AccountApi
from web.accounts.forms import AccountChangePages
from web.accounts.operators import OperatorPages
from web.accounts.pages import AccountPages
from web.accounts.providers import LinkPages, ProviderPages
from web.accounts.security import SecurityPages
from web.activities.api import ActivityApi
from web.activities.attendance import AttendancePages
from web.activities.files import FilePages
from web.activities.mend import MendPages
from web.activities.pages import ActivityPages
from web.audit.api import AuditApi
from web.audit.pages import AuditPages
from web.audit.sealing import SealingPages
from web.cases.api.cases import CaseApi
from web.cases.api.mend import MendApi
from web.cases.api.papers import PaperApi
from web.cases.begin.apply import OpenPages
from web.cases.begin.paper import PaperPages
from web.cases.file.facts import FactPages
from web.cases.file.listing import ListingPages
from web.cases.file.pages import CaseShowPages
from web.cases.file.send_back import ReturnPages
from web.cases.list.export import CaseExportPages
from web.cases.list.pages import CasePages
from web.cases.meeting.pages import MeetingPages
from web.cases.mend.answer import AnswerPages
from web.cases.mend.correct import CorrectPages
from web.cases.mend.end import EndPages
from web.cases.mend.exempt import ExemptPages
from web.cases.mend.paper import PaperDatePages
from web.cases.mend.strike import StrikePages
from web.cases.papers.many import ManyPaperPages
from web.cases.papers.pages import CasePaperPages
from web.cases.record.pages import RecordPages
from web.cases.record.roll import RollPages
from web.cases.record.together import TogetherPages
from web.documents.pages import TemplatePages
from web.drafts.pages import DraftPages
from web.duties.api import DutyApi
from web.duties.pages import DutyPages
from web.exports.api import ExportApi
from web.exports.pages import ExportedPages
from web.frame.health import health
from web.frame.lost import lost
from web.frame.metrics import metrics
from web.help.pages import HelpPages
from web.jobs.api import JobApi
from web.jobs.pages import JobPages
from web.jobs.usage import UsageApi, UsagePages
from web.me.deputies import DeputyPages
from web.me.factor import FactorPages
from web.me.factor_api import FactorApi
from web.me.pages import MePages
from web.me.sign_ins import SignInsApi, SignInsPages
from web.me.token_api import TokenApi
from web.me.tokens import TokenPages
from web.notices.api import NoticeApi
from web.notices.county import CountyNoticePages
from web.notices.feed import CalendarPages, FeedPages
from web.notices.pages import NoticePages
from web.notices.settings import NoticeSettingPages
from web.own.api import OwnLinkApi
from web.own.links import GivenLinkPages
from web.own.pages import OwnLinkPages, OwnPages
from web.people.api import PeopleApi
from web.people.departures import LeavingApi
from web.people.forms import PersonFormPages
from web.people.leaving import LeavingPages
from web.people.many import ManyPages
from web.people.minimise.api import MinimiseApi
from web.people.minimise.pages import MinimisePages
from web.people.pages import PeoplePages
from web.people.past import PastPages
from web.people.pick import PersonPickPages
from web.people.rosters.api import ImportApi
from web.people.rosters.exports import ExportPages
from web.people.rosters.imports import ImportPages
from web.people.rosters.words import WordPages
from web.people.spans.api import SpanApi
from web.people.spans.pages import SpanPages
from web.people.twins.api import SeverApi, TwinApi
from web.people.twins.pages import SeverPages, TwinPages
from web.plans.act import PlanActPages
from web.plans.api import NumberApi, PlanApi
from web.plans.draw import DrawPlanPages, RedrawPlanPages
from web.plans.numbers import NumberPages
from web.plans.pages import PlanPages
from web.policies.allowance import PolicyAllowancePages
from web.policies.api.policies import PolicyApi
from web.policies.api.supplement import SupplementApi
from web.policies.pages import PolicyPages
from web.policies.plugin.pages import PolicyPluginPages
from web.policies.rehearse.pages import PolicyRehearsalPages
from web.policies.supplement.pages import SupplementPages
from web.ratings.api import RatingApi
from web.ratings.open import OpenRatingPages
from web.ratings.pages import RatingPages
from web.ratings.record import RatedPages
from web.saved.pages import SavedPages
from web.sign_in.api import SessionApi
from web.sign_in.code import CodePages
from web.sign_in.oauth import OAuthApi
from web.sign_in.oidc import OidcPages
from web.sign_in.operator import OperatorPages as EnterPages
from web.sign_in.pages import SignInPages
from web.statistics.api import StatisticsApi
from web.statistics.pages import StatisticsPages
from web.transfers.api import LetterApi
from web.transfers.batch import BatchPages
from web.transfers.check import LetterPages
from web.transfers.letter import EnclosedPages
from web.transfers.pages import TransferPages
from web.units.acts import UnitActPages
from web.units.api import UnitApi
from web.units.forms import UnitFormPages
from web.units.guests import UnitGuestPages
from web.units.kept_api import UnitKeptApi
from web.units.list_api import UnitListApi
from web.units.lists import UnitListPages
from web.units.pages import UnitPages
from web.units.papers import UnitPaperPages
from web.units.pick import UnitPickPages
from web.units.split import UnitSplitPages
from web.units.terms import TermPages
from web.workbench.below import BelowPages
from web.workbench.find import FindPages
from web.workbench.month import MonthPages
from web.workbench.pages import WorkbenchPages

PAGES: list[type[Controller]] = [
    SignInPages,
    CodePages,
    OidcPages,
    EnterPages,
    MePages,
    FactorPages,
    SignInsPages,
    TokenPages,
    DeputyPages,
    OwnPages,
    OwnLinkPages,
    GivenLinkPages,
    NoticePages,
    NoticeSettingPages,
    CountyNoticePages,
    FeedPages,
    CalendarPages,
    DraftPages,
    SavedPages,
    HelpPages,
    FindPages,
    UnitPages,
    UnitPickPages,
    UnitListPages,
    TermPages,
    UnitPaperPages,
    UnitFormPages,
    UnitActPages,
    UnitSplitPages,
    UnitGuestPages,
    PeoplePages,
    PersonFormPages,
    PersonPickPages,
    SpanPages,
    LeavingPages,
    ManyPages,
    PastPages,
    TwinPages,
    MinimisePages,
    SeverPages,
    ImportPages,
    WordPages,
    ExportPages,
    ExportedPages,
    AccountPages,
    AccountChangePages,
    SecurityPages,
    OperatorPages,
    ProviderPages,
    LinkPages,
    AuditPages,
    SealingPages,
    JobPages,
    UsagePages,
    WorkbenchPages,
    BelowPages,
    MonthPages,
    CasePages,
    CaseExportPages,
    TogetherPages,
    MeetingPages,
    ActivityPages,
    AttendancePages,
    FilePages,
    MendPages,
    DutyPages,
    RatingPages,
    OpenRatingPages,
    RatedPages,
    PlanPages,
    NumberPages,
    DrawPlanPages,
    RedrawPlanPages,
    PlanActPages,
    StatisticsPages,
    TransferPages,
    BatchPages,
    EnclosedPages,
    LetterPages,
    OpenPages,
    PaperPages,
    CaseShowPages,
    CasePaperPages,
    ManyPaperPages,
    TemplatePages,
    RecordPages,
    RollPages,
    ReturnPages,
    CorrectPages,
    PaperDatePages,
    StrikePages,
    AnswerPages,
    EndPages,
    ExemptPages,
    FactPages,
    ListingPages,
    PolicyPages,
    PolicyAllowancePages,
    SupplementPages,
    PolicyRehearsalPages,
    PolicyPluginPages,
]

API: list[type[Controller]] = [
    SessionApi,
    FactorApi,
    SignInsApi,
    TokenApi,
    OAuthApi,
    UnitApi,
    UnitListApi,
    UnitKeptApi,
    PeopleApi,
    OwnLinkApi,
    SpanApi,
    LeavingApi,
    TwinApi,
    MinimiseApi,
    SeverApi,
    ImportApi,
    ExportApi,
    AccountApi,
    AuditApi,
    JobApi,
    UsageApi,
    NoticeApi,
    ActivityApi,
    DutyApi,
    RatingApi,
    PlanApi,
    StatisticsApi,
    NumberApi,
    PolicyApi,
    SupplementApi,
    CaseApi,
    MendApi,
    PaperApi,
    LetterApi,
]

PLAIN = [health, metrics, lost]
