"""YAML with line numbers, so that an error can say where; and nothing in it that can hang, crash or fool the reader.

Read event by event: no aliases, anchors, merge keys or tags are ever followed, whatever a text would grow to.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from dangwu.errors import PolicyError
from dangwu.text.scalar import Unreadable, scalar
from dangwu.text.slip import said, slip

LONGEST_FILE = 1024 * 1024
"""In bytes."""
DEEPEST = 20
MOST_ITEMS = 2000
"""Of one list or mapping within; how many rules there may be is said where they are read."""
MOST_PROBLEMS = 20
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufeff\uffa0\ufff9-\ufffc\ufffe\uffff\U000e0000-\U000e007f]"
)
"""Control characters, and those that make a line read otherwise than it is written."""
_BROKEN = (yaml.scanner.ScannerError, yaml.parser.ParserError)


class Mapping(dict[Any, Any]):
    """A YAML mapping that knows its line (1 is the first), and that of each of its keys."""

    def __init__(self, line: int = 0) -> None:
        self.line = line
        self.lines: dict[Any, int] = {}


class Sequence(list[Any]):
    """A YAML list that knows its line, and that of each of its items."""

    def __init__(self, line: int = 0) -> None:
        self.line = line
        self.lines: list[int] = []


def like(old: Any, new: Any) -> Any:
    """A mapping of these values with the lines of another."""
    made = Mapping(int(getattr(old, "line", 0)))
    made.update(new)
    made.lines = getattr(old, "lines", {})
    return made


def line_of(raw: Any, path: tuple[Any, ...] = ()) -> int:
    """The line of what stands at a path within a parsed text, as near as it is there; 0 if unknown."""
    line = int(getattr(raw, "line", 0))
    for part in path:
        inside = (
            part in raw if isinstance(raw, Mapping) else isinstance(raw, Sequence) and part in range(len(raw))
        )
        if inside:
            line = raw.lines.get(part, line) if isinstance(raw, Mapping) else raw.lines[part]
        else:
            break
        raw = raw[part]
    return line


def there(raw: Any, path: tuple[Any, ...]) -> bool:
    """Whether something stands at a path within a parsed text."""
    for part in path:
        inside = part in raw if isinstance(raw, dict) else isinstance(raw, list) and part in range(len(raw))
        if not inside:
            return False
        raw = raw[part]
    return True


def read(text: str, where: str) -> Any:
    """The parsed file. Raises PolicyError, with file and line, for text that is not YAML or says more than a policy may."""
    text = text.removeprefix("\ufeff")
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > LONGEST_FILE:
        raise PolicyError(
            [f"{where}：文件有 {size // 1024} KiB，最多 {LONGEST_FILE // 1024} KiB。请拆成几个文件。"]
        )
    unseen = _UNSEEN.search(text)
    if unseen:
        line = text.count("\n", 0, unseen.start()) + 1
        raise PolicyError(
            [
                f"{where} 第 {line} 行：有看不见的控制字符（U+{ord(unseen[0]):04X}）。请删去这个字符，重新输入这一行。"
            ]
        )
    builder = _Builder(where)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
            if builder.hopeless or len(builder.problems) >= MOST_PROBLEMS:
                break
    except yaml.YAMLError as error:
        if "nesting depth" not in str(error):
            raise _unread(error, text, where) from None
        builder.too_deep(error.problem_mark.line + 1)  # type: ignore[attr-defined]
    if builder.problems:
        raise PolicyError(builder.problems)
    return builder.root


def _unread(error: yaml.YAMLError, text: str, where: str) -> PolicyError:
    mark = getattr(error, "problem_mark", None)
    meant = slip(text, mark.line) if mark and isinstance(error, _BROKEN) else None
    number, problem = meant or (mark.line if mark else 0, said(error, text))
    line = f" 第 {number + 1} 行" if mark else ""
    return PolicyError([f"{where}{line}：不是正确的 YAML（{problem}）。请检查缩进、冒号和引号。"])


class _Builder:
    """Makes mappings, lists and values of events. Never recursive, so that no depth can exhaust it."""

    def __init__(self, where: str) -> None:
        self.where, self.root, self.documents = where, None, 0
        self.problems: list[str] = []
        self.open: list[tuple[Any, Any, bool]] = []
        """Of each open mapping or list: itself, the key that waits for its value, and whether one waits."""
        self.hopeless = False
        self.said: set[str] = set()

    def take(self, event: Any) -> None:
        """The next event."""
        line = event.start_mark.line + 1
        if isinstance(event, yaml.CollectionEndEvent):
            self.open.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._once("alias", line, f"用了别名“*{event.anchor}”，这里不能引用。请把内容照写一遍")
            self._put(None, line)
        elif isinstance(event, yaml.NodeEvent):
            self._node(event, line)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._refuse(line, "只能有一份，“---”以后的另放一个文件")

    def _node(self, event: Any, line: int) -> None:
        if event.anchor:
            self._once("anchor", line, f"用了锚点“&{event.anchor}”，这里不能引用。请删去锚点，把内容照写一遍")
        if event.tag:
            self._refuse(line, f"用了类型标记“{event.tag[:60]}”。请删去标记，只写内容")
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, line)
        elif len(self.open) >= DEEPEST:
            self.too_deep(line)
        else:
            made = Mapping(line) if isinstance(event, yaml.MappingStartEvent) else Sequence(line)
            self._put(made, line)
            self.open.append((made, None, False))

    def too_deep(self, line: int) -> None:
        """Nothing more is read: the library takes quadratic time for deeper ones, or refuses them."""
        self._refuse(line, f"套了 {DEEPEST} 层以上，太深了。请写得平直些")
        self.hopeless = True

    def _scalar(self, event: Any, line: int) -> None:
        try:
            unseen = _UNSEEN.search(event.value)
            if unseen:
                raise Unreadable(f"有看不见的控制字符（U+{ord(unseen[0]):04X}）。请删去")
            value = scalar(event)
        except Unreadable as error:
            self._refuse(line, str(error))
            value = None
        self._put(value, line)

    def _put(self, value: Any, line: int) -> None:
        if not self.open:
            self.root = value
            return
        inside, key, waits = self.open[-1]
        if len(inside) > MOST_ITEMS and (len(self.open) > 2 or isinstance(inside, Mapping)):
            outer = self.open[-2][0] if len(self.open) > 1 else None
            field = f"{next(reversed(outer))} " if isinstance(outer, Mapping) else ""
            self._refuse(line, f"{field}有 {MOST_ITEMS} 项以上，太多了。请分开写")
            self.hopeless = True
        if isinstance(inside, Sequence):
            inside.append(value)
            inside.lines.append(line)
        elif waits:
            inside[key] = value
            self.open[-1] = (inside, None, False)
        else:
            self._key(inside, value, line)

    def _key(self, inside: Mapping, key: Any, line: int) -> None:
        if isinstance(key, dict | list):
            self._refuse(line, "冒号前应为一个词")
            key = None
        elif key == "<<":
            self._refuse(line, "用了合并键“<<”，这里不能引用。请把内容照写一遍")
        elif key in inside:
            self._refuse(line, f"“{str(key)[:60]}”写了两次")
        self.open[-1] = (inside, key, True)
        inside.lines[key] = line

    def _once(self, kind: str, line: int, problem: str) -> None:
        """Refuse the first of a kind: where there is one there are many, and one sentence says how."""
        if kind not in self.said:
            self.said.add(kind)
            self._refuse(line, problem)

    def _refuse(self, line: int, problem: str) -> None:
        at = self._place()
        self.problems.append(f"{self.where} 第 {line} 行：{at}{'：' if at else ''}{problem}。")

    def _place(self) -> str:
        """The rule and the field that are being read: `规则 a.b 的 notice.days`."""
        keys = [key if waits else None for _, key, waits in self.open]
        rule = next(
            (str(one["id"]) for one, _, _ in self.open[2:3] if isinstance(one, Mapping) and "id" in one), ""
        )
        field = ".".join(str(key) for key in keys[2 if rule else 0 :] if key is not None)
        return f"规则 {rule} 的 {field}" if rule and field else f"规则 {rule}" if rule else field
