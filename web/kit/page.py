"""A page: a template with what every page needs around it."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode

from litestar.enums import MediaType
from litestar.response import Redirect, Template
from litestar.types import Scope
from litestar.utils.empty import value_or_default
from litestar.utils.scope.state import ScopeState

from web.kit.here import here_of
from web.kit.navigation import rail
from web.kit.once import Inputs
from web.kit.requests import Request

ANSWER = "answer"
"""The parameter of an address that shows an earlier answer to its form once more (web/frame/answers.py)."""
_ONCE = "_seen_once"


class Page(Template):
    """A rendered page. The context gains `here`, `rail`, `notices`, `csrf_token`, `csrf_input`, and `this_page`: its address, to
    which a form of it is sent.

    What is seen `once` (`only_once`: a first password) is kept nowhere, not even to go back to.
    """

    once = False

    def create_template_context(self, request: Request) -> dict[str, object]:
        """What the template sees; a notice said on the page before is shown once."""
        token = value_or_default(ScopeState.from_scope(request.scope).csrf_token, "")
        here = here_of(request)
        request.scope["state"][_ONCE] = self.once
        return {
            "form": None,
            **self.context,
            "request": request,
            "here": here,
            "rail": rail(request, here),
            "notices": here.heard() if here else (),
            "csrf_token": token,
            "csrf_input": Inputs(token),
            "this_page": own_address(request),
        }


def page(template: str, *, status: int = 200, **context: object) -> Page:
    """The page `template` (a path below web/templates) with `context`."""
    return Page(template, context=context, status_code=status, media_type=MediaType.HTML)


def only_once(made: Page) -> Page:
    """The same, to be seen on this answer and nowhere else."""
    made.once = True
    return made


def seen_once(scope: Scope) -> bool:
    """Whether the page that answers is none to go back to."""
    return bool(scope["state"].get(_ONCE))


def own_address(request: Request) -> str:
    """The path and the query of a request, without an earlier answer."""
    asked = parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return request.scope["path"] + asked_again(asked)


def asked_again(asked: Iterable[tuple[str, str]], **more: str) -> str:
    """A query once more, without an earlier answer; "" where nothing is asked."""
    left = [(name, value) for name, value in asked if name != ANSWER]
    return f"?{urlencode([*left, *more.items()])}" if left or more else ""


def see_other(path: str, _said: str = "") -> Redirect:
    """Go to `path` after something was done (303: the browser fetches it anew, going back repeats nothing).

    `see_other(path, here.say(…))` reads as one sentence: `say` leaves the notice for the next page.
    """
    return Redirect(path, status_code=303)
