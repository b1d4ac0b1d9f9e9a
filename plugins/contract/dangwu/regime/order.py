"""The order of a procedure's steps: a partial order from all rules, refused in words if it cannot be."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec


class Edge(msgspec.Struct, frozen=True):
    """`first` comes before `second`, says the rule `rule`."""

    first: str
    second: str
    rule: str


class Order(msgspec.Struct, frozen=True):
    """Which steps stand before which, by their places: directly (`before`; as bit masks `ahead`), and all that must follow
    (`later`, as bit masks)."""

    before: tuple[tuple[int, ...], ...]
    ahead: tuple[int, ...]
    later: tuple[int, ...]

    @classmethod
    def of(cls, names: Sequence[str], edges: Iterable[Edge]) -> Order:
        """The order of steps that are already arranged."""
        place = {name: number for number, name in enumerate(names)}
        before: list[set[int]] = [set() for _ in names]
        for edge in edges:
            if edge.first in place and edge.second in place:
                before[place[edge.second]].add(place[edge.first])
        later = [0] * len(names)
        for second in reversed(range(len(names))):
            for first in before[second]:
                later[first] |= later[second] | (1 << second)
        ahead = tuple([sum([1 << first for first in one]) for one in before])
        return cls(tuple(tuple(sorted(one)) for one in before), ahead, tuple(later))


def arrange(
    ids: Iterable[str], edges: Iterable[Edge], rank: Callable[[str], tuple[float, str]]
) -> tuple[str, ...]:
    """The steps in an order that respects all edges; among free ones by rank. Steps in or behind a cycle are left out."""
    names = set(ids)
    followers: dict[str, set[str]] = {name: set() for name in names}
    waiting = dict.fromkeys(names, 0)
    for edge in edges:
        if edge.first in names and edge.second in names and edge.second not in followers[edge.first]:
            followers[edge.first].add(edge.second)
            waiting[edge.second] += 1
    ready = [rank(name) for name in names if not waiting[name]]
    heapq.heapify(ready)
    found = []
    while ready:
        _, name = heapq.heappop(ready)
        found.append(name)
        for follower in followers[name]:
            waiting[follower] -= 1
            if not waiting[follower]:
                heapq.heappush(ready, rank(follower))
    return tuple(found)


def cycle(names: set[str], edges: Iterable[Edge]) -> list[Edge]:
    """One cycle among `names`, as its edges; empty if there is none."""
    onward: dict[str, list[Edge]] = {}
    for edge in edges:
        if edge.first in names and edge.second in names:
            onward.setdefault(edge.first, []).append(edge)
    for start in sorted(onward):
        path = _walk(start, onward)
        if path:
            return path
    return []


def _walk(start: str, onward: Mapping[str, list[Edge]]) -> list[Edge]:
    seen: dict[str, Edge] = {}
    queue = [start]
    while queue:
        name = queue.pop(0)
        for edge in onward.get(name, []):
            if edge.second == start:
                return _trail(start, edge, seen)
            if edge.second not in seen:
                seen[edge.second] = edge
                queue.append(edge.second)
    return []


def _trail(start: str, last: Edge, seen: Mapping[str, Edge]) -> list[Edge]:
    path = [last]
    while path[0].first != start:
        path.insert(0, seen[path[0].first])
    return path
