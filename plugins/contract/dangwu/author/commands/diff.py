"""`dangwu diff OLD NEW`: what a later text of a plugin changes, and whether its author has kept his promise."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from dangwu.author.commands.paths import text_of
from dangwu.author.project import plugins_with, project_at, required
from dangwu.plugins.plugins import belongs_to_floor
from dangwu.policy.floor import Floor
from dangwu.policy.load import load_policy
from dangwu.policy.policy import Policy
from dangwu.say.difference import Change, Difference, difference


def arguments(parser: ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("old", type=Path, metavar="旧文本", help="已经发布的政策文件，或插件包的文件夹")
    parser.add_argument("new", type=Path, metavar="新文本", help="准备发布的政策文件，或插件包的文件夹")


def run(args: Namespace) -> int:
    """Print the differences; 0 where the promise is kept, else 1."""
    ground = _ground(args.new)
    old, new = (_read(path, ground) for path in (args.old, args.new))
    found = difference(old, new, ground=ground)
    for kind, said in Difference.KINDS.items():
        for one in found.of(kind):
            print(f"{said}：{one.title}（{one.rule}）{_words(one)}")
    for title in found.blanks_gone:
        print(f"填空没有了：{title}")
    for title in found.blanks_new:
        print(f"新的填空：{title}")
    if not (found.changes or found.blanks_gone or found.blanks_new):
        print("规则没有变化。")
    for sentence in found.broken:
        print(f"✗ {sentence}")
    return 1 if found.broken else 0


def _ground(new: Path) -> Floor:
    """The floor, when the plugin of the new text has been loaded, so that both texts may ask for what its code brings."""
    project = project_at(new)
    coded = project is not None and (project.module or project.policy.with_suffix(".py").is_file())
    return plugins_with([project] if project and coded else []).floor


def _words(one: Change) -> str:
    was = f"，原标识 {one.was}" if one.was else ""
    if one.kind in ("renamed", "gone", "new") or one.before == one.after:
        said = "；".join(one.after or one.before)
        return f"{was}：{said}" if said and one.kind != "renamed" else was
    return f"{was}：{'；'.join(one.before) or '—'} → {'；'.join(one.after) or '—'}"


def _read(path: Path, ground: Floor) -> Policy:
    file = required(path).policy if path.is_dir() else path
    text = text_of(file)
    return load_policy(text, where=file.name, ground=ground, floor=belongs_to_floor(text))


__all__ = ["arguments", "run"]
