"""A kind of requirement whose code is not there: it stands for itself in words, and holds the steps that ask for it.

What had been met while the code was there stays met (`Case.met`), as long as nothing more is recorded on the step.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar, cast

from msgspec import defstruct

from dangwu.case.case import Record
from dangwu.case.moment import Moment
from dangwu.facets.base import Facet
from dangwu.facets.finding import Finding, Requirement
from dangwu.facets.registry import FACETS
from dangwu.shapes.clauses import field_titles
from dangwu.shapes.short import Plain
from dangwu.values.lattice import UNION


class Absent(Facet, frozen=True):
    """`asked` has its parameters as they were written, each as `title value`; `params` are the titles, where they are known."""

    params: ClassVar[Mapping[str, str]] = {}
    asked: Annotated[frozenset[str], UNION] = frozenset()
    evidence = Any
    absent = True
    sentences = {
        "absent": "“{title}”是插件自带的要求，插件现在没有安装，平台不能核对，这一环节暂不往下办。"
        "请联系平台运行维护人员重新安装插件，或者停用这项政策"
    }
    titles = {"absent": "要求不能核对"}

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`absent`, unless it had been met by these records."""
        if records and at.case.met.get(met_key(records[0].step, self.name)) == len(records):
            return []
        return [self.missing("asked", sorted(self.asked) or ("",), "absent", title=self.title)]

    def describe(self) -> list[Requirement]:
        """What is asked for, as it was written."""
        said = [Requirement("asked", one, f"{self.title}：{one}") for one in sorted(self.asked)]
        return said or [Requirement("", "", self.title)]

    @classmethod
    def of_raw(cls, raw: Mapping[str, Any]) -> Absent:
        """From parameters as a policy writes them."""
        asked = frozenset(
            f"{cls.params.get(name, name)} {_plain(value)}"
            for name, value in raw.items()
            if name != "advisory"
        )
        return cls(asked=asked, advisory=raw.get("advisory") is True)

    @classmethod
    def read(cls, given: Plain) -> Any:
        """Evidence as it was recorded."""
        return given

    @classmethod
    def part(cls, given: Plain) -> Plain:
        """The same."""
        return given


def _plain(value: object) -> str:
    if isinstance(value, list | tuple):
        return "、".join(str(one) for one in value)
    if isinstance(value, Mapping):
        return "、".join(f"{key} {_plain(one)}" for key, one in value.items())
    return str(value)


def met_key(step: str, name: str) -> str:
    """What `Case.met` calls a facet at a step."""
    return f"{step}/{name}"


def met_in_round(met: Mapping[str, int], number: int) -> dict[str, int]:
    """What of `Case.met` was found in a round: that of later ones than the first stands behind their number."""
    mark = f"{number}:" if number else ""
    return {key.removeprefix(mark): count for key, count in met.items() if _mark(key) == mark}


def _mark(key: str) -> str:
    number, colon, _ = key.partition(":")
    return number + colon if colon and number.isdecimal() else ""


def param_titles(name: str) -> dict[str, str]:
    """What the parameters of a registered facet are called, by the names under which policies write them."""
    kind = FACETS[name]
    return dict(kind.params if issubclass(kind, Absent) else field_titles(kind))


def stand_in(name: str, title: str, params: Mapping[str, str]) -> None:
    """Let a kind of requirement stand for one whose code is not there (`params`: the titles of its parameters); what is
    registered under the name already stays."""
    if name not in FACETS:
        kind = cast(
            type[Absent], defstruct(f"Absent_{name}", [], bases=(Absent,), frozen=True, module=__name__)
        )
        kind.name, kind.title, kind.params = name, title, params
        FACETS[name] = kind


__all__ = ["Absent", "met_in_round", "met_key", "param_titles", "stand_in"]
