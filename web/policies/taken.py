"""The words behind /policies/ that are pages of ours: no plugin is called so, for its own page could not be opened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from litestar import Controller
from litestar.handlers import HTTPRouteHandler

from tenants.policies import plugins
from web.policies.pages import PolicyPages

PLACE = PolicyPages.path


def reserve_pages(controllers: Sequence[type[Controller]]) -> None:
    """Have every plugin of such a name refused in this process, which has these controllers."""
    plugins.reserve({word for one in controllers for word in _words(one)})


def _words(controller: type[Controller]) -> Iterator[str]:
    for handler in vars(controller).values():
        for path in (handler.paths or ("",)) if isinstance(handler, HTTPRouteHandler) else ():
            place = controller.path  # type: ignore[misc]  # litestar calls it a slot, and it is set on each class
            whole = f"{place}/{path}".replace("//", "/").strip("/").split("/")
            if f"/{whole[0]}" == PLACE and len(whole) > 1 and not whole[1].startswith("{"):
                yield whole[1]
