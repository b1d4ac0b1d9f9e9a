"""账号与权限: the list, one account, the table of roles."""

from __future__ import annotations

from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from core.ledger.verbs import SIGN_INS, VERBS
from core.register.kept import EXPORT, KEPT
from dangwu import titles
from tenants.accounts.capabilities import CAPABILITIES, ROLES
from tenants.accounts.service import AccountLine, account, accounts, create_account
from tenants.audit import entries
from web.kit.draft import Draft, begun, discard_once_kept
from web.kit.forms import Form, attempt
from web.kit.here import FromHere, Here
from web.kit.page import Page, only_once, page
from web.kit.paging import PAGE, After, Pager, decode_key
from web.kit.query import one_of
from web.kit.requests import Request
from web.kit.units import Options, Sought, unit_options

ROLE_OPTIONS = [(role.id, role.title) for role in ROLES.values()]
ACTS = tuple(verb for verb in VERBS if verb not in SIGN_INS)
"""What was done to an account."""

NEW = "/accounts/new"
"""The address of the form for a new account, by which its draft is known."""

LEVEL_TITLES = {**titles.SHORT_LEVELS, "any": "各级"}


class AccountPages(Controller):
    """/accounts and /accounts/{id}; what can be done to an account is in forms.py."""

    path = "/accounts"

    @get("/")
    async def index(
        self, here: FromHere, q: FromQuery[str] = "", show: FromQuery[str] = "active", after: After = None
    ) -> Page:
        """The accounts in his units, found by name, login, unit or role."""
        show = one_of("show", show, ("active", "inactive", "all")) or "active"
        active = {"active": True, "inactive": False}.get(show)
        lines = [line for line in await accounts(here.actor, here.today, active=active) if _matches(line, q)]
        key = decode_key(after)
        rest = [line for line in lines if line.login > str(key[0])] if key else lines
        pager = Pager.of(rest[: PAGE + 1], lambda line: (line.login,), after, PAGE)
        return page("accounts/index.html", pager=pager, total=len(lines), q=q, show=show)

    @get("/roles")
    async def roles(self) -> Page:
        """Who may do what: printed from the module that decides."""
        return page(
            "accounts/roles.html", roles=list(ROLES.values()), capabilities=CAPABILITIES, levels=LEVEL_TITLES
        )

    @get("/kept")
    async def kept(self) -> Page:
        """What is held of a person, why, how long, who sees it."""
        return page("accounts/kept.html", kept=KEPT, exports=EXPORT, capabilities=CAPABILITIES)

    @get("/new")
    async def new(self, here: FromHere) -> Page:
        """A new account with its first role."""
        form, draft = await begun(here, NEW, Form.blank(since=here.today))
        return await _draft_page(here, form, draft)

    @post("/new")
    async def create(self, here: FromHere, request: Request) -> Page | Redirect:
        """Create it; the first password is shown once, on this answer and nowhere else."""
        form = await Form.of(request)
        async with attempt(form):
            name, login = form.text("name", "姓名"), form.text("login", "登录名")
            role, unit_id = form.choice("role", "职务", list(ROLES)), form.uuid("unit_id", "党组织")
            since, until = form.date("since", "起始日期"), form.date("until", "截止日期", required=False)
            form.check()
            assert unit_id is not None
            assert since is not None
            made = await create_account(
                here.actor, login=login, name=name, role=role, unit_id=unit_id, since=since, until=until
            )
            discard_once_kept(request, here, NEW)
            handed = page(
                "accounts/handed.html",
                status=201,
                id=made.id,
                login=made.login,
                password=made.password,
                new=True,
            )
            return only_once(handed)
        return await _draft_page(here, form)

    @get("/{account_id:uuid}")
    async def show(self, here: FromHere, account_id: FromPath[UUID]) -> Page:
        """One account: roles, past and present, and what was done to it."""
        return await account_page(here, account_id, Form.blank(since=here.today))


async def own_unit(here: Here, account_id: UUID) -> UUID:
    """The unit at which an account holds its last role: there its owner is looked for. Raises NotFound."""
    found = await account(here.actor, account_id, here.today)
    return found.grants[0].unit_id


async def account_page(here: Here, account_id: UUID, form: Form) -> Page:
    """The page of an account, with the form for a further role as it was typed."""
    found = await account(here.actor, account_id, here.today)
    may_edit = here.may("account.edit") and account_id != here.actor.id
    audits = here.may("audit.view")
    return page(
        "accounts/show.html",
        status=form.status,
        form=form,
        account=found,
        history=await entries(here.actor, subject_id=account_id, verbs=ACTS) if audits else [],
        sign_ins=await entries(here.actor, subject_id=account_id, verbs=SIGN_INS, limit=3) if audits else [],
        may_edit=may_edit,
        roles=ROLE_OPTIONS,
        options=await _units(here, form) if may_edit else [],
        unit_id=found.grants[0].unit_id,
    )


async def _draft_page(here: Here, form: Form, draft: Draft | None = None) -> Page:
    options = await _units(here, form)
    return page(
        "accounts/draft.html",
        status=form.status,
        form=form,
        roles=ROLE_OPTIONS,
        options=options,
        draft=draft,
        draft_at=NEW,
    )


async def _units(here: Here, form: Form) -> Options:
    sought = Sought.of(form, "unit_id")
    return await unit_options(here.actor, "account.edit", recent=here.recent_units, sought=sought)


def _matches(line: AccountLine, wanted: str) -> bool:
    wanted = wanted.strip().lower()
    return not wanted or any(wanted in text.lower() for text in (line.name, line.login, *line.roles))
