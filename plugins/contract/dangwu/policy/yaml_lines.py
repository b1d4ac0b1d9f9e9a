"""YAML with line numbers, so that an error can say where."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import yaml

from dangwu.errors import PolicyError


class Mapping(dict[Any, Any]):
    """A YAML mapping that knows its line (1 is the first)."""

    line = 0


_OLD = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("bool", "int", "float"))
"""What YAML 1.1 takes for more than is meant: `off` for false, `010` for 8, `12:30` for 750."""


class _Loader(yaml.SafeLoader):
    """YAML 1.2's words: only true and false are booleans, so that `off`, `on`, `yes` and `no` stay words; numbers are decimal."""

    yaml_implicit_resolvers = {
        letter: [(tag, form) for tag, form in forms if tag not in _OLD]
        for letter, forms in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]+\.[0-9]+$"), list("-+0123456789")
)
_Loader.add_constructor("tag:yaml.org,2002:int", lambda _, node: int(node.value))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|false|False)$"), list("tTfF")
)


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Mapping:
    found = Mapping()
    found.line = node.start_mark.line + 1
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key_node, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "冒号前应为一个词", key_node.start_mark)
        if key in found:
            raise yaml.constructor.ConstructorError(None, None, f"“{key}”写了两次", key_node.start_mark)
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def _day(loader: _Loader, node: yaml.ScalarNode) -> Any:
    try:
        day = yaml.SafeLoader.construct_yaml_timestamp(loader, node)
    except ValueError as error:
        raise yaml.constructor.ConstructorError(
            None, None, f"没有“{node.value}”这一天", node.start_mark
        ) from error
    if isinstance(day, datetime):
        raise yaml.constructor.ConstructorError(
            None, None, f"“{node.value}”写了时刻，只写日期", node.start_mark
        )
    return day


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day)


_MISREAD = (yaml.scanner.ScannerError, yaml.parser.ParserError)
"""Complaints of a text that is not YAML; others are about what it says."""

_WORDS = (
    (r"'\\t'", "用了制表符（Tab），应改用空格"),
    (r"mapping values are not allowed", "冒号的位置不对"),
    (r"could not find expected ':'", "缺少冒号，或缩进不对"),
    (r"character '>'|chomping or indentation", '比例前后要加引号，例如 ">1/2"'),
    (r"another document", "只能有一份，“---”以后的另放一个文件"),
    (r"undefined alias", "引用了没有定义的别名"),
    (r"expected <block end>", "缩进不一致"),
    (r"unexpected end of stream|<stream end>|expected ',' or", "引号或括号没有成对"),
)


def _said(problem: str) -> str:
    """The commonest of the YAML library's complaints in Chinese, others as they stand."""
    return next((chinese for english, chinese in _WORDS if re.search(english, problem)), problem)


_SLIPS = (
    (re.compile(r"^\s*(?:- )?[a-z_-]+："), "用了全角冒号，应改用半角冒号，后面空一格"),
    (re.compile(r"^\s*(?:- )?[a-z_-]+:[^\s:/]"), "冒号后面要空一格"),
    (re.compile(r"[a-z0-9_\]}-]，|，\s*[a-z_-]+\s*[:：]"), "用了全角逗号，应改用半角逗号"),
    (re.compile(r"[{,]\s*[a-z_-]+："), "用了全角冒号，应改用半角冒号，后面空一格"),
    (re.compile(r":\s*[｛［【]|[｝］】]\s*$"), "用了全角括号，应改用半角括号"),
    (re.compile(r"^ *\u3000"), "缩进用了全角空格，应改用半角空格"),
)
"""Slips of a Chinese keyboard: YAML complains of them a line later, or of something else."""


def _slip(text: str, line: int) -> tuple[int, str] | None:
    """What is probably meant by a complaint about `line` (0 is the first): the slip on it or just before, with its line."""
    lines = text.splitlines()
    for number in range(min(line, len(lines) - 1), max(line - 3, -1), -1):
        for form, sentence in _SLIPS:
            if form.search(lines[number]):
                return number, sentence
    return None


def read(text: str, where: str) -> Any:
    """The parsed file. Raises PolicyError with file and line for text that is not YAML."""
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        slip = _slip(text, mark.line) if mark and isinstance(error, _MISREAD) else None
        number, problem = slip or (
            mark.line if mark else 0,
            _said(str(getattr(error, "problem", None) or error)),
        )
        line = f"第 {number + 1} 行" if mark else ""
        raise PolicyError(
            [f"{where} {line}：不是正确的 YAML（{problem}）。请检查缩进、冒号和引号。"]
        ) from error
