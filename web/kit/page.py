"""A page: a template with what every page needs around it."""

from __future__ import annotations

from litestar.enums import MediaType
from litestar.response import Redirect, Template
from litestar.utils.empty import value_or_default
from litestar.utils.scope.state import ScopeState

from web.kit.here import here_of
from web.kit.navigation import rail
from web.kit.once import Inputs
from web.kit.requests import Request


class Page(Template):
    """A rendered page. The context gains `here`, `rail`, `notices`, `csrf_token` and `csrf_input`."""

    def create_template_context(self, request: Request) -> dict[str, object]:
        """What the template sees; a notice said on the page before is shown once."""
        token = value_or_default(ScopeState.from_scope(request.scope).csrf_token, "")
        here = here_of(request)
        return {
            "form": None,
            **self.context,
            "request": request,
            "here": here,
            "rail": rail(request, here),
            "notices": here.heard() if here else (),
            "csrf_token": token,
            "csrf_input": Inputs(token),
        }


def page(template: str, *, status: int = 200, **context: object) -> Page:
    """The page `template` (a path below web/templates) with `context`."""
    return Page(template, context=context, status_code=status, media_type=MediaType.HTML)


def see_other(path: str, _said: str = "") -> Redirect:
    """Go to `path` after something was done (303: the browser fetches it anew, going back repeats nothing).

    `see_other(path, here.say(…))` reads as one sentence: `say` leaves the notice for the next page.
    """
    return Redirect(path, status_code=303)
