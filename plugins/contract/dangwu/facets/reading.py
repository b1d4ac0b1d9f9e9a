"""From raw values (YAML, JSON, forms) to facets and to records, and back to words for errors."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from dangwu.case.case import Record
from dangwu.errors import EvidenceError, FormError, nearest
from dangwu.facets.base import Facet
from dangwu.facets.registry import FACETS, recordable
from dangwu.shapes.clauses import clause
from dangwu.values.lattice import joins
from dangwu.values.share import Share


def decode(name: str, raw: Any) -> Facet:
    """A facet from its raw parameters. Raises ValueError with a Chinese clause that names the parameter."""
    kind = FACETS[name]
    if not isinstance(raw, dict):
        raise ValueError(f"“{name}”后应为各项参数，例如 {name}: {{…}}")
    known = [field.encode_name for field in msgspec.structs.fields(kind)]
    for key in raw:
        if key not in known:
            raise ValueError(
                f"“{name}”没有参数“{key}”{nearest(str(key), known)}。它的参数有：{'、'.join(known)}"
            )
    try:
        found = msgspec.convert(raw, kind, dec_hook=_decode, strict=True)
    except msgspec.ValidationError as error:
        what, path = clause(error)
        path = path.replace("[...]", "")
        value = raw.get(path.split(".")[0].split("[")[0], "")
        raise ValueError(f"“{name}.{path}”的值“{value}”不对：{what}") from error
    for param, how in joins(kind):
        for key, part in how.parts(getattr(found, param)).items():
            if isinstance(part, int | float) and part < 0:
                path = ".".join(word for word in (name, param.rstrip("_"), key) if word)
                raise ValueError(f"“{path}”的值“{part}”不对：不能小于 0")
    return found


def _decode(kind: type, value: Any) -> Any:
    if kind is Share:
        return Share(str(value))
    raise NotImplementedError(kind)


def read_record(
    step: str,
    day: date,
    evidence: Mapping[str, Any] | None = None,
    *,
    entered: date | None = None,
    id: str = "",
) -> Record:
    """A record from plain builtins (JSON, YAML). Raises EvidenceError with a sentence for each field that is wrong."""
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
            typed[name] = kind.read(given)
        except EvidenceError as error:
            problems += error.problems
            worst = FormError if isinstance(error, FormError) else worst
    if problems:
        raise worst(problems)
    return Record(step, day, typed, entered or day, id)
