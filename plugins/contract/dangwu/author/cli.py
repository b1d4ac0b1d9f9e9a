"""The command `dangwu`. The platform adds commands of its own through the entry points `dangwu.commands`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path

from dangwu.author.check import remarks
from dangwu.author.rehearse import rehearse
from dangwu.author.words import words
from dangwu.errors import DangwuError
from dangwu.plugins.discovery import code_beside
from dangwu.plugins.plugins import Plugins, discover
from dangwu.policy.floor import Floor
from dangwu.policy.load import load_policy, says_floor
from dangwu.policy.policy import Policy


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
    one = commands.add_parser("words", help="列出环节、要求、标签和词语的标识")
    one.add_argument("part", nargs="?", default="", metavar="词", help="只列含这几个字的，例如 公示")
    one.set_defaults(run=_words)
    one = commands.add_parser("plugins", help="列出已安装的插件")
    one.add_argument("--plugins", type=Path, metavar="文件夹", help="另有插件文件的文件夹")
    one.set_defaults(run=_plugins)


def _rehearse(args: argparse.Namespace) -> int:
    plugins = _discover(args)
    codes = [_rehearse_one(plugins, file) for path in args.files for file in _files(path)]
    unread = f"，{codes.count(2)} 个读不了" if 2 in codes else ""
    print(f"{codes.count(0)} 个通过，{codes.count(1)} 个不符{unread}。")
    return max(codes, default=1)


def _files(path: Path) -> list[Path]:
    """A file itself, or the YAML files of a folder and its folders."""
    if not path.is_dir():
        return [path]
    return sorted(one for one in path.rglob("*") if one.suffix in (".yaml", ".yml") and one.is_file())


def _rehearse_one(plugins: Plugins, file: Path) -> int:
    """Play one file, so that one that cannot be read does not hide what the next says."""
    try:
        outcome = rehearse(plugins, _text(file), where=file.name)
    except DangwuError as error:
        print("\n".join(error.problems), file=sys.stderr)
        return 2
    print(f"{'✓' if outcome.passed else '✗'} {outcome.title}")
    for problem in outcome.problems:
        print(f"    {problem}")
    return 0 if outcome.passed else 1


def _discover(args: argparse.Namespace) -> Plugins:
    """The installed plugins, and those in the folder that is named here, else by DANGWU_PLUGINS."""
    folder = args.plugins or os.environ.get("DANGWU_PLUGINS")
    if folder and not Path(folder).is_dir():
        raise DangwuError([f"插件文件夹 {folder} 不存在。请核对 --plugins 或 DANGWU_PLUGINS。"])
    return discover(Path(folder) if folder else None)


def _check(args: argparse.Namespace) -> int:
    ground = discover().floor
    return max([_check_one(file, ground) for file in args.files])


def _check_one(file: Path, ground: Floor) -> int:
    """Check one file, so that a broken one does not hide what is wrong with the next."""
    try:
        text = _text(file)
        code_beside(file)
        policy = load_policy(text, where=file.name, ground=ground, floor=says_floor(text))
        said = [] if policy.floor else [*_misnamed(file, policy), *remarks(ground, policy)]
    except DangwuError as error:
        print("\n".join(error.problems), file=sys.stderr)
        return 2
    print(f"✓ {policy.title}：{len(policy.rule_ids())} 条规则，{len(policy.blanks)} 处填空。")
    for sentence in said:
        print(f"  提示：{sentence}")
    return 0


def _misnamed(file: Path, policy: Policy) -> list[str]:
    """That a folder's plugin is called after its file (`policy.yaml` stands in a package, which has a name of its own)."""
    if file.stem in (policy.id, "policy"):
        return []
    return [f"放进插件文件夹时，文件名应与插件标识一致：{policy.id}.yaml。"]


def _words(args: argparse.Namespace) -> int:
    found = [line for line in words(discover().floor) if any(args.part in word for word in line)]
    for line in found:
        print("\t".join(line))
    if not found:
        print(f"没有含“{args.part}”的。政策可以在 terms、tags 中声明自己的词语。", file=sys.stderr)
    return 0 if found else 1


def _plugins(args: argparse.Namespace) -> int:
    plugins = _discover(args)
    for policy in plugins.everything:
        print(f"{policy.id}\t{policy.title}\t{len(policy.rule_ids())} 条规则")
    return 0


def _text(path: Path) -> str:
    if path.is_dir():
        raise DangwuError([f"{path} 是文件夹。请写明政策文件，例如 {path / 'policy.yaml'}。"])
    if not path.exists():
        raise DangwuError([f"没有文件 {path}。请检查路径。"])
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DangwuError([f"读不了文件 {path}：{error}。请检查路径和编码（应为 UTF-8）。"]) from error


if __name__ == "__main__":
    raise SystemExit(main())
