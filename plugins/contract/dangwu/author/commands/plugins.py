"""`dangwu plugins`: what is installed, where it comes from and what it brings; what cannot be used, with the reason."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from dangwu.author.commands.paths import add_folder, folder_of
from dangwu.facets.registry import FACETS
from dangwu.plugins.plugins import Plugins, discover
from dangwu.policy.policy import Policy


def arguments(parser: ArgumentParser) -> None:
    """What it takes."""
    add_folder(parser)


def run(args: Namespace) -> int:
    """List them; 2 if one cannot be used."""
    plugins = discover(folder_of(args.plugins), tolerant=True)
    for policy in plugins.everything:
        print("\t".join(_columns(plugins, policy)))
    for name, problems in sorted(plugins.broken.items()):
        for problem in problems:
            print(f"✗ {name}\t不能使用：{problem}")
    return 2 if plugins.broken else 0


def _columns(plugins: Plugins, policy: Policy) -> Iterator[str]:
    yield policy.id
    yield policy.named
    yield f"{len(policy.rule_ids())} 条规则"
    origin = plugins.origins[policy.id]
    yield f"{origin.where} {origin.version}".strip()
    rehearsals = plugins.rehearsals.get(policy.id, ())
    yield f"{len(rehearsals)} 个排演" if rehearsals else "没有排演"
    if hooks := plugins.hooks_of(policy.id):
        yield f"钩子：{'、'.join(hooks)}"
    if origin.facets:
        yield f"要求：{'、'.join(f'{name} {FACETS[name].title}' for name in origin.facets)}"


__all__ = ["arguments", "run"]
