"""The console as an application of its own: not one route of the counties' is in it, and none of its own is in theirs."""

from __future__ import annotations

import secrets
from pathlib import Path

from jinja2 import ChoiceLoader, FileSystemLoader
from litestar import Litestar
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import State
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template import TemplateConfig

from core.errors import Forbidden
from deploy.console.gate import COOKIE, Gate
from deploy.console.pages import CountyPages, GatePages, OneCountyPages
from deploy.counties.deeds import Ground
from deploy.problem import Problem
from web.app import TEMPLATES
from web.frame.intake import Intake, refuse_other_sites
from web.frame.security import add_headers
from web.globals import FILTERS, GLOBALS
from web.kit.errors import HANDLERS, answer
from web.kit.requests import Answer, Request
from web.kit.static_files import STATIC, static_router
from web.kit.templates import Templates

OWN = Path(__file__).parent / "templates"
HERE = ("127.0.0.1", "localhost")
"""The names by which it is reached; a page of elsewhere that leads a name of its own here is refused."""


def _before(request: Request) -> None:
    named = request.headers.get("host", "").rpartition(":")[0]
    if named not in HERE:
        raise Forbidden("这个网址不是控制台的。请用命令打印的地址打开。", code="host")
    refuse_other_sites(request.scope)


def _problem(request: Request, problem: Problem) -> Answer:
    return answer(request, 409, "problem", problem.sentence)


def create(gate: Gate, ground: Ground) -> Litestar:
    """The application. Needs an open database pool."""
    environment = Templates(ChoiceLoader([FileSystemLoader(OWN), FileSystemLoader(TEMPLATES)]))
    environment.filters.update(FILTERS)
    environment.globals.update(GLOBALS)
    return Litestar(
        route_handlers=[GatePages, CountyPages, OneCountyPages, static_router()],
        csrf_config=CSRFConfig(
            secret=secrets.token_urlsafe(32), cookie_name=f"{COOKIE}-form", cookie_httponly=True,
            cookie_samesite="strict", exclude=STATIC,
        ),
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment)),
        exception_handlers={**HANDLERS, Problem: _problem},
        before_request=_before,
        before_send=[add_headers],
        state=State({"gate": gate, "ground": ground, "routed": frozenset()}),
        request_class=Intake,
        request_max_body_size=1024 * 1024,
        openapi_config=None,
        logging_config=None,
    )  # fmt: skip
