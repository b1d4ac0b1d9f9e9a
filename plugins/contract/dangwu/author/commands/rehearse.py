"""`dangwu rehearse`: rehearsals played; with `--coverage` the rules that none of them touches, with `--values` the values that
none of them holds."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from dangwu.author.altering.noticed import MOST, Trial
from dangwu.author.altering.told import told
from dangwu.author.commands.paths import add_folder, folder_of, text_of
from dangwu.author.coverage import asking, idle, untouched
from dangwu.author.project import Project, plugins_with, rehearsed_by
from dangwu.author.rehearse import rehearse
from dangwu.errors import DangwuError
from dangwu.plugins.plugins import Plugins
from dangwu.policy.policy import Policy
from dangwu.say import ruling
from dangwu.say.titles import Titles


def arguments(parser: ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="文件", help="排演文件、放排演文件的文件夹，或插件包的文件夹"
    )
    add_folder(parser)
    parser.add_argument("--coverage", action="store_true", help="再列出没有任何排演涉及的规则")
    parser.add_argument(
        "--values", action="store_true", help="再把规则里的数和词逐个改错，列出没有任何排演发现的"
    )


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
    further = [one for one, wanted in ((_covered, args.coverage), (_held, args.values)) if wanted]
    if further and code != 0:
        print("排演全部通过以后再查有没有涉及每条规则、每个数。", file=sys.stderr)
        return code
    for line in _of_each(plugins, projects.values(), files, further) if further else ():
        print(line)
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


Looked = Callable[[Plugins, Policy, str, Mapping[str, str]], Iterator[str]]
"""Lines on a policy: the plugins, itself, its file's name, the rehearsals by name."""


def _of_each(
    plugins: Plugins, projects: Iterable[Project], files: Iterable[Path], further: Iterable[Looked]
) -> Iterator[str]:
    texts = {str(file): text_of(file) for file in files}
    known = {one.id: one for one in plugins.everything}
    for project in projects:
        for looked in further:
            yield from looked(plugins, known[project.plugin], project.policy.name, texts)


def _covered(plugins: Plugins, policy: Policy, file: str, texts: Mapping[str, str]) -> Iterator[str]:
    """How much of it these rehearsals touch."""
    rules, left = asking(policy), untouched(plugins, policy, texts)
    vain = idle(plugins, policy, left)
    yield f"{policy.title}：{len(rules)} 条规则中，排演涉及 {len(rules) - len(left)} 条。"
    for name in left:
        one, why = rules[name], _VAIN if name in vain else _UNTOUCHED
        yield why.format(f"{name}“{ruling.title(one)}”（{file} 第 {one.line} 行）")


def _held(plugins: Plugins, policy: Policy, file: str, texts: Mapping[str, str]) -> Iterator[str]:
    """Which of its values they hold."""
    trial = Trial(plugins, policy, texts)
    many = sum(1 for _ in trial.changes())
    print(
        f"{policy.title}：逐个改错，最多 {min(many, MOST)} 处，一千处要一两分钟……",
        file=sys.stderr,
        flush=True,
    )
    tried = [*trial.run(MOST)]
    left = [one.change for one in tried if one.verdict == "unnoticed"]
    same = [one.change for one in tried if one.verdict == "same"]
    found, titles = len(tried) - len(left) - len(same), Titles.of(trial.regime)
    yield f"{policy.title}：逐个改错 {len(tried)} 处，排演发现 {found} 处，没有发现 {len(left)} 处，与底线相同 {len(same)} 处。"
    yield from (f"  没有排演发现：{told(one, titles, file)}。" for one in left)
    yield from (f"  与底线相同，改了也一样：{told(one, titles, file)}。" for one in same)
    if left:
        yield _HOLDING
    if many > MOST:
        yield f"  只试了前 {MOST} 处，其余没有试。请分成几个插件。"


_HOLDING = (
    "  怎样写排演：数和比例，写恰好的一个和差一的一个；日期，写当天和前一天；几项都要的，lacks 写全；"
    "由谁办、先后次序，核对 level、open。"
)
_UNTOUCHED = "  没有排演涉及：{}。去掉它，所有排演照样通过。"
_VAIN = "  不起作用，无从排演：{}。别的规则已有同样或更严的要求。"


__all__ = ["arguments", "run"]
