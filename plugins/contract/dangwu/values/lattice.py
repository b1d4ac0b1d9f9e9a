"""How a facet's parameters join: each field of a facet declares one of the joins below, and so cannot break the laws.

A join is associative, commutative and idempotent, and its result is at least as strict as what went in.
`parts` takes a value to pieces, so that each piece can be traced to the rules that attain it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Generic, Protocol, TypeVar, get_type_hints

from dangwu.values.period import Period

V = TypeVar("V")


class Ordered(Protocol):
    """Numbers and shares: what can be greater or less."""

    def __lt__(self, other: Any, /) -> bool: ...


class Join(Generic[V]):
    """One way to join two values of a parameter; `sign` is how tables show it."""

    sign = ""

    def join(self, one: V, two: V) -> V:
        """The least value that is as strict as both."""
        raise TypeError(f"{type(self).__name__} does not say how it joins")

    def parts(self, value: V) -> dict[str, object]:
        """The value's pieces, none if it asks for nothing; a single value has the one piece ''."""
        return {} if value in (None, 0, False) else {"": value}


class Greatest(Join[Ordered | None]):
    """↑ of numbers: the greater is stricter; 0 or None says nothing."""

    sign = "↑"

    def join(self, one: Ordered | None, two: Ordered | None) -> Ordered | None:
        """The greater."""
        if one is None or two is None:
            return two if one is None else one
        return max(one, two)


class Least(Join[Ordered | None]):
    """↓ of numbers: the smaller is stricter; 0 or None says nothing."""

    sign = "↓"

    def join(self, one: Ordered | None, two: Ordered | None) -> Ordered | None:
        """The smaller."""
        return min(one, two) if one and two else one or two


class Union(Join[frozenset[str]]):
    """∪: everything that anybody asks for."""

    sign = "∪"

    def join(self, one: frozenset[str], two: frozenset[str]) -> frozenset[str]:
        """Both."""
        return one | two

    def parts(self, value: frozenset[str]) -> dict[str, object]:
        """Each element on its own."""
        return dict.fromkeys(sorted(value), True)


class Either(Join[bool]):
    """∨: asked for as soon as one asks."""

    sign = "∨"

    def join(self, one: bool, two: bool) -> bool:
        """Whether either asks."""
        return one or two


class Both(Join[bool]):
    """∧, for `advisory` only: a warning stays one only while everybody means a warning."""

    sign = "∧"

    def join(self, one: bool, two: bool) -> bool:
        """Whether both mean a warning."""
        return one and two

    def parts(self, value: bool) -> dict[str, object]:
        """Not traced: that something is mandatory follows from the rules that ask for it."""
        return {}


class _Periods(Join[Mapping[str, Period]]):
    def _both(self, one: Period, two: Period) -> Period:
        raise TypeError

    def join(self, one: Mapping[str, Period], two: Mapping[str, Period]) -> dict[str, Period]:
        """Key by key, and each part of a period on its own."""
        keys = one.keys() | two.keys()
        return {
            key: self._both(one[key], two[key]) if key in one and key in two else one.get(key) or two[key]
            for key in sorted(keys)
        }

    def parts(self, value: Mapping[str, Period]) -> dict[str, object]:
        """`step.months`, `step.days` … each on its own."""
        units = ("months", "days", "workdays")
        return {
            f"{key}.{unit}": getattr(period, unit)
            for key, period in value.items()
            for unit in units
            if getattr(period, unit)
        }


class Longest(_Periods):
    """↑ of periods by key."""

    sign = "↑"

    def _both(self, one: Period, two: Period) -> Period:
        return one.longer(two)


class Shortest(_Periods):
    """↓ of periods by key."""

    sign = "↓"

    def _both(self, one: Period, two: Period) -> Period:
        return one.shorter(two)


class ShortestOne(Join[Period | None]):
    """↓ of a single period."""

    sign = "↓"

    def join(self, one: Period | None, two: Period | None) -> Period | None:
        """Part by part the shorter."""
        return one.shorter(two) if one and two else one or two

    def parts(self, value: Period | None) -> dict[str, object]:
        """Each unit on its own."""
        return Shortest().parts({"every": value}) if value else {}


UP, DOWN, UNION, OR, AND = Greatest(), Least(), Union(), Either(), Both()
LONGEST, SHORTEST, SHORTEST_ONE = Longest(), Shortest(), ShortestOne()
F = TypeVar("F")


_JOINS: dict[type, tuple[tuple[str, Join[Any]], ...]] = {}


def joins(kind: type) -> tuple[tuple[str, Join[Any]], ...]:
    """The parameters of a facet class with their joins. Raises TypeError if one has none: it would break the laws."""
    known = _JOINS.get(kind)
    if known is not None:
        return known
    found = []
    for name, hint in get_type_hints(kind, include_extras=True).items():
        if name.startswith("_") or name not in kind.__struct_fields__:  # type: ignore[attr-defined]
            continue
        how = next((extra for extra in getattr(hint, "__metadata__", ()) if isinstance(extra, Join)), None)
        if how is None:
            raise TypeError(
                f"参数 {kind.__name__}.{name} 没有声明合并方式（UP、DOWN、UNION、OR、LONGEST、SHORTEST）"
            )
        found.append((name, how))
    return _JOINS.setdefault(kind, tuple(found))


def join(one: F, two: F) -> F:
    """Two facets of one kind as one that asks for what both ask."""
    if type(one) is not type(two):
        raise TypeError("only facets of one kind join")
    whole = {}
    for name, how in joins(type(one)):
        mine, other = getattr(one, name), getattr(two, name)
        whole[name] = mine if mine == other else how.join(mine, other)
    return type(one)(**whole)
