"""Conditions of raw SQL on the organisation path: what of a table a person may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.actor import Actor, Capability


def beyond(path: str) -> str:
    """The first text after all paths that begin with `path` ('0' follows '/'): a subtree is `path <= x < beyond(path)`."""
    return path[:-1] + "0"


def whole(paths: Iterable[str]) -> bool:
    """Whether these subtrees are all of the county: that of the department, of which each has one, is among them."""
    return any(path.count("/") == 2 for path in paths)


def within(actor: Actor, capability: Capability, unit_path: str | None = None) -> tuple[str, ...]:
    """The subtrees that he may see with `capability`, cut down to the one at `unit_path` when that is given."""
    scopes = actor.scopes(capability)
    if unit_path is None:
        return scopes
    if any(unit_path.startswith(scope) for scope in scopes):
        return (unit_path,)
    return tuple(scope for scope in scopes if scope.startswith(unit_path))


def unit_of(alias: str) -> str:
    """Joins `unit u` to rows that stand at a unit (`unit_id`, `path`), by their whole reference to it.

    Only of the whole reference PostgreSQL knows that each row finds exactly one unit. By `id` alone it expects, among many
    counties, a hundredth of the rows, and then reads and sorts a county before it takes the first 50.
    """
    return f"join unit u on u.id = {alias}.unit_id and u.path = {alias}.path"


def placed(alias: str = "u") -> str:
    """SQL of the name of a `unit`; of a group with its branch's before it: each branch has a first one."""
    branch = f"(select concat(b.short_name, ' · ') from unit b where b.id = {alias}.parent_id)"
    return f"case when {alias}.kind = 'group' then {branch} || {alias}.short_name else {alias}.short_name end"


class Conditions:
    """Collects `and`-ed SQL conditions with numbered arguments; nothing a user typed ever becomes SQL text."""

    def __init__(self) -> None:
        self.clauses: list[str] = []
        self.args: list[object] = []
        self.cut = "false"
        """SQL: whether one of them looks only so far, and there is more."""

    def bind(self, value: object) -> str:
        """The placeholder of a new argument."""
        self.args.append(value)
        return f"${len(self.args)}"

    def add(self, clause: str, *values: object) -> None:
        """Add `clause`, its `{}` replaced by the placeholders of `values`."""
        self.clauses.append(clause.format(*(self.bind(value) for value in values)))

    def below(self, column: str, paths: tuple[str, ...]) -> None:
        """`column`, which is never null, lies in one of the subtrees; with none of them, nothing does.

        What lies below the department is all of the county, and nothing else is ever read. Asked for it all the same, PostgreSQL
        expects, among many counties, next to no rows between two paths: it reads and sorts a county for the first 50.
        """
        if not whole(paths):
            self.clauses.append(lies_in(self, column, paths))

    def __str__(self) -> str:
        return " and ".join(self.clauses) or "true"


def lies_in(where: Conditions, column: str, paths: Sequence[str]) -> str:
    """That `column` lies in one of these subtrees, with its arguments bound; with none of them, nothing does."""
    ranges = [f"({column} >= {where.bind(path)} and {column} < {where.bind(beyond(path))})" for path in paths]
    return "(" + " or ".join(ranges) + ")" if ranges else "false"
