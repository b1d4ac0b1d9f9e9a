"""Files and folders as they are named on the command line."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path

from dangwu.errors import DangwuError
from dangwu.text.written import decoded


def text_of(path: Path) -> str:
    """The text of a file. Raises DangwuError, OSError."""
    if not path.exists():
        raise DangwuError([f"没有文件 {path}。请检查路径。"])
    if path.is_dir():
        raise DangwuError([f"{path} 是文件夹。请写明文件。"])
    return decoded(path.read_bytes(), str(path))


def add_folder(parser: ArgumentParser) -> None:
    """The folder of further plugins."""
    parser.add_argument("--plugins", type=Path, metavar="文件夹", help="另有插件文件的文件夹")


def folder_of(given: Path | None) -> Path | None:
    """The folder that is named, else the one of DANGWU_PLUGINS. Raises DangwuError for one that is not there."""
    folder = given or os.environ.get("DANGWU_PLUGINS")
    if folder and not Path(folder).is_dir():
        raise DangwuError([f"插件文件夹 {folder} 不存在。请核对 --plugins 或 DANGWU_PLUGINS。"])
    return Path(folder) if folder else None


__all__ = ["add_folder", "folder_of", "text_of"]
