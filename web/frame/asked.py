"""What an address may ask: a query parameter that its handler does not know is refused, never passed over, and so is one that
is longer than anything of ours.

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
LONGEST = 400
"""Characters of a value; where a form is sent along (`asks` of `*`), it is as long as its fields are."""

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


def meant(app: Litestar, method: str, path: str, name: str) -> str | None:
    """Which parameter of a path's template this name is: itself, the words beside it, or that which ends so (`*.name`); None for
    none."""
    here = known(app)
    # A form is sent back to the address that showed it.
    names = here.get((method, path), frozenset()) | here.get(("GET", path), frozenset())
    if name in names or name.removesuffix(TYPED) in names:
        return name
    return next((one for one in sorted(names) if one.startswith("*") and name.endswith(one[1:])), None)


async def refuse_unknown(request: Request) -> None:
    """Raise Invalid for a query parameter that nobody reads here, or is too long; runs before each handler."""
    path: Any = request.scope.get("path_template", "")
    if path in UNASKED or not request.scope["query_string"]:
        return
    for name, value in request.query_params.multi_items():
        one = meant(request.app, request.method, path, name)
        if one is None:
            raise Invalid(
                f"这个网址不认识参数“{name[:40]}”，没有办理：按写错的条件查找或导出，会得到不该有的结果。请核对参数的名称。",
                code="unknown-parameter",
                fields={name[:40]: "没有这个参数。"},
            )
        if len(value) > LONGEST and not one.startswith("*"):
            raise Invalid(
                f"网址里的“{name}”有 {len(value)} 个字，最多 {LONGEST} 个字，没有办理。请缩短后再试。",
                code="long-parameter",
                fields={name: f"最多 {LONGEST} 个字。"},
            )
