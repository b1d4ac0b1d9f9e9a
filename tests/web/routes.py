"""All routes of the application as text, for the table in routes.txt and for walking over them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from litestar import Litestar
from litestar.routes import HTTPRoute

from web.kit.public import is_public

TABLE = Path(__file__).parent / "routes.txt"


def bare(path: str) -> str:
    """The path template without the types of its parameters, as web/kit/public.py writes it."""
    return re.sub(r"\{(\w+):\w+\}", r"{\1}", path)


def routes(app: Litestar) -> Iterator[tuple[str, str]]:
    """(method, path template) of everything that answers; OPTIONS and HEAD show nothing of their own."""
    for route in app.routes:
        assert isinstance(route, HTTPRoute), f"{route.path}: not an HTTP route"
        for method in sorted(set(route.methods) - {"OPTIONS", "HEAD"}):
            yield method, route.path


def table(app: Litestar) -> list[str]:
    """One line per route: who may ask (`public`, or `signed-in`), method, path."""
    lines = [f"{'public' if is_public(m, bare(p)) else 'signed-in':<10}{m:<7}{p}" for m, p in routes(app)]
    return sorted(lines, key=lambda line: (line.split()[2], line.split()[1]))


@cache
def readable() -> list[str]:
    """The path templates of TABLE that answer to GET, the most exact first."""
    lines = (line.split() for line in TABLE.read_text().splitlines())
    found = [path for _, method, path in lines if method == "GET"]
    return sorted(found, key=lambda path: (path.count("{"), -len(path)))


@cache
def template_of(path: str) -> str | None:
    """The path template that answers to GET at a path (without its query); None where none but the last resort does."""
    return next((one for one in readable() if re.fullmatch(_pattern(one), path)), None)


def _pattern(template: str) -> str:
    kinds = {"uuid}": "[0-9a-f-]{36}", "str}": "[^/]+"}
    return "/".join(kinds.get(part.partition(":")[2], re.escape(part)) for part in template.split("/"))
