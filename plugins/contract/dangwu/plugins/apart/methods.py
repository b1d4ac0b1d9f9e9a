"""What of a facet a plugin may write anew and is asked in another process, with the arguments and the answer of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, NamedTuple, get_origin, get_type_hints

from dangwu.facets.base import Facet
from dangwu.facets.finding import Finding, Reckoning, Requirement
from dangwu.shapes.short import Plain


class Method(NamedTuple):
    """Its arguments in order, with the kind that `received` knows; the type of the answer; `of_class`: asked of the class."""

    given: Mapping[str, str]
    answer: Any
    of_class: bool = False


METHODS: Mapping[str, Method] = {
    "judge": Method({"records": "records", "at": "at"}, list[Finding]),
    "deadline": Method({"at": "at"}, date | None),
    "turns": Method({"records": "records", "at": "at"}, tuple[date, ...]),
    "end": Method({"records": "records"}, date | None),
    "outlasts": Method({"records": "records"}, bool),
    "least": Method({"given": "part", "records": "records", "at": "at"}, Plain),
    "describe": Method({}, list[Requirement]),
    "contradiction": Method({}, str),
    "keys": Method({}, tuple[str, ...]),
    "options": Method({}, dict[str, tuple[str, ...]]),
    "soonest": Method({"start": "date"}, date),
    "after": Method({}, tuple[str, ...]),
    "begins_again": Method({"done": "records", "following": "record", "at": "at"}, bool),
    "keeps": Method({}, bool),
    "carried": Method({"done": "records", "again": "evidence"}, Plain),
    "more": Method({"records": "records"}, int),
    "together": Method({}, bool),
    "holds": Method({"records": "records"}, Plain),
    "rows": Method({}, int),
    "begin": Method({"before": "plain"}, dict[str, list[dict[str, Any]]]),
    "reckonings": Method({}, tuple[Reckoning, ...]),
    "settle": Method({"typed": "plain", "before": "plain"}, Plain, of_class=True),
    "agreed": Method({"given": "evidence"}, tuple[str, ...], of_class=True),
    "whose": Method({"one": "finding"}, tuple[str, ...], of_class=True),
    "motion": Method({"given": "evidence"}, tuple[str, int], of_class=True),
    "put": Method({"given": "plain", "motion": "plain", "months": "plain"}, Plain, of_class=True),
    "misdated": Method({"record": "record", "records": "records"}, list[Finding], of_class=True),
    "completes": Method({"given": "evidence"}, bool, of_class=True),
}

SAID: Mapping[str, Any] = {
    name: hint.__args__[0]
    for name, hint in get_type_hints(Facet, include_extras=True).items()
    if get_origin(hint) is ClassVar and name not in ("name", "title", "evidence")
}
"""What a facet declares on its class, with the type of each."""


def written(kind: type[Facet]) -> tuple[str, ...]:
    """The methods of Facet that a class writes anew. Raises TypeError for one that cannot be asked from another process."""
    names = [
        name
        for name, value in {**vars(Facet), **inherited()}.items()
        if not name.startswith("_") and callable(getattr(Facet, name, None)) and value is not _own(kind, name)
    ]
    if strange := sorted(set(names) - METHODS.keys()):
        raise TypeError(
            f"要求“{kind.name}”不能改写 {'、'.join(strange)}：平台在另一个进程里问插件的要求，只问这些：{'、'.join(METHODS)}"
        )
    return tuple(sorted(names))


def inherited() -> dict[str, object]:
    """What Facet itself has from the class above it."""
    return {name: value for above in Facet.__mro__[1:-1] for name, value in vars(above).items()}


def _own(kind: type[Facet], name: str) -> object:
    return next(vars(one)[name] for one in kind.__mro__ if name in vars(one))


__all__ = ["METHODS", "SAID", "Method", "written"]
