"""A plugin as its author has it before him: a package with its entry point, or a single file with what stands beside it."""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from dangwu.errors import DangwuError, PolicyError
from dangwu.plugins.discovery import GROUP
from dangwu.plugins.plugins import Plugins, discover
from dangwu.text.written import decoded

REHEARSALS = "rehearsals"
_LINE = re.compile(r"line (\d+)")


class Project(msgspec.Struct, frozen=True):
    """`root` holds the package (or the single file), `policy` is its policy, `rehearsals` the folder of its rehearsals.

    `module` is the package's name, "" for a single file.
    """

    plugin: str
    root: Path
    policy: Path
    rehearsals: Path
    module: str = ""


def project_at(path: Path) -> Project | None:
    """The plugin that a path belongs to: its folder, its policy, a rehearsal of its; None where there is none.

    Raises PolicyError where a package's pyproject.toml cannot be used.
    """
    path = _whole(path)
    if path.is_dir():
        return _of_folder(path)
    if path.name == "policy.yaml" and (path.parent / "__init__.py").is_file():
        return _of_folder(path.parent)
    if REHEARSALS in path.parts:
        return rehearsed_by(path)
    return _single(path) if path.suffix in (".yaml", ".yml", ".py") else None


def rehearsed_by(path: Path) -> Project | None:
    """The plugin whose rehearsal, or folder of rehearsals, this is; a loose file belongs to none. Raises as `project_at`."""
    path = _whole(path)
    if path.is_dir():
        return _of_folder(path)
    if REHEARSALS not in path.parent.parts:
        return None
    above = next(one for one in path.parents if one.name == REHEARSALS)
    named = path.relative_to(above).parts[0]
    return _of_folder(above.parent) or _single(above.parent / f"{named}.yaml")


def _whole(path: Path) -> Path:
    return Path(os.path.realpath(path))  # `resolve` ends at links that lead in a circle


def _of_folder(folder: Path) -> Project | None:
    if (folder / "pyproject.toml").is_file():
        return _declared(folder, _points(folder / "pyproject.toml"), "")
    if folder.name == REHEARSALS:
        return _of_folder(folder.parent)
    if folder.parent.name == REHEARSALS and not (folder / "policy.yaml").is_file():
        return _single(folder.parents[1] / f"{folder.name}.yaml")
    if not (folder / "policy.yaml").is_file():
        return None
    for root in (folder.parent, folder.parents[1]):
        if (root / "pyproject.toml").is_file():
            return _declared(root, _points(root / "pyproject.toml"), folder.name)
    return None


def _points(file: Path) -> Mapping[str, str]:
    """The plugins that a pyproject.toml declares: id → package."""
    try:
        found: Any = tomllib.loads(decoded(file.read_bytes(), str(file)))
    except tomllib.TOMLDecodeError as error:
        line = _LINE.search(str(error))
        where = f" 第 {line[1]} 行" if line else ""
        raise PolicyError([f"{file}{where}：不是正确的 TOML。请检查引号、括号和等号。"]) from error
    for key in ("project", "entry-points", GROUP):
        found = found.get(key) if isinstance(found, dict) else None
    points = found if isinstance(found, dict) else {}
    return {str(name): str(value).partition(":")[0] for name, value in points.items()}


def _declared(root: Path, points: Mapping[str, str], module: str) -> Project | None:
    """The plugin of a package folder, or the only one that is declared."""
    for name, value in points.items():
        if module in ("", value.rpartition(".")[2]):
            return _package(root, name, value)
    if module:
        raise PolicyError(
            [
                f'{root / "pyproject.toml"}：没有声明插件。请写 [project.entry-points."{GROUP}"]，标识 = "{module}"。'
            ]
        )
    return None


def _package(root: Path, plugin: str, module: str) -> Project:
    for base in (root, root / "src"):
        folder = base.joinpath(*module.split("."))
        if folder.is_dir():
            return Project(plugin, base, folder / "policy.yaml", folder / REHEARSALS, module)
    raise PolicyError(
        [f"{root / 'pyproject.toml'}：插件 {plugin} 写的包“{module}”不在 {root} 里。请核对包名。"]
    )


def _single(file: Path) -> Project | None:
    if not file.with_suffix(".yaml").is_file() and not file.with_suffix(".py").is_file():
        return None
    policy = file.with_suffix(".yaml") if file.suffix == ".py" else file
    return Project(file.stem, file.parent, policy, file.parent / REHEARSALS / file.stem)


def required(path: Path) -> Project:
    """The plugin at a path. Raises DangwuError where there is none."""
    if not path.exists():
        raise DangwuError([f"没有文件 {path}。请检查路径。"])
    found = project_at(path)
    if found is not None:
        return found
    if path.is_dir():
        raise DangwuError([f"{path} 是文件夹。请写明政策文件，例如 {path / 'policy.yaml'}。"])
    raise DangwuError([f"{path} 不是政策文件。请写明 .yaml 文件，或插件包的文件夹。"])


def importable(projects: Iterable[Project]) -> dict[str, str]:
    """Let the packages of these plugins be imported from where they are written; plugin → package."""
    packages = {one.plugin: one for one in projects if one.module}
    for one in packages.values():
        if str(one.root) not in sys.path:
            sys.path.insert(0, str(one.root))
    return {plugin: one.module for plugin, one in packages.items()}


def plugins_with(projects: Iterable[Project], folder: Path | None = None) -> Plugins:
    """The installed plugins, those in `folder`, and these as they are written. Raises PolicyError where one of these, or the
    floor, cannot be used; what is wrong with others is in `broken`.

    Single files come with the folder in which they lie, so they are alone in it or all of its plugins are meant.
    """
    listed = [*projects]
    alone = [one.root for one in listed if not one.module]
    plugins = discover(folder or next(iter(alone), None), also=importable(listed), tolerant=True)
    if problems := [why for one in listed for why in plugins.broken.get(one.plugin, ())]:
        raise PolicyError(problems)
    return plugins


__all__ = ["Project", "importable", "plugins_with", "project_at", "rehearsed_by", "required"]
