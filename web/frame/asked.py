"""What an address may ask: a query parameter that its handler does not know is refused, never passed over.

A filter that was misspelt and passed over would show, or export, everybody.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from litestar import Litestar
from litestar.routes import HTTPRoute

from core.errors import Invalid
from web.kit.requests import Request

TYPED = "-q"
"""What the words typed into a picker's search box are called, sent along with what was picked."""

UNASKED = frozenset(
    (
        "/{rest}",
        "/static/{file_path}",
        "/healthz",
        "/metrics",
        "/api/v1/{path}",
        "/api/v1/openapi.json",
        "/api/v1",
    )
)
"""Templates of paths that read no query: what does not exist has its own answer, files may carry a version."""


@cache
def known(app: Litestar) -> dict[tuple[str, str], frozenset[str]]:
    """(method, path template) → the query parameters of its handler and of what that depends on, and those that it reads by
    itself (`asks` of its decorator; `*.name`: whatever ends so, as fields of a form do)."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for method, (handler, model) in route.route_handler_map.items():
                names = {one.field_alias for one in model.expected_query_params}
                found[method, route.path_format] = frozenset(names) | frozenset(handler.opt.get("asks", ()))
    return found


async def refuse_unknown(request: Request) -> None:
    """Raise Invalid for a query parameter that nobody reads here; runs before each handler."""
    path: Any = request.scope.get("path_template", "")
    if path in UNASKED or not request.scope["query_string"]:
        return
    here = known(request.app)
    # A form is sent back to the address that showed it.
    names = here.get((request.method, path), frozenset()) | here.get(("GET", path), frozenset())
    for name in request.query_params:
        ends = (TYPED, *(one[1:] for one in names if one.startswith("*")))
        if name not in names and not name.endswith(ends):
            raise Invalid(
                f"这个网址不认识参数“{name[:40]}”，没有办理：按写错的条件查找或导出，会得到不该有的结果。请核对参数的名称。",
                code="unknown-parameter",
                fields={name: "没有这个参数。"},
            )
