"""Where a plugin's Python stands, found without running any of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

import msgspec


class Place(msgspec.Struct, frozen=True):
    """A plugin by name: the `module` of a package (as its entry point has it), or the `folder` in which `name.py` stands.

    `digest` tells one version of its code from another.
    """

    name: str
    module: str = ""
    folder: str = ""
    digest: str = ""

    @property
    def now(self) -> Place:
        """The same place with the code that stands there now."""
        return of_module(self.name, self.module) if self.module else of_folder(self.name, Path(self.folder))


def of_module(name: str, value: str) -> Place:
    """The place of a package by the value of its entry point."""
    return Place(name, value, "", _digest(_files(_top(value))))


def of_folder(stem: str, folder: Path) -> Place:
    """The place of a file `stem.py`."""
    code = folder / f"{stem}.py"
    return Place(stem, "", str(folder), _digest([code] if code.is_file() else []))


def runs(place: Place) -> bool:
    """Whether anything is run when it is loaded: more than a docstring on the way to its module."""
    if not place.module:
        return (Path(place.folder) / f"{place.name}.py").is_file()
    module, _, attribute = place.module.partition(":")
    top = _top(module)
    if attribute or top is None or top.is_file():
        return True
    parts = module.split(".")[1:]
    folders = [top.joinpath(*parts[:count]) for count in range(len(parts) + 1)]
    return any(_says(folder / "__init__.py") for folder in folders)


def only_folder(place: Place) -> Path | None:
    """The folder of a package, where nothing is run on the way to it; None where there is none, or something is."""
    module, _, attribute = place.module.partition(":")
    top = _top(module) if module and not attribute else None
    if top is None or top.is_file():
        return None
    above = [top.joinpath(*module.split(".")[1:count]) for count in range(1, len(module.split(".")))]
    folder = top.joinpath(*module.split(".")[1:])
    return None if any(_says(one / "__init__.py") for one in above) or not folder.is_dir() else folder


def _says(file: Path) -> bool:
    if not file.is_file():
        return True
    try:
        body = ast.parse(file.read_text("utf-8")).body
    except (SyntaxError, ValueError):
        return True
    return any(not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)) for one in body)


def _top(value: str) -> Path | None:
    """The folder or file of the package that stands first in a dotted name; it is not imported. None where there is none."""
    try:
        spec = find_spec(value.partition(":")[0].partition(".")[0])
    except (ImportError, ValueError):
        return None
    if spec is None or spec.origin is None:
        return None
    origin = Path(spec.origin)
    return origin.parent if origin.name == "__init__.py" else origin


def _files(top: Path | None) -> Iterator[Path]:
    if top is not None:
        yield from sorted(top.rglob("*.py")) if top.is_dir() else [top]


def _digest(files: Iterator[Path] | list[Path]) -> str:
    found = sha256()
    for file in files:
        found.update(file.name.encode() + b"\0" + sha256(file.read_bytes()).digest())
    return found.hexdigest()[:16]


__all__ = ["Place", "of_folder", "of_module", "only_folder", "runs"]
