"""What the description of the API says of an operation, held against what it answered: in every test that asks the API."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import httpx
from litestar import Litestar

from web.kit.schema import complete

Operations = list[tuple[str, re.Pattern[str], dict[str, Any]]]


@cache
def operations(app: Litestar) -> Operations:
    """Method, what its address looks like, the answers that are documented; those with fewer parameters first."""
    paths = complete(app.openapi_schema.to_schema())["paths"]
    return [
        (verb.upper(), re.compile(re.sub(r"{\w+}", "[^/]+", path)), one["responses"])
        for path, item in sorted(paths.items(), key=lambda each: each[0].count("{"))
        for verb, one in item.items()
    ]


def refuse_undocumented(app: Litestar, answer: httpx.Response) -> None:
    """Raise AssertionError for an answer of the API with a status, or of a kind, that its operation does not name."""
    asked = answer.request
    if not asked.url.path.startswith("/api/v1/"):
        return
    path = asked.url.path.rstrip("/")
    for verb, address, responses in operations(app):
        if verb == asked.method and address.fullmatch(path):
            said = responses.get(str(answer.status_code))
            assert said is not None, (
                f"{asked.method} {path} answered {answer.status_code}: {answer.text[:300]}"
            )
            kinds = said.get("content")
            kind = answer.headers.get("content-type", "").partition(";")[0]
            assert not kinds or kind in kinds, (
                f"{asked.method} {path} answered with {kind}, not {list(kinds)}"
            )
            return
