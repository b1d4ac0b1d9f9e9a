"""What a package's Python says of itself, seen without running it: that of one which only shows something (`SHOWING`), and so
need not be loaded before it is asked."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

from dangwu.errors import PolicyError
from dangwu.plugins import hooks
from dangwu.plugins.apart.code import Code
from dangwu.plugins.origin import shipped
from dangwu.plugins.paper import FOLDER, shipped_papers
from dangwu.plugins.place import Place, only_folder
from dangwu.text.written import decoded

SHOWING = ("dangwu_panels", "dangwu_reports")


def seen(place: Place) -> Code | None:
    """What the package at a place says of itself; None where that is known only once it is loaded.

    Whatever may be wrong with the rest of its code, it is not needed to judge anything.
    """
    folder = only_folder(place)
    found = folder and _hooks(folder / "__init__.py", place.module.partition(".")[0])
    if not (folder and found):
        return None
    try:
        text = decoded((folder / "policy.yaml").read_bytes(), "policy.yaml")
        rehearsals, papers = shipped(folder / "rehearsals"), shipped_papers(folder / FOLDER)
    except (OSError, PolicyError):
        return None  # loading says why
    where = f"{place.module.replace('.', '/')}/policy.yaml"
    return Code(text, where, found, rehearsals=rehearsals, papers=papers)


def _hooks(file: Path, package: str) -> tuple[str, ...]:
    """The hooks that are written in a file; none where it may hold anything else that the platform has to know."""
    try:
        body = ast.parse(file.read_bytes()).body
        found = tuple(name for one in body for name in _read(one, package))
    except (OSError, SyntaxError, ValueError):
        return ()
    return tuple(sorted(found))


def _read(one: ast.stmt, package: str) -> Iterator[str]:
    """The hook that a statement is. Raises ValueError for one that may do more than name a function, a value or another's."""
    match one:
        case ast.FunctionDef(name=name) if name.startswith(f"{hooks.NAME}_"):
            offered = inspect.signature(getattr(hooks, name)).parameters if name in SHOWING else {}
            marked = [ast.unparse(mark).rpartition(".")[2] for mark in one.decorator_list] == ["hookimpl"]
            if not (marked and {arg.arg for arg in one.args.args} <= {*offered} and name in SHOWING):
                raise ValueError(name)
            yield name
        case ast.FunctionDef(decorator_list=[]) | ast.Expr(value=ast.Constant()):
            pass
        case ast.Assign(targets=[ast.Name(id=name)]) if not name.startswith(f"{hooks.NAME}_"):
            pass
        case ast.ImportFrom(level=0, module=str(module)) if module.partition(".")[0] != package:
            if any((named.asname or named.name).startswith(("*", f"{hooks.NAME}_")) for named in one.names):
                raise ValueError(module)
        case _:
            raise ValueError(type(one).__name__)


__all__ = ["SHOWING", "seen"]
