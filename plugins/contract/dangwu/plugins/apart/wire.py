"""What goes over the pipe between two processes: calls, answers, and the values within. Days stay days, all else is builtins."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from dangwu.case.case import Case, Entry, Facts, Record, Return, Subject
from dangwu.case.moment import Moment
from dangwu.facets.finding import Finding
from dangwu.facets.registry import FACETS
from dangwu.plugins.apart.shape import shared
from dangwu.plugins.event import Event
from dangwu.plugins.panel import Desk
from dangwu.plugins.report import Figures

_DAY = 1


class Call(msgspec.Struct, frozen=True):
    """A question: a hook by name, or a `method` of a `facet` with these parameters; what is `given` as `sent` makes it."""

    method: str
    given: dict[str, Any]
    facet: str = ""
    params: dict[str, Any] = {}


class Answer(msgspec.Struct, frozen=True):
    """What came of it; or what went `wrong`, in a few words."""

    value: Any = None
    wrong: str = ""


Ask = Callable[[Call], Any]
"""Asks the other process: the answer as builtins. Raises dangwu.Unanswered."""


def plain(value: Any) -> Any:
    """A value as builtins; days stay days."""
    return msgspec.to_builtins(value, builtin_types=(date, bytes), enc_hook=str)


def typed(value: Any, kind: Any) -> Any:
    """Builtins as a value of a type. Raises msgspec.ValidationError."""
    return msgspec.convert(value, kind, strict=False, builtin_types=(date, bytes), dec_hook=shared)


def packed(value: Any) -> bytes:
    """A value as bytes."""
    return _encoder.encode(_marked(plain(value)))


def unpacked(content: bytes, kind: Any) -> Any:
    """The value again. Raises msgspec.MsgspecError, ValueError."""
    return typed(_decoder.decode(content), kind)


def _marked(value: Any) -> Any:
    if isinstance(value, date):
        return msgspec.msgpack.Ext(_DAY, value.isoformat().encode())
    if isinstance(value, dict):
        return {key: _marked(one) for key, one in value.items()}
    return [_marked(one) for one in value] if isinstance(value, list | tuple) else value


def _day(code: int, content: memoryview) -> date:
    if code != _DAY:
        raise ValueError(code)
    return date.fromisoformat(bytes(content).decode())


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(ext_hook=_day)


class _Last:
    """The case that was sent last, ready to be sent again: one is judged step by step."""

    case: Case | None = None
    content = b""


def _sent_case(case: Case) -> bytes:
    if _Last.case is not case:
        _Last.content, _Last.case = packed(case), case
    return _Last.content


def sent(value: Any) -> Any:
    """An argument as it is put into a call."""
    if isinstance(value, Case):
        return _sent_case(value)
    if isinstance(value, Moment):
        return [_sent_case(value.case), value.today, value.done, value.settled, value.opened, value.concluded]
    return plain(value)


def _record(raw: Mapping[str, Any]) -> Record:
    evidence = {name: _evidence(name, one) for name, one in raw["evidence"].items()}
    return Record(raw["step"], raw["day"], evidence, raw["entered"], raw["id"])


def _evidence(name: str, raw: Any) -> Any:
    """Of its facet's type; of a facet that is not there, another plugin's, builtins."""
    kind = FACETS.get(name)
    return raw if kind is None or kind.evidence is None else typed(raw, kind.evidence)


def _entry(raw: Mapping[str, Any]) -> Entry:
    if "evidence" in raw:
        return _record(raw)
    return typed(raw, Return if "step" in raw else Facts)  # type: ignore[no-any-return]


def _case(content: bytes) -> Case:
    raw = unpacked(content, dict[str, Any])
    entries = tuple(_entry(one) for one in raw.pop("entries"))
    return Case(typed(raw.pop("subject"), Subject), entries, **raw)


def _moment(raw: Sequence[Any]) -> Moment:
    content, today, done, settled, opened, concluded = raw
    at = Moment(_case(content), today, done, settled)
    at.opened, at.concluded = opened, concluded
    return at


def _subject(raw: Any) -> Case | Desk:
    return _case(raw) if isinstance(raw, bytes) else typed(raw, Desk)


_READ: Mapping[str, Callable[[Any], Any]] = {
    "records": lambda raw: [_record(one) for one in raw],
    "record": _record,
    "case": _case,
    "subject": _subject,
    "at": _moment,
    "finding": lambda raw: typed(raw, Finding),
    "event": lambda raw: typed(raw, Event),
    "figures": lambda raw: typed(raw, Figures),
}


def received(kind: str, raw: Any, facet: str = "") -> Any:
    """An argument again as it was, a copy: `kind` is one of those above, `evidence` of a facet, or anything that is builtins."""
    return _evidence(facet, raw) if kind == "evidence" else _READ[kind](raw) if kind in _READ else raw


__all__ = ["Answer", "Ask", "Call", "packed", "plain", "received", "sent", "typed", "unpacked"]
