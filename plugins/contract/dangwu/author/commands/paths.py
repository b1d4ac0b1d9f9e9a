"""Files and folders as they are named on the command line."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path

from dangwu.errors import DangwuError


def text_of(path: Path) -> str:
    """The text of a file. Raises DangwuError."""
    if not path.exists():
        raise DangwuError([f"没有文件 {path}。请检查路径。"])
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DangwuError([f"读不了文件 {path}：{error}。请检查路径和编码（应为 UTF-8）。"]) from error


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
