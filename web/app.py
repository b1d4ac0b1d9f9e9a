"""The composition point: everything that makes the web application is put together here, and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Self

from jinja2 import FileSystemLoader
from litestar import Litestar, Router
from litestar.config.csrf import CSRFConfig
from litestar.di import Provide
from litestar.middleware import DefineMiddleware
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template import TemplateConfig
from redis.asyncio import Redis

from core import events
from core.ending import end
from tenants.database import vault
from tenants.database.session import close_database, open_database
from tenants.database.shares import Shares
from tenants.ground import traces
from tenants.ground.environment import SESSIONS_DB, redis_url
from tenants.ground.pulse import beat
from tenants.ground.redis import close_redis
from tenants.letters import hear
from tenants.listed import keep_writing, write_down
from tenants.notices.produce import hear as hear_notices
from tenants.policies.hooks.reactions import tell_plugins
from tenants.policies.news import listen
from tenants.policies.texts import read_all
from web.frame.asked import refuse_unknown
from web.frame.county import CountyMiddleware
from web.frame.fields import refuse_strange
from web.frame.forgery import FormTokens
from web.frame.intake import MOST_FIELDS, Intake
from web.frame.needs import needs, refuse_unneeded
from web.frame.secret import csrf_secret
from web.frame.security import add_headers
from web.frame.sessions import CountySessionConfig, CountySessions, Sessions, SessionStore
from web.frame.timing import count, timed
from web.frame.traces import tell_status, traced
from web.globals import FILTERS, GLOBALS
from web.kit.cookies import send_cookies
from web.kit.errors import HANDLERS
from web.kit.here import provide_here
from web.kit.navigation import count_tasks
from web.kit.requests import LARGEST_REQUEST, Request
from web.kit.schema import openapi
from web.kit.static_files import STATIC, static_router
from web.kit.templates import Templates
from web.routes import API, PAGES, PLAIN
from web.workbooks import register_workbooks

LONGEST_STATEMENT = 60.0
"""Seconds; a database that hangs is answered with the page that says so."""

TEMPLATES = Path(__file__).parent / "templates"


@cache
def templates() -> Templates:
    """One for a process, which compiles a template once."""
    environment = Templates(FileSystemLoader(TEMPLATES))
    environment.filters.update(FILTERS)
    environment.globals.update(GLOBALS)
    return environment


@asynccontextmanager
async def _servers(app: Litestar) -> AsyncIterator[None]:
    """The database pool, Redis, the news of changed policies and the signs of life, from this process's start to its end."""
    traces.begin("web")
    await open_database(command_seconds=LONGEST_STATEMENT)
    await vault.check()
    await read_all()
    beside = [asyncio.create_task(work) for work in (listen(), beat(), keep_writing())]
    try:
        yield
    finally:
        await end(beside)
        await write_down()
        await close_database()
        await close_redis()
        traces.end()


async def _before(request: Request) -> None:
    refuse_unneeded(request)
    await refuse_unknown(request)


async def _before_page(request: Request) -> None:
    await _before(request)
    if request.method == "GET":
        await count_tasks(request)


async def _before_call(request: Request) -> None:
    await _before(request)
    await refuse_strange(request)


class _Made(Router):
    """Made for one application: that need not copy it with all that is in it, which takes a sixth of a start."""

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self


def _routers() -> list[Router]:
    pages = _Made("/", route_handlers=[*PAGES, *PLAIN], include_in_schema=False, before_request=_before_page)
    api = _Made("/api/v1", route_handlers=[*API], before_request=_before_call)
    return [pages, api, static_router()]


def create_app() -> Litestar:
    """The application. Its servers and its secret are named by the DANGWU_* variables."""
    vault.install()
    events.listen(hear)
    events.listen(tell_plugins)
    events.listen(hear_notices)
    register_workbooks()
    sessions = SessionStore(Redis.from_url(redis_url(SESSIONS_DB)), namespace="session")
    app = Litestar(
        route_handlers=_routers(),
        middleware=[
            timed,
            *([traced] if traces.wanted() else []),
            DefineMiddleware(Sessions, backend=CountySessions(CountySessionConfig())),
            DefineMiddleware(CountyMiddleware, shares=Shares()),
            DefineMiddleware(
                FormTokens, config=CSRFConfig(secret=csrf_secret(), cookie_httponly=True, exclude=STATIC)
            ),
        ],
        stores={"sessions": sessions},
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(templates())),
        dependencies={"here": Provide(provide_here, sync_to_thread=False)},
        exception_handlers=HANDLERS,
        before_request=_before,
        before_send=[send_cookies, add_headers, count, *([tell_status] if traces.wanted() else [])],
        lifespan=[_servers],
        openapi_config=openapi(),
        request_class=Intake,
        request_max_body_size=LARGEST_REQUEST,
        multipart_form_part_limit=MOST_FIELDS,
        logging_config=None,
    )
    app.state.needs = needs()
    app.state.routed = frozenset(route.path for route in app.routes)
    return app
