"""From raw values (YAML, JSON, forms) to facets and to records, and back to words for errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Any

import msgspec

from dangwu.case.case import Record
from dangwu.errors import EvidenceError, FormError, nearest
from dangwu.facets.absent import Absent
from dangwu.facets.base import Facet
from dangwu.facets.registry import FACETS, kind_of, recordable
from dangwu.shapes.faults import Path, faults
from dangwu.text.slip import full_width
from dangwu.values.share import Share
from dangwu.values.word import typed_fields

EXCEPTION = "exception"
"""Beside the one parameter of a demand: who can agree that it does not bind somebody."""


def decode(name: str, raw: Any) -> Facet:
    """A facet from its raw parameters. Raises ValueError with a Chinese clause that names the parameter."""
    kind = FACETS[name]
    if issubclass(kind, Absent):
        return kind.of_raw(raw)
    for _, what in wrong(name, raw):
        raise ValueError(what)
    return msgspec.convert(raw, kind, dec_hook=_decode)


def wrong(name: str, raw: Any) -> Iterator[tuple[Path, str]]:
    """(path, clause) for everything that is wrong with a facet's raw parameters."""
    kind = FACETS[name]
    if not isinstance(raw, dict):
        yield (), f"“{name}”后应为各项参数，例如 {name}: {{…}}"
        return
    known = [field for field, _ in typed_fields(kind)]
    for path, value, what in faults(kind, raw, _decode):
        if len(path) == 1 and path[0] not in known:
            hint = (
                colon(path[0])
                or f"{nearest(str(path[0]), [*known, EXCEPTION])}。它的参数有：{'、'.join(known)}"
            )
            yield path, f"“{name}”没有参数“{brief(path[0])}”{hint}"
        else:
            yield path, f"“{dotted(name, path)}”的值“{brief(value)}”不对：{what}{_meant(value, what)}"


_YES, _NO = {"yes", "on", "y", "是", "1"}, {"no", "off", "n", "否", "不", "0"}


def _meant(value: Any, what: str) -> str:
    """What is probably meant by a value of another form: a slip of a Chinese keyboard, a misspelt blank, yes for true."""
    if isinstance(value, dict) and len(value) == 1 and nearest(str(*value), ["blank"]):
        return "。填空写作 {blank: 标识}"
    if isinstance(value, str) and (found := full_width(value)):
        return f"。{found}"
    written = str(value).lower()
    if not what.startswith("应为true 或 false") or written not in _YES | _NO:
        return ""
    return f"。{'是' if written in _YES else '否'}的写 {'true' if written in _YES else 'false'}"


def dotted(name: str, path: Path) -> str:
    """A place within a facet as authors write it: `timing.due.pre-review.days`; the numbers of a list are left out."""
    return ".".join([name, *(str(part) for part in path if not isinstance(part, int))])


def brief(value: Any) -> str:
    """A value as errors quote it: never more than can be read, on one line."""
    text = "空" if value is None else _written(value).replace("\n", "↵")
    return text if len(text) <= 60 else f"{text[:60]}…"


def _written(value: Any) -> str:
    """As an author writes it, on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_written(part)}" for key, part in islice(value.items(), 20)) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_written(part) for part in value[:20]) + "]"
    return str(value)


def colon(key: Any) -> str:
    """That a key has swallowed its value, as a clause; empty where it has not."""
    text = str(key)
    if "\u00a0" in text or "\u3000" in text:
        return "：冒号后面不是普通空格，请删去后重新输入一个空格"
    if "：" in text:
        return "：用了全角冒号，应改用半角冒号，后面空一格"
    return "：冒号后面要空一格" if ":" in text else ""


def _decode(kind: type, value: Any) -> Any:
    if kind is Share:
        return Share(brief(value))
    raise NotImplementedError(kind)


@lru_cache(maxsize=256)
def _json_reader(kind: type[Facet]) -> Callable[[msgspec.Raw], Any]:
    """`kind.read` for JSON: typed as it is decoded, which takes a third of the time, and only where it wants spelling out by way
    of builtins."""

    def spelled(given: msgspec.Raw) -> Any:
        return kind.read(msgspec.json.decode(given))

    if kind.read.__func__ is not Facet.read.__func__:  # type: ignore[attr-defined]
        return spelled
    decoder = msgspec.json.Decoder(kind.evidence, strict=False)

    def read(given: msgspec.Raw) -> Any:
        try:
            return decoder.decode(given)
        except msgspec.ValidationError:
            return spelled(given)

    return read


def decides(record: Record) -> bool:
    """Whether a record carries a decision: a vote, a poll, a review, a consent."""
    return any(kind_of(name).decides for name in record.evidence)


def only_supplements(record: Record) -> bool:
    """Whether a record brings nothing but papers, signatures or replies to an act."""
    evidence = record.evidence
    return bool(evidence) and all(kind_of(name).completes(one) for name, one in evidence.items())


def read_record(
    step: str,
    day: date,
    evidence: Mapping[str, Any] | None = None,
    *,
    entered: date | None = None,
    id: str = "",
) -> Record:
    """A record from plain builtins (YAML, forms), or under each name JSON as it lies there (`msgspec.Raw`).

    Raises EvidenceError with a sentence for each field that is wrong.
    """
    typed: dict[str, Any] = {}
    problems: list[str] = []
    worst: type[EvidenceError] = EvidenceError
    for name, given in (evidence or {}).items():
        kind = FACETS.get(name)
        if kind is None or kind.evidence is None:
            problems.append(
                f"环节 {step} 的记录中有不认识的内容“{name}”。可用的有：{'、'.join(recordable())}。"
            )
            worst = FormError
            continue
        try:
            typed[name] = _json_reader(kind)(given) if type(given) is msgspec.Raw else kind.read(given)
        except EvidenceError as error:
            problems += error.problems
            worst = FormError if isinstance(error, FormError) else worst
    if problems:
        raise worst(problems)
    return Record(step, day, typed, entered or day, id)
