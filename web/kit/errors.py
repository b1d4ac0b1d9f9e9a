"""Errors as answers: a whole sentence with the right status, as a page, a fragment for htmx, or problem+json.

Nothing here may query: the session's transaction may already be lost.
"""

from __future__ import annotations

import secrets
import traceback
from urllib.parse import parse_qsl, quote, urlsplit

import structlog
from litestar import Response
from litestar.exceptions import HTTPException, PermissionDeniedException
from litestar.response import Redirect
from litestar.types import ExceptionHandlersMap

from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Stale
from tenants.accounts.errors import BadToken, SignInFailed, TooManyAttempts
from tenants.calls import TooManyCalls
from web.kit.failures import failure_of
from web.kit.here import here_of
from web.kit.once import SAID, AlreadySent
from web.kit.page import Page, asked_again
from web.kit.requests import LARGEST_REQUEST, Answer, Request
from web.kit.unreadable import fields_of, too_long

log = structlog.get_logger("web")

STATUS: dict[type[DomainError], int] = {
    NotFound: 404,
    Forbidden: 403,
    Invalid: 422,
    Conflict: 409,
    SignInFailed: 401,
    BadToken: 401,
    TooManyAttempts: 429,
    TooManyCalls: 429,
}

TITLES = {
    400: "请求不完整或格式不对",
    401: "请先登录",
    403: "没有权限",
    404: "没有找到",
    405: "不能这样办理",
    408: "传送得太慢",
    409: "与现有情况不符",
    413: "内容太大",
    422: "没有填对",
    429: "请稍后再试",
    500: "系统出了故障",
    503: "系统暂时不能使用",
}

SENTENCES = {
    400: "网址或提交的内容不完整、格式不对，没有办理。请返回上一页重新操作。",
    403: "您没有办理这件事的权限。请由承担相应职责的人员办理，或请组织部管理员调整授权。",
    404: "没有找到您要的内容：它可能已经移走，或者不在您的管理范围之内。请从左侧栏目重新进入。",
    405: "这个网址不能这样使用。请从左侧栏目重新进入。",
    408: "提交的内容迟迟没有传完，没有保存。请检查网络后重新提交；较大的文件请先压缩。",
    413: f"提交的内容超过了允许的大小（一次连同附件 {LARGEST_REQUEST >> 20} MB），没有保存。请压缩或拆分后再提交。",
    429: "操作过于频繁，已暂停受理。请稍后再试。",
}

FORGED = "这一页停留过久，或者不是从本系统打开的，为安全起见没有办理。请回到上一页，刷新后重新提交。"


class NotSignedIn(Exception):
    """A route that needs a signed-in person was asked for without one; `expired` if there had been a session."""

    def __init__(self, expired: bool = False) -> None:
        super().__init__()
        self.expired = expired


class ClientGone(Exception):
    """The browser closed the connection before its request was complete: nobody is left to answer, and nothing is wrong."""


class First(Exception):
    """What his account asks of him before anything else, done at the page `at`; `code` and `sentence` say so to the API."""

    def __init__(self, at: str, code: str, sentence: str) -> None:
        super().__init__()
        self.at, self.code, self.sentence = at, code, sentence


def own_password_first() -> First:
    """He signed in with a password that somebody else knows."""
    return First(
        "/password",
        "own-password-first",
        "当前密码是管理员设置的初始密码。请先用 PUT /api/v1/session/password 改成自己的密码。",
    )


def second_factor_first() -> First:
    """His county asks a second factor of him, and he has none yet."""
    return First(
        "/me/second-factor",
        "second-factor-first",
        "本县要求您使用动态口令。请先在网页的“我的账号”里启用，或用 /api/v1/session/second-factor 启用。",
    )


def is_api(request: Request) -> bool:
    """Whether the answer must be JSON."""
    # `request.url` takes the Host header apart, which may be anything.
    return request.scope["path"].startswith("/api/")


def is_fragment(request: Request) -> bool:
    """Whether htmx asked, which puts the answer into a page that is already open."""
    return request.headers.get("hx-request") == "true"


def problem(status: int, code: str, sentence: str, **more: object) -> Response[dict[str, object]]:
    """An RFC 9457 answer of the API; `code` is stable, `sentence` is for people."""
    body = {"type": "about:blank", "title": TITLES.get(status, TITLES[400]), "status": status, "code": code}
    return Response(
        {**body, "sentence": sentence, **more}, status_code=status, media_type="application/problem+json"
    )


def answer(request: Request, status: int, code: str, sentence: str, **more: object) -> Answer:
    """The error in the form that was asked for."""
    if is_api(request):
        return problem(status, code, sentence, **more)
    template = "errors/fragment.html" if is_fragment(request) else "errors/page.html"
    context = {"title": TITLES.get(status, TITLES[400]), "sentence": sentence, "status": status, **more}
    return Page(
        template,
        context={"changes": (), "fields": {}, "reference": "", "form_at": "", **context},
        status_code=status,
    )


def status_of(error: DomainError) -> int:
    """The HTTP status of a refusal."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 422)


def domain_error(request: Request, error: DomainError) -> Answer:
    """What core refuses."""
    status = status_of(error)
    changes = error.changes if isinstance(error, Stale) else ()
    said = answer(request, status, error.code, error.sentence, fields=error.fields, changes=changes)
    if isinstance(error, BadToken):
        said.headers["www-authenticate"] = 'Bearer error="invalid_token"'
    if isinstance(error, TooManyCalls):
        said.headers["retry-after"] = str(error.retry_after)
    return said


def http_error(request: Request, error: HTTPException) -> Answer:
    """What the framework refuses: unknown addresses, unreadable parameters, a missing CSRF token, too much content."""
    status = error.status_code
    if status >= 500:
        return unexpected(request, error)
    if isinstance(error, PermissionDeniedException) and "CSRF" in error.detail:
        hint = "请求头 x-csrftoken 须带上 cookie csrftoken 的值。" if is_api(request) else FORGED
        return answer(request, 403, "csrf", hint)
    sentence = too_long(request, error) or SENTENCES.get(status, SENTENCES[400])
    more: dict[str, object] = {"fields": fields_of(error)} if is_api(request) and error.extra else {}
    if status == 413 and not is_api(request):
        more["form_at"] = _return_to(request)
    return answer(request, status, f"http-{status}", sentence, **more)


def not_signed_in(request: Request, error: NotSignedIn) -> Answer:
    """To the sign-in page and back again; the API says 401."""
    if is_api(request):
        return problem(401, "not-signed-in", "尚未登录或登录已经失效。请先登录再使用接口。")
    target = f"/sign-in?next={quote(_return_to(request), safe='')}" + ("&expired=1" if error.expired else "")
    if is_fragment(request):
        return Response("", status_code=401, headers={"HX-Redirect": target}, media_type="text/html")
    return Redirect(target, status_code=303)


def _return_to(request: Request) -> str:
    """Where to go after signing in: this page, or the page that held the form or the fragment."""
    if request.method == "GET" and not is_fragment(request):
        asked = request.scope["query_string"].decode("latin-1")
        return request.scope["path"] + (f"?{asked}" if asked else "")
    try:
        referer = urlsplit(str(request.headers.get("hx-current-url") or request.headers.get("referer", "")))
    except ValueError:
        return "/"
    asked = asked_again(parse_qsl(referer.query, keep_blank_values=True))
    return "/" + referer.path.lstrip("/\\") + asked  # two slashes would lead to another site


def client_gone(request: Request, error: ClientGone) -> Answer:
    """Nobody reads it."""
    return Response("", status_code=400, media_type="text/plain")


def first(request: Request, error: First) -> Answer:
    """To the page where he does it; the API says so."""
    if is_api(request):
        return problem(403, error.code, error.sentence)
    if is_fragment(request):
        return Response("", status_code=403, headers={"HX-Redirect": error.at}, media_type="text/html")
    return Redirect(error.at, status_code=303)


def already_sent(request: Request, error: AlreadySent) -> Answer:
    """To what came of the form the first time."""
    if (here := here_of(request)) is not None:
        here.say(SAID)
    return Redirect(error.location, status_code=303)


def unexpected(request: Request, error: Exception) -> Answer:
    """What passes by or lies in what was sent, in its own words; else a defect of ours, with a number to ask by.

    The log gets the place in the code, and no personal data.
    """
    reference = secrets.token_hex(4)
    # The exception's text is left out on purpose: database errors quote the row.
    frames = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)[-8:]]
    route, name = request.scope.get("path_template", ""), type(error).__name__
    if failure := failure_of(error):
        log.warning(failure.code, route=route, error=name, frames=frames[-1:])
        said = answer(request, failure.status, failure.code, failure.sentence)
        if failure.retry_after is not None:
            said.headers["retry-after"] = str(failure.retry_after)
        return said
    log.error("unexpected", reference=reference, route=route, error=name, frames=frames)
    sentence = (
        f"系统出了故障，这次操作没有保存。请稍后再试；仍然不行时，请把编号 {reference} 告诉平台运行维护人员。"
    )
    return answer(request, 500, "unexpected", sentence, reference=reference)


HANDLERS: ExceptionHandlersMap = {
    DomainError: domain_error,
    NotSignedIn: not_signed_in,
    First: first,
    AlreadySent: already_sent,
    ClientGone: client_gone,
    HTTPException: http_error,
    Exception: unexpected,
}
