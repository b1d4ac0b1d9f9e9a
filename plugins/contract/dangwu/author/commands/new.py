"""`dangwu new`: a new plugin to begin with."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from dangwu.author.new import create


def arguments(parser: ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("name", metavar="标识", help="插件标识：小写字母、数字和连字符，例如 sunshine")
    parser.add_argument(
        "--title", default="某县做法", metavar="名称", help="政策的名称，例如 阳光县“公示十天”"
    )
    parser.add_argument("--facet", action="store_true", help="另带一种自己的要求（Python）")


def run(args: Namespace) -> int:
    """Write it below the present folder."""
    made = create(args.name, args.title, Path(), facet=args.facet)
    root = made[0].parent
    for file in made:
        print(file)
    print(
        f"建好了。下一步：cd {root}，改 policy.yaml，再运行 dangwu check . 和 dangwu rehearse . --coverage --values"
    )
    return 0


__all__ = ["arguments", "run"]
