"""`dangwu check`: how a plugin is written, what of it changes nothing, and its code tried with blank and odd records."""

from __future__ import annotations

import sys
import traceback
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

from dangwu.author.check import remarks
from dangwu.author.commands.paths import text_of
from dangwu.author.project import Project, importable, required
from dangwu.author.trying import checks, laws
from dangwu.author.trying.laws import Broken
from dangwu.errors import CodeError, DangwuError, PolicyError
from dangwu.facets.registry import FACETS
from dangwu.plugins.discovery import code_beside
from dangwu.plugins.origin import facets_of
from dangwu.plugins.plugins import Plugins, belongs_to_floor, discover
from dangwu.policy.load import load_policy
from dangwu.policy.policy import Policy


def arguments(parser: ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("files", nargs="+", type=Path, metavar="文件", help="政策文件，或插件包的文件夹")
    parser.add_argument("--traceback", action="store_true", help="插件的代码出错时，列出 Python 的调用过程")


def run(args: Namespace) -> int:
    """Check each; 0 fine, 1 code that breaks a law, 2 a policy that cannot be used."""
    installed = cache(partial(discover, tolerant=True))  # found once for all files
    return max([_one(file, installed, traced=args.traceback) for file in args.files])


def _one(path: Path, installed: Callable[[], Plugins], *, traced: bool) -> int:
    """Check one, so that a broken one does not hide what is wrong with the next."""
    try:
        project = required(path)
        policy, plugins = _loaded(project, installed)
        said = (
            []
            if policy.floor
            else [*_misnamed(project, policy), *remarks(plugins.floor, policy, project.policy.name)]
        )
        found = list(_tried(plugins, policy))
    except DangwuError as error:
        print("\n".join(error.problems), file=sys.stderr)
        _trace(error.__cause__ if isinstance(error, CodeError) else None, traced=traced)
        return 2
    print(
        f"{'✗' if found else '✓'} {policy.title}：{len(policy.rule_ids())} 条规则，{len(policy.blanks)} 处填空。"
    )
    for sentence in [*_brought(plugins, policy), *(f"提示：{one}" for one in said)]:
        print(f"  {sentence}")
    for one in found:
        print(f"  ✗ {one.sentence}", file=sys.stderr)
        _trace(one.error, traced=traced)
    return 1 if found else 0


def _loaded(project: Project, installed: Callable[[], Plugins]) -> tuple[Policy, Plugins]:
    """The policy, and the plugins with this one as it is written. Raises PolicyError."""
    if project.module:
        plugins = discover(tolerant=True, also=importable([project]))
        if why := plugins.broken.get(project.plugin):
            cause = plugins.causes.get(project.plugin)
            raise (CodeError if cause else PolicyError)(why) from cause
        known = {one.id: one for one in plugins.everything}
        return known[project.plugin], plugins
    found = code_beside(project.policy)
    told = getattr(found, "dangwu_policy", None)
    text = text_of(project.policy) if told is None or project.policy.exists() else str(told())
    ground = installed()
    floor = belongs_to_floor(text)
    policy = load_policy(text, where=project.policy.name, ground=ground.floor, floor=floor)
    return policy, ground if policy.floor else ground.beside(policy, found)


def _tried(plugins: Plugins, policy: Policy) -> Iterator[Broken]:
    """What breaks a law in the code that the plugin brings."""
    for name in _facets(plugins, policy):
        yield from laws.broken(FACETS[name])
    if {checks.CHECK, checks.PANELS} & {*plugins.hooks_of(policy.id)}:
        yield from checks.broken(plugins, policy.id)


def _facets(plugins: Plugins, policy: Policy) -> tuple[str, ...]:
    return facets_of(plugins.manager.get_plugin(policy.id))


def _brought(plugins: Plugins, policy: Policy) -> Iterator[str]:
    """What besides its policy has been tried."""
    for name in _facets(plugins, policy):
        yield f"要求 {name} {FACETS[name].title}：用空白的、平常的、奇怪的记录试过。"
    for name in plugins.hooks_of(policy.id):
        if name in checks.TRIED:
            yield f"钩子 {name}：{checks.TRIED[name]}。"


def _misnamed(project: Project, policy: Policy) -> list[str]:
    """That a folder's plugin is called after its file."""
    if project.module or project.policy.stem in (policy.id, "policy"):
        return []
    return [f"放进插件文件夹时，文件名应与插件标识一致：{policy.id}.yaml。"]


def _trace(error: BaseException | None, *, traced: bool) -> None:
    if error is not None and traced:
        print("".join(traceback.format_exception(error)).rstrip(), file=sys.stderr)
    elif error is not None:
        print("  （加 --traceback 可看 Python 的调用过程。）", file=sys.stderr)


__all__ = ["arguments", "run"]
