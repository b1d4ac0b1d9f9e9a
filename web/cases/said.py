"""Evidence in words: whole for the record of a case, short for one line of the task list.

The whole form follows the evidence types, so that a facet brought by a plugin is shown without code here.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from dangwu import FACETS, Regime, explain, forms

Pairs = list[tuple[str, str]]


def whole(regime: Regime, evidence: Mapping[str, Any]) -> list[tuple[str, Pairs]]:
    """Everything that a record carries: (facet's title, (what, value) …); what is empty in it is left out."""
    found = []
    for name, value in plain(evidence).items():
        kind = FACETS.get(name)
        if kind is None:
            found.append((name, [("", str(value))]))
        else:
            pairs = list(_walk(regime, kind.evidence, value, "", kind.title))
            found.append((kind.title, pairs or [(kind.title, "已办")]))
    return found


def plain(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Typed evidence as plain builtins; dates stay dates."""
    return {name: msgspec.to_builtins(value, builtin_types=(date,)) for name, value in evidence.items()}


def _walk(regime: Regime, kind: Any, value: Any, above: str, name: str) -> Iterator[tuple[str, str]]:
    kind = _bare(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = get_type_hints(kind, include_extras=True)
        for field in msgspec.structs.fields(kind):
            part = value.get(field.encode_name)
            if part not in (None, "", [], False) and (part != 0 or field.required):
                yield from _walk(
                    regime, hints[field.name], part, above, _titled(hints[field.name]) or field.name
                )
    elif isinstance(value, Mapping):
        inner = get_args(kind)[1] if get_origin(kind) is dict else Any
        for key, part in value.items():
            word = explain.title(regime, str(key))
            struct = isinstance(_bare(inner), type) and issubclass(_bare(inner), msgspec.Struct)
            yield from _walk(regime, inner, part, word if struct else above, name if struct else word)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for number, part in enumerate(value, 1):
            yield from _walk(
                regime, get_args(kind)[0], part, f"第 {number} 项" if len(value) > 1 else above, name
            )
    else:
        yield (f"{above} · {name}" if above else name, _text(regime, kind, value))


def _text(regime: Regime, kind: Any, value: Any) -> str:
    if isinstance(value, list):
        return "、".join(explain.title(regime, str(one)) for one in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if get_origin(kind) is Literal or (isinstance(value, str) and value in ("convert", "extend", "revoke")):
        return forms.ANSWERS.get(value, str(value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _bare(hint: Any) -> Any:
    if hasattr(hint, "__metadata__"):
        hint = hint.__origin__
    if get_origin(hint) in (Union, types.UnionType):
        return _bare(next(one for one in get_args(hint) if one is not type(None)))
    return hint


def _titled(hint: Any) -> str:
    return next(
        (
            one.title
            for one in getattr(hint, "__metadata__", ())
            if isinstance(one, msgspec.Meta) and one.title
        ),
        "",
    )


def short(regime: Regime, evidence: Mapping[str, Any]) -> str:
    """One line: 应到 20、实到 18、赞成 17；材料 2 份."""
    found = []
    for name, value in plain(evidence).items():
        if shorter := _SHORT.get(name):
            found.append(shorter(regime, value))
        elif kind := FACETS.get(name):
            pairs = list(_walk(regime, kind.evidence, value, "", kind.title))
            found.append("，".join(f"{what} {text}" for what, text in pairs[:2]))
    return "；".join(one for one in found if one)


def _words(regime: Regime, ids: list[str]) -> str:
    return "、".join(explain.title(regime, one) for one in ids)


def _vote(regime: Regime, vote: Any) -> str:
    parts = [
        f"应到 {vote['eligible']}",
        f"实到 {vote['present']}",
        f"赞成 {vote['for'] + vote.get('written_for', 0)}",
    ]
    parts += [
        f"{word} {vote[key]}" for key, word in (("against", "反对"), ("abstain", "弃权")) if vote.get(key)
    ]
    motion = vote.get("motion", "")
    return (f"{forms.ANSWERS.get(motion, motion)}，" if motion not in ("", "convert") else "") + "、".join(
        parts
    )


def _poll(regime: Regime, polls: Any) -> str:
    return "；".join(
        f"{explain.title(regime, group)}应参加 {one['invited']}、赞成 {one['for']}"
        for group, one in polls.items()
    )


def _notice(regime: Regime, notice: Any) -> str:
    posted = _words(regime, [*notice.get("places", []), *notice.get("channels", [])])
    objections = len(notice.get("objections", []))
    return "；".join(
        one
        for one in (f"公示于{posted}" if posted else "", f"异议 {objections} 件" if objections else "")
        if one
    )


def _inquiry(regime: Regime, replies: Any) -> str:
    answers = list(replies.values())
    told = [
        f"{forms.ANSWERS[one]} {answers.count(one)}"
        for one in ("clear", "concern", "object")
        if one in answers
    ]
    return f"复函 {len(answers)} 份（{'、'.join(told)}）"


def _training(regime: Regime, one: Any) -> str:
    parts = [f"{one[key]:g} {unit}" for key, unit in (("hours", "学时"), ("days", "天")) if one.get(key)]
    return "、".join(parts) + (f"，考核{forms.ANSWERS[one['exam']]}" if one.get("exam") else "")


def _review(regime: Regime, levels: Any) -> str:
    return "、".join(
        f"{explain.title(regime, level)}审查{forms.ANSWERS[one['conclusion']]}"
        for level, one in levels.items()
    )


def _consent(regime: Regime, levels: Any) -> str:
    return "、".join(
        f"{explain.title(regime, level)}{forms.ANSWERS[answer]}" for level, answer in levels.items()
    )


def _appointment(regime: Regime, people: Any) -> str:
    return "、".join(one["name"] + ("（不再担任）" if one.get("released") else "") for one in people)


def _signoff(regime: Regime, signed: Any) -> str:
    return (
        "、".join(f"{explain.title(regime, role)} {name}" for role, name in signed.items()) + " 签认"
        if signed
        else ""
    )


_SHORT: dict[str, Callable[[Regime, Any], str]] = {
    "documents": lambda regime, kinds: _words(regime, kinds) if len(kinds) == 1 else f"材料 {len(kinds)} 份",
    "consultation": lambda regime, heard: f"听取{_words(regime, heard)}意见",
    "talk": lambda regime, talk: f"同{_words(regime, talk['with'])}谈话" if talk.get("with") else "已谈话",
    "poll": _poll,
    "vote": _vote,
    "notice": _notice,
    "review": _review,
    "inquiry": _inquiry,
    "training": _training,
    "assessment": lambda regime, one: "考察" + (f" {one['mark']:g} 分" if one.get("mark") is not None else "一次"),
    "appointment": _appointment,
    "consent": _consent,
    "filing": lambda regime, levels: f"{_words(regime, levels)}备案" if levels else "",
    "visit": lambda regime, visit: f"回访{_words(regime, visit['aspects'])}" if visit.get("aspects") else "已回访",
    "serial": lambda regime, one: f"编号 {one['number']}" if one.get("number") else forms.ANSWERS.get(one.get("state", ""), ""),
    "signoff": _signoff,
}  # fmt: skip
