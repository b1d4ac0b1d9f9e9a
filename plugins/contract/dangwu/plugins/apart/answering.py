"""Answering calls in the process in which a plugin's Python runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pluggy

from dangwu.errors import at
from dangwu.facets.finding import Finding
from dangwu.facets.registry import FACETS
from dangwu.plugins.apart.methods import METHODS
from dangwu.plugins.apart.wire import Answer, Call, plain, received, typed
from dangwu.plugins.panel import Panel
from dangwu.plugins.report import Report

_HOOKS: dict[str, tuple[dict[str, str], type]] = {
    "dangwu_check": ({"case": "case"}, Finding),
    "dangwu_panels": ({"subject": "subject"}, Panel),
    "dangwu_react": ({"event": "event"}, object),
    "dangwu_reports": ({"figures": "figures"}, Report),
}


def answer(call: Call, manager: pluggy.PluginManager) -> Answer:
    """What a plugin says to a call; what it raises is told, without values."""
    try:
        return Answer(plain(_of_facet(call) if call.facet else _of_hook(call, manager)))
    except _Unfit as unfit:
        return Answer(wrong=str(unfit))
    except BaseException as error:  # SystemExit too: the process goes on
        return Answer(wrong=f"{type(error).__name__}{at(error)}")


class _Unfit(TypeError):
    """An answer of another kind than was asked for."""


def _of_hook(call: Call, manager: pluggy.PluginManager) -> list[Any]:
    kinds, wanted = _HOOKS[call.method]
    given = {name: received(kinds.get(name, ""), raw) for name, raw in call.given.items()}
    found = [one for several in getattr(manager.hook, call.method)(**given) for one in _several(several)]
    if any(not isinstance(one, wanted) for one in found):
        raise _Unfit(f"给出的不是 {wanted.__name__}")
    return found


def _several(given: Any) -> Iterable[Any]:
    if given is None:
        return ()
    return given if isinstance(given, Iterable) else (given,)


def _of_facet(call: Call) -> Any:
    kind, method = FACETS[call.facet], METHODS[call.method]
    given = [
        kind.part(call.given[name]) if how == "part" else received(how, call.given[name], call.facet)
        for name, how in method.given.items()
    ]
    asked = getattr(kind if method.of_class else typed(call.params, kind), call.method)
    found = asked(*given)
    if method.answer == list[Finding]:
        found = [one if isinstance(one, Finding) else _unfit() for one in _several(found)]
    return found if found is None or isinstance(found, str | dict) else _listed(found)


def _listed(found: Any) -> Any:
    return list(found) if isinstance(found, Iterable) and not hasattr(found, "__struct_fields__") else found


def _unfit() -> Finding:
    raise _Unfit("给出的不是 Finding")


__all__ = ["answer"]
