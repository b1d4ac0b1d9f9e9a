"""`dangwu words`: ids and what they are called; of facets their parameters and what their records hold."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from dangwu.author.words import words
from dangwu.plugins.plugins import discover


def arguments(parser: ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument(
        "part", nargs="?", default="", metavar="词", help="只列含这几个字的，例如 公示、notice"
    )


def run(args: Namespace) -> int:
    """List them; 1 if there is none."""
    found = [line for line in words(discover(tolerant=True).floor) if any(args.part in word for word in line)]
    for line in found:
        print("\t".join(line))
    if not found:
        more = "政策可以在 terms、tags 中声明自己的词语；插件自己的要求和词语，安装以后才列得出来。"
        print(f"没有含“{args.part}”的。{more}", file=sys.stderr)
    return 0 if found else 1


__all__ = ["arguments", "run"]
