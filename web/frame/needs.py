"""Which capability a route asks for before anything else is looked at: deny by default, one table for all (needs.yaml).

What a service asks further (where, at which level, in whose case) is its own affair; here nobody gets as far who holds the
capability nowhere. The answer does not depend on whether the thing in the address exists.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import get_args

from core.actor import Capability
from core.errors import Forbidden
from dangwu import read_yaml
from web.kit.here import here_of
from web.kit.requests import Request

SIGNED_IN = "signed-in"
Needs = tuple[Capability, ...]
Table = dict[tuple[str, str], Needs]
"""(method, path template) → the capabilities of which one is enough; none: whoever is signed in."""


@cache
def needs() -> Table:
    """The table of needs.yaml. Raises PolicyError for a line that is there twice, LookupError for a route or an unknown word."""
    file = Path(__file__).with_name("needs.yaml")
    read: dict[str, dict[str, str]] = read_yaml(file.read_text("utf-8"), file.name)
    found: Table = {}
    for words, routes in read.items():
        needed = () if words == SIGNED_IN else tuple(_word(word) for word in words.split())
        for path, methods in routes.items():
            for method in methods.split():
                if (method, path) in found:
                    raise LookupError(f"needs.yaml: {method} {path} is there twice")
                found[method, path] = needed
    return found


def _word(word: str) -> Capability:
    known: dict[str, Capability] = {one: one for one in get_args(Capability)}
    if word not in known:
        raise LookupError(f"needs.yaml: unknown capability {word!r}")
    return known[word]


def refuse_unneeded(request: Request) -> None:
    """Raise Forbidden for whoever holds nowhere what the route asks for, and for a route that the application's table (in its
    state) does not know.

    Runs before each handler; the public routes have nobody to ask about.
    """
    here = here_of(request)
    if here is None:
        return
    path = str(request.scope.get("path_template", "")).rstrip("/") or "/"
    table: Table = request.app.state.needs
    needed = table.get((request.method, path))
    if needed is None:
        raise Forbidden("这个网址还没有写明由谁使用，没有办理。请联系平台运行维护人员。", code="undeclared")
    here.require(*needed)
