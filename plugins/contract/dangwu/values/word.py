"""Words by category: a channel is not an agency. A field that takes words says of which category, and so does the evidence.

`channels: Annotated[frozenset[Channel], UNION]` is a set of channels; `dict[Agency, Reply]` one answer for each agency. A facet
that a plugin brings does the same: the loader, fills and records then check its words without further code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import NoneType
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec

CATEGORIES: Mapping[str, str] = {
    "source": "听取意见的范围",
    "agency": "函询部门",
    "kind": "材料",
    "place": "公示地点",
    "channel": "公示渠道",
    "way": "查找方式",
    "aspect": "审查内容",
    "item": "考察内容",
    "role": "签认人员",
    "topic": "表决前讲清的事项",
    "qualification": "条件",
    "party": "人员",
    "date": "本人的日期",
    "motion": "表决事项",
    "grade": "等次",
    "theme": "活动内容",
    "plan": "年度计划",
    "level": "层级",
    "receiver": "平台以外的上级",
    "proposal": "建议",
    "family": "职责类别",
    "event": "起算的事",
    "tag": "标签",
    "step": "环节",
}
"""Each category with its Chinese name. The last ones are fixed, or declared elsewhere (`tags`, `add`)."""
DECLARED = tuple(CATEGORIES)[: [*CATEGORIES].index("level")]
"""The categories whose words a policy may declare under `terms`."""


class Of:
    """On a field or an element: the word is of one of these categories (`CATEGORIES`); the first names them in errors."""

    __slots__ = ("categories",)

    def __init__(self, *categories: str) -> None:
        self.categories = categories


Source = Annotated[str, Of("source")]
Agency = Annotated[str, Of("agency")]
Kind = Annotated[str, Of("kind")]
Place = Annotated[str, Of("place")]
Channel = Annotated[str, Of("channel")]
Way = Annotated[str, Of("way")]
Aspect = Annotated[str, Of("aspect")]
Item = Annotated[str, Of("item")]
Role = Annotated[str, Of("role")]
Topic = Annotated[str, Of("topic")]
Qualification = Annotated[str, Of("qualification")]
Party = Annotated[str, Of("party", "role", "source", "level")]
"""Who takes part: a person of the case, whoever holds a post, a group, a level."""
Theme = Annotated[str, Of("theme")]
Family = Annotated[str, Of("family")]
Event = Annotated[str, Of("event")]
Fact = Annotated[str, Of("date")]
Grade = Annotated[str, Of("grade")]
Level = Annotated[str, Of("level")]
Receiver = Annotated[str, Of("level", "receiver")]
Tag = Annotated[str, Of("tag")]
PlanId = Annotated[str, Of("plan")]
StepId = Annotated[str, Of("step")]


def of(hint: Any) -> tuple[str, ...]:
    """The categories of the words of one type (`Channel`), nothing for any other type."""
    return next((one.categories for one in getattr(hint, "__metadata__", ()) if isinstance(one, Of)), ())


def words(
    kind: Any, value: Any, path: tuple[Any, ...] = ()
) -> Iterator[tuple[tuple[Any, ...], str, tuple[str, ...]]]:
    """(path, word, categories) of every word in plain builtins of a type: elements, keys, fields, at any depth.

    Of an element `a|b` each alternative. Values that do not have the type's shape hold no words: they are refused elsewhere.
    """
    categories = of(kind)
    if categories:
        for word in value.split("|") if isinstance(value, str) else ():
            yield path, word, categories
        return
    origin, args = get_origin(kind), get_args(kind)
    if origin is Annotated or (NoneType in args and value is not None):
        yield from words(args[0], value, path)
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(value, Mapping):
        for name, hint in typed_fields(kind):
            if name in value:
                yield from words(hint, value[name], (*path, name))
    elif isinstance(value, Mapping) and len(args) == 2:
        for key, part in value.items():
            yield from words(args[0], key, (*path, key))
            yield from words(args[1], part, (*path, key))
    elif isinstance(value, list | tuple) and args:
        for number, part in enumerate(value):
            yield from words(args[0], part, (*path, number))


@cache
def typed_fields(kind: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
    """(name as written, type with what is noted on it) of each field of a struct."""
    hints = get_type_hints(kind, include_extras=True)
    return tuple((field.encode_name, hints[field.name]) for field in msgspec.structs.fields(kind))
