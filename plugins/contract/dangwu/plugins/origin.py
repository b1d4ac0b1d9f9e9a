"""Where a plugin comes from, and what it brings besides its policy."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Protocol

import msgspec

from dangwu.facets.registry import FACETS
from dangwu.text.written import decoded


class Origin(msgspec.Struct, frozen=True):
    """`where` it was found (a distribution, files), its version ("" for files), the facets that its code brings."""

    where: str
    version: str = ""
    facets: tuple[str, ...] = ()


class Shipped(msgspec.Struct, frozen=True):
    """A rehearsal that a plugin brings along: the name of its file, and what stands in it."""

    name: str
    text: str


class Folder(Protocol):
    """A folder of files or of a package's resources."""

    @property
    def name(self) -> str:
        """Its name."""

    def is_dir(self) -> bool:
        """Whether it is there, and a folder."""

    def iterdir(self) -> Iterator[Folder]:
        """What lies in it."""

    def read_bytes(self) -> bytes:
        """A file as it is."""


def of_package(point: EntryPoint, module: object) -> Origin:
    """Of an entry point; one without a distribution is read from where it is written."""
    found = point.dist
    name = point.value.partition(":")[0]
    facets = facets_of(module)
    return Origin(found.name, found.version, facets) if found else Origin(f"{name}（尚未安装）", "", facets)


def of_files(stem: str, folder: Path, module: object) -> Origin:
    """Of the files of a folder that are called like the plugin."""
    there = (f"{stem}{suffix}" for suffix in (".yaml", ".yml", ".py"))
    return Origin("、".join(name for name in there if (folder / name).is_file()), "", facets_of(module))


def facets_of(module: object) -> tuple[str, ...]:
    """The facets that a plugin's module, or one within it, has registered."""
    if not isinstance(module, ModuleType):
        return ()
    own = module.__name__
    return tuple(
        name
        for name, kind in sorted(FACETS.items())
        if kind.__module__ == own or kind.__module__.startswith(f"{own}.")
    )


def shipped(folder: Folder) -> tuple[Shipped, ...]:
    """The rehearsals in a folder, by name; none where there is no such folder."""
    if not folder.is_dir():
        return ()
    listed = sorted(folder.iterdir(), key=lambda one: one.name)
    return tuple(
        Shipped(one.name, decoded(one.read_bytes(), one.name))
        for one in listed
        if one.name.endswith((".yaml", ".yml"))
    )


__all__ = ["Folder", "Origin", "Shipped", "facets_of", "of_files", "of_package", "shipped"]
