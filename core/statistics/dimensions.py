"""By what people can be counted: what the register holds, in the groups of the yearly statistics."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from importlib.resources import files

import msgspec

from core.organisation.model import KINDS
from core.register.values import EDUCATION, ETHNICITIES, SEX


class Span(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`until` is the last of whole years, or the last day; the last span has none."""

    title: str
    until: int | date | None = None


class Bands(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Spans of a day of the register, or of the years since then."""

    title: str
    source: str
    of: str
    spans: tuple[Span, ...]

    def sql(self) -> str:
        """The place of the span as text, null where the register does not know; `$1` is the day that is asked about."""
        by_year = any(isinstance(span.until, int) for span in self.spans)
        value = f"extract(year from age($1, s.{self.of}))" if by_year else f"s.{self.of}"
        arms = " ".join(
            f"when {value} <= {_literal(span.until)} then '{place}'"
            for place, span in enumerate(self.spans)
            if span.until is not None
        )
        return f"case when s.{self.of} is null or s.{self.of} > $1 then null {arms} else '{len(self.spans) - 1}' end"


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`words` are regular expressions of a whole text of the register."""

    title: str
    words: tuple[str, ...]


class Groups(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Groups of the words in a column of the register; `other` is what none of them has."""

    title: str
    source: str
    version: date
    of: str
    groups: tuple[Group, ...]
    other: str = msgspec.field(name="else")

    def sql(self) -> str:
        """The place of the group as text, 'else', or null where nothing is registered."""
        text = f"replace(s.{self.of}, ' ', '')"
        arms = " ".join(
            f"when {text} ~ '^({'|'.join(group.words)})$' then '{place}'"
            for place, group in enumerate(self.groups)
        )
        return f"case {arms} when s.{self.of} <> '' then 'else' end"


def _literal(until: int | date) -> str:
    return str(until) if isinstance(until, int) else f"date '{until}'"


class Dimension(msgspec.Struct, frozen=True):
    """`sql` is a text of somebody who stands there (`s`, see stood.py), by his column `of`; `titles` its values in their order.

    Where `titles` is empty the values are their own titles, the most frequent first. Not `kept` is what the register
    knows only as it is now; who has several values of a `several` one is counted under each.
    """

    title: str
    of: str
    sql: str
    titles: Mapping[str, str] = {}
    source: str = ""
    kept: bool = True
    several: bool = False
    unknown: str = "未登记"


_HERE = files(__package__)
BANDS = msgspec.yaml.decode(_HERE.joinpath("bands.yaml").read_bytes(), type=dict[str, Bands], strict=False)
GROUPS = msgspec.yaml.decode(_HERE.joinpath("groups.yaml").read_bytes(), type=dict[str, Groups])


def _same(titles: Iterable[str]) -> dict[str, str]:
    return {title: title for title in titles}


def _banded(name: str, unknown: str = "未登记") -> Dimension:
    band = BANDS[name]
    titles = {str(place): span.title for place, span in enumerate(band.spans)}
    return Dimension(band.title, band.of, band.sql(), titles, band.source, unknown=unknown)


def _grouped(name: str) -> Dimension:
    one = GROUPS[name]
    titles = {str(place): group.title for place, group in enumerate(one.groups)} | {"else": one.other}
    return Dimension(one.title, one.of, one.sql(), titles, f"{one.source}（{one.version} 版）", kept=False)


DIMENSIONS = {
    "sex": Dimension("性别", "sex", "s.sex", SEX),
    "age": _banded("age"),
    "youth": _banded("youth"),
    "minority": Dimension(
        "汉族和少数民族",
        "ethnicity",
        "case when s.ethnicity = '汉族' then 'han' when s.ethnicity <> '' then 'minority' end",
        {"han": "汉族", "minority": "少数民族和其他"},
        kept=False,
    ),
    "ethnicity": Dimension("民族", "ethnicity", "s.ethnicity", _same(ETHNICITIES), kept=False),
    "education": Dimension("学历", "education", "s.education", _same(EDUCATION), kept=False),
    "level": _grouped("level"),
    "occupation": _grouped("occupation"),
    "job": Dimension("工作岗位", "job", "s.job", kept=False),
    "epoch": _banded("epoch"),
    "period": _banded("period"),
    "seniority": _banded("seniority", "还没有转正，或没有登记转正日期"),
    "tag": Dimension("特征", "", "t.tag", several=True, unknown="没有登记特征"),
    "kind": Dimension("党组织类别", "kind", "s.kind", KINDS, kept=False),
}
