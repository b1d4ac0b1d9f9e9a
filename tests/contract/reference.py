"""The tables of the pages in plugins/contract that follow from the code. `python -m tests.contract.reference` writes them."""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import msgspec

from dangwu.author.cli import own_commands
from dangwu.facets.base import Facet
from dangwu.facets.registry import FACETS, in_order
from dangwu.plugins import hooks, printable
from dangwu.plugins.apart import limits
from dangwu.plugins.apart.methods import METHODS, inherited
from dangwu.values import lattice
from dangwu.values.lattice import Join, joins
from dangwu.values.word import of
from tests.contract import members


def facets() -> str:
    """Every facet of version 1: parameters with their joins, evidence, findings."""
    lines = ["| 要求 | 参数（合并） | 记录里填什么 | 结论 |", "|---|---|---|---|"]
    for name in in_order(FACETS):
        kind = FACETS[name]
        if kind.__module__.startswith("dangwu.facets."):
            findings = "、".join(f"`{reason}`" for reason in kind.sentences)
            lines.append(
                f"| `{name}` {kind.title} | {_params(kind)} | {_evidence(kind.evidence)} | {findings} |"
            )
    return "\n".join(lines)


def _params(kind: type[Facet]) -> str:
    encoded = {field.name: field.encode_name for field in msgspec.structs.fields(kind)}
    return "、".join(f"`{encoded[name]}` {how.sign}" for name, how in joins(kind) if name != "advisory")


def _evidence(kind: Any) -> str:
    if kind is None:
        return "不用填"
    origin, args = get_origin(kind), get_args(kind)
    if origin is list:
        return f"列表：{_inner(args[0])}"
    if origin is dict:
        return f"按各方：{_inner(args[1])}"
    return _inner(kind)


def _inner(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return "、".join(f"`{one}`" for one in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return "、".join(f"`{field.encode_name}`" for field in msgspec.structs.fields(kind))
    return "标识" if of(kind) else "文字"


def join_signs() -> str:
    """What the signs of the joins mean, and which constant declares them."""
    lines = ["| 记号 | 合并 | 声明 |", "|---|---|---|"]
    for name in ("UP", "DOWN", "UNION", "OR", "AND", "LONGEST", "SHORTEST", "SHORTEST_ONE"):
        how: Join[Any] = getattr(lattice, name)
        lines.append(f"| {how.sign} | {SAID[name]} | `{name}` |")
    return "\n".join(lines)


SAID = {
    "UP": "取大", "DOWN": "取小，0 等于没写", "UNION": "全都要", "OR": "有一方要就要", "AND": "都只是提醒才是提醒（`advisory`）",
    "LONGEST": "逐项取长", "SHORTEST": "逐项取短", "SHORTEST_ONE": "取短",
}  # fmt: skip


def hook_list() -> str:
    """Every hook with its exact signature."""
    return "\n\n".join(
        f"```python\ndef {name}{str(inspect.signature(hook)).replace(chr(39), '')}\n```\n{_first(hook)}"
        for name, hook in vars(hooks).items()
        if name.startswith("dangwu_")
    )


def _first(hook: Any) -> str:
    return HOOKS_SAID[hook.__name__]


HOOKS_SAID = {
    "dangwu_policy": "返回政策的 YAML 文本。包里有 `policy.yaml`，或旁边有同名 `.yaml` 的，不用写。",
    "dangwu_check": "某人某环节在某日另有什么不合要求，只能增加。不读时钟、文件和网络；参数要几个写几个。",
    "dangwu_react": "已经发生的事，提交以后在后台告诉插件，至少一次，重复的 `id` 不变；可以写文件、联系别的系统，限十五秒。"
    "出错的过后再试，仍不行的记入操作日志。",
    "dangwu_documents": "插件带来的文书：Word 模板和各自的用处，载入时问一次。包里有 `documents/documents.yaml` 的，不用写；"
    "单个文件的插件放在 `documents/标识/`。",
    "dangwu_panels": "在档案页、工作台另外显示的内容，平台负责排版，文字一律照原样显示。半秒没有给出的这一次不显示，"
    "连着三次的不再问。",
    "dangwu_reports": "在统计里另加的表，由一个党组织连同下级的数字算出，没有一个人的信息。"
    "限时和出错的处理与 `dangwu_panels` 相同。",
}


def sources() -> str:
    """What a field of a paper can stand for, and whether a public notice may show it."""
    lines = ["| 来源 | 内容 | 可以张贴 |", "|---|---|:-:|"]
    steps = {f"step.{word}": f"这个环节的：{said}" for word, said in printable.STEP.items()}
    for source, said in {**printable.SOURCES, **steps}.items():
        lines.append(f"| `{source}` | {said} | {'' if printable.unfit_for_public(source) else '●'} |")
    return "\n".join(lines)


def commands() -> str:
    """The package's own commands with their arguments."""
    lines = ["| 命令 | 作用 |", "|---|---|"]
    for name, parser, said in _commands():
        lines.append(f"| `dangwu {name} {' '.join(_arguments(parser))}` | {said} |")
    return "\n".join(lines)


def _commands() -> Iterator[tuple[str, argparse.ArgumentParser, str]]:
    parser = argparse.ArgumentParser()
    added = parser.add_subparsers()
    own_commands(added)
    for name, one in added.choices.items():
        yield name, one, (one.description or "").removesuffix("。")


def _arguments(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if action.dest != "help":
            name = f"{action.metavar}…" if action.nargs == "+" else action.metavar or ""
            yield f"[{f'{action.option_strings[0]} {name}'.strip()}]" if action.option_strings else str(name)


def limit_list() -> str:
    """What a plugin's code may take on the platform."""
    mega = 1024 * 1024
    rows = {
        "检查（`dangwu_check`）、要求的每个方法：一次": _spelled(limits.CALL),
        "一份档案的全部检查和要求：一次判断": f"运算 {limits.JUDGEMENT:g} 秒",
        "平台的一个进程里，不论谁来问，加在一起": f"运算和等待占时间的 {limits.SHARE:.0%}；短时可以超过，过后补足",
        "`dangwu_panels`、`dangwu_reports`": f"等 {limits.PANEL:g} 秒",
        "`dangwu_react`：一批事": _spelled(limits.REACTION),
        "载入（`import`）": _spelled(limits.LOADING),
        "内存": f"{limits.MEMORY // mega} MB",
        "写出的一个文件": f"{limits.FILE // mega} MB",
        "一次给出的内容": f"{limits.ANSWER // mega} MB",
    }
    return "\n".join(
        ["| 什么 | 最多 |", "|---|---|", *(f"| {what} | {most} |" for what, most in rows.items())]
    )


def _spelled(one: limits.Limits) -> str:
    return f"运算 {one.busy:g} 秒，停着等待 {one.idle:g} 秒，共 {one.wall:g} 秒"


def override_list() -> str:
    """The methods that a plugin's facet may write anew, and those that it may not."""
    public = [name for name, one in vars(Facet).items() if not name.startswith("_") and _method(one)]
    left = sorted({*public, *inherited()} - METHODS.keys())
    left = [name for name in left if _method(vars(Facet).get(name, inherited().get(name)))]
    names = [name for name in left if not name.startswith("_")]
    kinds = {"可以改写": list(METHODS), "不能改写（`dangwu check` 会指出）": names}
    return "\n".join(line for said, listed in kinds.items() for line in _wrapped(said, listed))


def _wrapped(said: str, names: list[str]) -> Iterator[str]:
    """A list entry with so many names a line."""
    for start in range(0, len(names), 9):
        listed = "、".join(f"`{name}`" for name in names[start : start + 9])
        end = "。" if start + 9 >= len(names) else "、"
        yield (f"- {said}：" if start == 0 else "  ") + listed + end


def _method(one: object) -> bool:
    return inspect.isfunction(one) or isinstance(one, classmethod)


TABLES = {
    "facets": facets, "joins": join_signs, "hooks": hook_list, "commands": commands, "details": members.details,
    "classes": members.classes, "sources": sources, "events": members.events, "places": members.places,
    "limits": limit_list, "overrides": override_list,
}  # fmt: skip
"""By the name of its place on a page: `<!-- name -->` … `<!-- /name -->`."""

PAGES = sorted((Path(__file__).resolve().parents[2] / "plugins" / "contract").glob("*.md"))


def written(text: str) -> str:
    """A page with its tables as they should be."""
    for title, table in TABLES.items():
        start, end = f"<!-- {title} -->\n", f"<!-- /{title} -->"
        before, found, rest = text.partition(start)
        if found:
            text = f"{before}{start}{table()}\n{end}{rest.partition(end)[2]}"
    return text


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(written(page.read_text("utf-8")), "utf-8")
