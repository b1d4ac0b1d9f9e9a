"""`dangwu rehearse`: rehearsals played; with `--coverage` the rules that none of them touches."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from pathlib import Path

from dangwu.author.commands.paths import add_folder, folder_of, text_of
from dangwu.author.coverage import asking, idle, untouched
from dangwu.author.project import Project, plugins_with, rehearsed_by
from dangwu.author.rehearse import rehearse
from dangwu.errors import DangwuError
from dangwu.plugins.plugins import Plugins
from dangwu.say import ruling


def arguments(parser: ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="文件", help="排演文件、放排演文件的文件夹，或插件包的文件夹"
    )
    add_folder(parser)
    parser.add_argument("--coverage", action="store_true", help="再列出没有任何排演涉及的规则")


def run(args: Namespace) -> int:
    """Play each; 0 all hold, 1 something does not, or no rehearsal was there, 2 one cannot be read."""
    projects = {one.plugin: one for path in args.files if (one := rehearsed_by(path)) is not None}
    files = [file for path in args.files for file in _files(path)]
    plugins = plugins_with(projects.values(), folder_of(args.plugins))
    codes = [_one(plugins, file) for file in files]
    if not files:
        print(
            f"{'、'.join(map(str, args.files))} 里没有排演（.yaml 文件）。写法见 rehearsals.md。",
            file=sys.stderr,
        )
    unread = f"，{codes.count(2)} 个读不了" if 2 in codes else ""
    print(f"{codes.count(0)} 个通过，{codes.count(1)} 个不符{unread}。")
    code = max(codes, default=1)
    if args.coverage and code == 0:
        for line in _covered(plugins, projects.values(), files):
            print(line)
    elif args.coverage:
        print("排演全部通过以后再查有没有涉及每条规则。", file=sys.stderr)
    return code


def _files(path: Path) -> list[Path]:
    """A file itself, or the YAML files of a folder and its folders; of a plugin's folder, its rehearsals."""
    if not path.is_dir():
        return [path]
    project = rehearsed_by(path)
    inside = project.rehearsals if project and path.resolve() in project.rehearsals.parents else path
    return sorted(one for one in inside.rglob("*") if one.suffix in (".yaml", ".yml") and one.is_file())


def _one(plugins: Plugins, file: Path) -> int:
    """Play one file, so that one that cannot be read does not hide what the next says."""
    try:
        outcome = rehearse(plugins, text_of(file), where=file.name)
    except DangwuError as error:
        print("\n".join(error.problems), file=sys.stderr)
        return 2
    print(f"{'✓' if outcome.passed else '✗'} {outcome.title}")
    for problem in outcome.problems:
        print(f"    {problem}")
    return 0 if outcome.passed else 1


def _covered(plugins: Plugins, projects: Iterable[Project], files: Iterable[Path]) -> Iterator[str]:
    """Of each plugin that was named, how much of it these rehearsals touch."""
    texts = {str(file): text_of(file) for file in files}
    known = {one.id: one for one in plugins.everything}
    for project in projects:
        policy = known[project.plugin]
        rules, left = asking(policy), untouched(plugins, policy, texts)
        vain = idle(plugins, policy, left)
        yield f"{policy.title}：{len(rules)} 条规则中，排演涉及 {len(rules) - len(left)} 条。"
        for name in left:
            one, why = rules[name], _VAIN if name in vain else _UNTOUCHED
            yield why.format(f"{name}“{ruling.title(one)}”（{project.policy.name} 第 {one.line} 行）")


_UNTOUCHED = "  没有排演涉及：{}。去掉它，所有排演照样通过。"
_VAIN = "  不起作用，无从排演：{}。别的规则已有同样或更严的要求。"


__all__ = ["arguments", "run"]
