"""The command `dangwu`. The platform adds commands of its own through the entry points `dangwu.commands`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path

from dangwu.check import remarks
from dangwu.errors import DangwuError
from dangwu.load import load_policy
from dangwu.plugins import FLOOR, discover
from dangwu.policy import Policy
from dangwu.rehearse import rehearse


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; the answer is the exit code (0 fine, 1 something does not hold, 2 something cannot be read)."""
    parser = argparse.ArgumentParser(prog="dangwu", description="党务：发展党员程序的政策、排演与平台。")
    commands = parser.add_subparsers(metavar="命令", required=True)
    own_commands(commands)
    for point in sorted(entry_points(group="dangwu.commands"), key=lambda one: one.name):
        point.load()(commands)
    args = parser.parse_args(argv)
    try:
        return int(args.run(args))
    except DangwuError as error:
        print("\n".join(error.problems), file=sys.stderr)
        return 2


def own_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the package's own commands; the platform's are added in the same way."""
    one = commands.add_parser("rehearse", help="排演：按脚本核对政策")
    one.add_argument("files", nargs="+", type=Path, metavar="文件", help="排演文件，或放排演文件的文件夹")
    one.add_argument("--plugins", type=Path, metavar="文件夹", help="另有插件文件的文件夹")
    one.set_defaults(run=_rehearse)
    one = commands.add_parser("check", help="检查政策文件的写法，指出不起作用的规则")
    one.add_argument("files", nargs="+", type=Path, metavar="文件")
    one.set_defaults(run=_check)
    one = commands.add_parser("plugins", help="列出已安装的插件")
    one.add_argument("--plugins", type=Path, metavar="文件夹", help="另有插件文件的文件夹")
    one.set_defaults(run=_plugins)


def _rehearse(args: argparse.Namespace) -> int:
    plugins = discover(args.plugins)
    failed = 0
    files = [
        file for path in args.files for file in (sorted(path.glob("*.yaml")) if path.is_dir() else [path])
    ]
    for file in files:
        outcome = rehearse(plugins, _text(file), where=file.name)
        print(f"{'✓' if outcome.passed else '✗'} {outcome.title}")
        for problem in outcome.problems:
            print(f"    {problem}")
        failed += not outcome.passed
    print(f"{len(files) - failed} 个通过，{failed} 个不符。")
    return 1 if failed or not files else 0


def _check(args: argparse.Namespace) -> int:
    national = discover().national
    return max([_check_one(file, national) for file in args.files])


def _check_one(file: Path, national: Policy) -> int:
    """Check one file, so that a broken one does not hide what is wrong with the next."""
    try:
        text = _text(file)
        floor = f"plugin: {FLOOR}\n" in text
        policy = load_policy(text, where=file.name, words=(*national.terms, *national.tags), floor=floor)
        said = [] if floor else remarks(national, policy)
    except DangwuError as error:
        print("\n".join(error.problems), file=sys.stderr)
        return 2
    print(f"✓ {policy.title}：{len(policy.rule_ids())} 条规则，{len(policy.blanks)} 处填空。")
    for sentence in said:
        print(f"  提示：{sentence}")
    return 0


def _plugins(args: argparse.Namespace) -> int:
    plugins = discover(args.plugins)
    for policy in (plugins.national, *plugins.policies.values()):
        print(f"{policy.id}\t{policy.title}\t{len(policy.rule_ids())} 条规则")
    return 0


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DangwuError([f"读不了文件 {path}：{error}。请检查路径和编码（应为 UTF-8）。"]) from error


if __name__ == "__main__":
    raise SystemExit(main())
