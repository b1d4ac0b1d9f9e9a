"""`dangwu doc`: one plugin as a page, HTML or text."""

from __future__ import annotations

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path

from dangwu.author import doc
from dangwu.author.commands.paths import add_folder, folder_of
from dangwu.author.project import plugins_with, required
from dangwu.errors import DangwuError, nearest
from dangwu.plugins.plugins import Plugins
from dangwu.policy.policy import Policy


def arguments(parser: ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("plugin", metavar="插件", help="已安装插件的标识，或插件包、政策文件的路径")
    add_folder(parser)
    parser.add_argument("--text", action="store_true", help="纯文字，不写 HTML")
    parser.add_argument("--output", type=Path, metavar="文件", help="写进文件，不显示")


def run(args: Namespace) -> int:
    """Print the page, or write it."""
    plugins, policy = _found(args)
    page = doc.leaflet(plugins, policy)
    written = doc.text(page) if args.text else doc.html(page)
    if args.output is None:
        print(written, end="")
    else:
        args.output.write_text(written, "utf-8")
        print(f"已写入 {args.output}。")
    return 0


def _found(args: Namespace) -> tuple[Plugins, Policy]:
    path = Path(args.plugin)
    project = required(path) if os.path.lexists(path) else None
    folder = folder_of(args.plugins)
    plugins = plugins_with([project] if project else [], folder)
    known = {one.id: one for one in plugins.everything}
    name = project.plugin if project else args.plugin
    if name in plugins.broken:
        raise DangwuError(plugins.broken[name])
    if name not in known:
        raise DangwuError([f"没有安装插件“{name}”{nearest(name, known)}。请写插件标识，或插件包的文件夹。"])
    return plugins, known[name]


__all__ = ["arguments", "run"]
