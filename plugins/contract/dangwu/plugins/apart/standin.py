"""What stands here for a plugin's Python that runs elsewhere: a module with its hooks, and its facets as classes of ours.

Parameters, joins, titles and sentences are here; whatever has to be worked out is asked (`Ask`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from types import ModuleType
from typing import Any

import msgspec

from dangwu.case.case import Case, Record
from dangwu.case.moment import Moment
from dangwu.errors import Unanswered
from dangwu.facets import held
from dangwu.facets.absent import met_key
from dangwu.facets.base import Facet
from dangwu.facets.finding import CLOCK, KINDS, MISSING, Finding
from dangwu.facets.registry import facet
from dangwu.plugins.apart.code import Code, Kind
from dangwu.plugins.apart.methods import METHODS, SAID
from dangwu.plugins.apart.shape import fields, made, renames
from dangwu.plugins.apart.wire import Ask, Call, plain, sent, typed
from dangwu.plugins.hooks import hookimpl
from dangwu.regime.checks import lost

PREFIX = "stranger:"
UNANSWERED = "unanswered"
TELLING = ("end", "outlasts")
SENTENCE = "插件“{plugin}”没有能够核对“{title}”（{error}），为稳妥起见暂不放行。请联系插件作者或停用该插件"


def plugin_of(module: str) -> str:
    """The plugin that a module stands for; "" where it stands for none."""
    return module.removeprefix(PREFIX) if module.startswith(PREFIX) else ""


def stand_in(plugin: str, code: Code, ask: Ask) -> ModuleType:
    """The module that stands for a plugin. Raises TypeError for a facet that cannot be."""
    module = ModuleType(f"{PREFIX}{plugin}", "Stands for a plugin that runs in another process.")
    for kind in code.kinds:
        _facet(module.__name__, kind, ask)
    for name in code.hooks:
        setattr(module, name, hookimpl(_HOOKS[name](plugin, ask)))
    return module


def _check(plugin: str, ask: Ask) -> Callable[..., Any]:
    passed = lost(plugin)

    def dangwu_check(step: str, case: Case, today: date) -> list[Finding]:
        try:
            return _proper(ask(Call("dangwu_check", {"step": step, "case": sent(case), "today": today})))
        except (Unanswered, msgspec.ValidationError) as error:
            if not passed(step=step, case=case, today=today):
                return []
            raise (
                error if isinstance(error, Unanswered) else Unanswered(plugin, "给出的不是 Finding")
            ) from None

    return dangwu_check


def _panels(plugin: str, ask: Ask) -> Callable[..., Any]:
    def dangwu_panels(place: str, subject: Any, today: Any) -> Any:
        return ask(Call("dangwu_panels", {"place": place, "subject": sent(subject), "today": today}))

    return dangwu_panels


def _reports(plugin: str, ask: Ask) -> Callable[..., Any]:
    def dangwu_reports(figures: Any, today: Any) -> Any:
        return ask(Call("dangwu_reports", {"figures": plain(figures), "today": today}))

    return dangwu_reports


def _react(plugin: str, ask: Ask) -> Callable[..., Any]:
    def dangwu_react(event: Any) -> Any:
        return ask(Call("dangwu_react", {"event": plain(event)}))

    return dangwu_react


def _documents(plugin: str, ask: Ask) -> Callable[..., Any]:
    def dangwu_documents() -> Any:
        raise NotImplementedError("what it brings was said when it was loaded")

    return dangwu_documents


_HOOKS = {
    "dangwu_check": _check, "dangwu_panels": _panels, "dangwu_react": _react, "dangwu_documents": _documents,
    "dangwu_reports": _reports,
}  # fmt: skip


def _proper(raw: Any) -> list[Finding]:
    """Findings as they may be. Raises msgspec.ValidationError."""
    found: list[Finding] = typed(raw, list[Finding])
    for one in found:
        if one.kind not in KINDS or (one.kind == CLOCK and one.until is None):
            raise msgspec.ValidationError(one.code)
    return found


def _facet(module: str, kind: Kind, ask: Ask) -> None:
    said = {name: typed(value, SAID[name]) for name, value in kind.said.items() if name in SAID}
    evidence = None if kind.evidence is None else made(kind.evidence, module)
    methods = {name: _method(kind.name, name, ask) for name in kind.methods}
    if "judge" in methods:
        methods["judge"] = _judge(kind, ask)
    methods["turns"] = _daily(methods.get("turns"))
    said["sentences"] = {**said.get("sentences", {}), UNANSWERED: SENTENCE, held.CHANGED: held.SENTENCE}
    said["titles"] = {**said.get("titles", {}), UNANSWERED: "要求没有结论", held.CHANGED: held.TITLE}
    said["timeless"] = False  # an answer that was not to be had is not kept
    own: Any = msgspec.defstruct(
        kind.name.title().replace("-", ""), fields(kind.parts, module), bases=(Facet,), module=module,
        namespace={**said, **methods, "evidence": evidence, "__doc__": kind.doc}, rename=renames(kind.parts),
        frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True,
    )  # fmt: skip
    facet(kind.name, kind.title)(own)


def _daily(turns: Any) -> Any:
    """It is asked anew every day while its step is not done: what it could not say today it may say tomorrow."""

    def asked(self: Facet, records: Sequence[Record], at: Moment) -> Iterable[date]:
        own = turns(self, records, at) if turns else ()
        return (*own, at.today + timedelta(days=1))

    return asked


def _asking(facet: str, name: str, ask: Ask) -> Callable[[Facet | None, Sequence[Any]], Any]:
    """Asks a method, of a facet or of its class (None). Raises Unanswered also for an answer of another type."""
    method = METHODS[name]

    def asked(of: Facet | None, given: Sequence[Any]) -> Any:
        sending = {key: sent(one) for key, one in zip(method.given, given, strict=True)}
        raw = ask(Call(name, sending, facet, {} if of is None else plain(of)))
        try:
            return _proper(raw) if method.answer == list[Finding] else typed(raw, method.answer)
        except msgspec.ValidationError:
            raise Unanswered("", f"{name} 给出的不合要求") from None

    return asked


def _method(facet: str, name: str, ask: Ask) -> Any:
    """A method that asks; without an answer what Facet itself says stands in."""
    asked = _asking(facet, name, ask)

    def of_class(cls: type[Facet], *given: Any) -> Any:
        try:
            return asked(None, given)
        except Unanswered:
            return getattr(super(cls, cls), name)(*given)

    def of_facet(self: Facet, *given: Any) -> Any:
        try:
            return asked(self, given)
        except Unanswered:
            return getattr(Facet, name)(self, *given)

    return classmethod(of_class) if METHODS[name].of_class else of_facet


def _judge(kind: Kind, ask: Ask) -> Any:
    """`judge`; where it finds nothing, it is also asked what else tells how far the step is. Without an answer the step is held,
    unless these records had met it."""
    first, *others = (_asking(kind.name, name, ask) for name in ("judge", *TELLING) if name in kind.methods)

    def judge(self: Facet, records: Sequence[Record], at: Moment) -> list[Finding]:
        try:
            found: list[Finding] = first(self, (records, at))
            for other in others if records and not found else ():
                other(self, (records,))
        except Unanswered as why:
            if records and at.case.met.get(met_key(records[0].step, kind.name)) == len(records):
                return []
            plugin, values = plugin_of(type(self).__module__), {"error": why.why, "title": kind.title}
            return [Finding(f"{kind.name}.{UNANSWERED}", MISSING, "", (), values, plugin=plugin)]
        return found

    return judge


__all__ = ["plugin_of", "stand_in"]
