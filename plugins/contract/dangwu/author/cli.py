"""The command `dangwu`. The platform adds commands of its own through the entry points `dangwu.commands`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import entry_points
from io import TextIOWrapper
from types import ModuleType

from dangwu.author import exits
from dangwu.author.commands import check, diff, doc, new, plugins, rehearse, words
from dangwu.author.spoken import speak_chinese
from dangwu.errors import DangwuError
from dangwu.text.written import refused

OWN: dict[str, tuple[ModuleType, str]] = {
    "new": (new, "新建一个插件包：政策、排演、检查，马上能用"),
    "check": (check, "检查插件的写法，指出不起作用的规则，试一试它的代码"),
    "rehearse": (rehearse, "排演：按脚本核对政策"),
    "diff": (diff, "比较一个插件的两个文本：更严、放宽、改名、不再执行，作者的承诺守没守住"),
    "doc": (doc, "把一个插件写成可以打印的一页：各环节的规则和出处"),
    "words": (words, "列出环节、要求、参数、记录、结论、标签和词语的标识"),
    "plugins": (plugins, "列出已安装的插件，和不能使用的原因"),
}
"""The package's own commands: each module says what it takes (`arguments`) and does it (`run`)."""

WIDTH = 10
HEADING = "写插件"
"""Under which the help lists them; a parser says its own by the default `heading`."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; the answer is the exit code (0 fine, 1 something does not hold, 2 something cannot be read)."""
    speak_chinese()
    parser = argparse.ArgumentParser(
        prog="dangwu",
        description="党务：政策、排演与平台。",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(metavar="命令", required=True)
    own_commands(commands)
    for point in sorted(entry_points(group="dangwu.commands"), key=lambda one: one.name):
        point.load()(commands)
    parser.epilog = _listed(commands.choices)
    args = parser.parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has no ✓ shows all else
    return _ended(args)


def _ended(args: argparse.Namespace) -> int:
    try:
        code = int(args.run(args))
        sys.stdout.flush()
        return code
    except DangwuError as error:
        print("\n".join(error.problems), file=sys.stderr)
    except BrokenPipeError:  # whoever reads has seen enough, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(refused(error), file=sys.stderr)
    return 2


def _listed(commands: Mapping[str, argparse.ArgumentParser]) -> str:
    """All commands with what they do, under their headings: the library lists them in one piece."""
    found: dict[str, list[str]] = {}
    for name, one in commands.items():
        said = (one.description or "").removesuffix("。")
        found.setdefault(one.get_default("heading"), []).append(f"  {name:<{WIDTH}}{said}")
    parts = ["\n".join([f"{heading}:", *lines]) for heading, lines in found.items()]
    return "\n\n".join([*parts, "每个命令怎样写：dangwu 命令 --help"])


def own_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the package's own commands; the platform's are added in the same way."""
    for name, (module, said) in OWN.items():
        one = commands.add_parser(name, description=f"{said}。")
        module.arguments(one)
        one.set_defaults(run=exits.caught()(module.run), heading=HEADING)


if __name__ == "__main__":
    raise SystemExit(main())
