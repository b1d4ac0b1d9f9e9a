"""What a rule says of a rating scheme, and what is found in a round, in Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dangwu.facets.base import Facet
from dangwu.policy.blanks import bind_rating
from dangwu.policy.policy import Rule
from dangwu.policy.rating import Rating, ceiling
from dangwu.say.titles import Titles, level, ratees

RATING_SENTENCES = {
    "rating.proposal": "还没有提出等次建议。请按规定评议后记录",
    "rating.decision": "还没有评定等次。请由有权的一级研究评定",
    "rating.item": "评议的内容还缺：{keys}",
    "rating.blank": "标准未配置：{keys}。请在政策页面填写，或由本单位按实际情况掌握",
    "rating.pending": "须先查验{keys}，查验以前本期待评，不定等次",
    "rating.application": "已申请不参加评定，还没有研究。请研究后记录同意或者不同意",
    "rating.share": "评为{group}的已有 {given} {measure}，{base} {measure}中最多 {share}，即 {room} {measure}。请重新评定",
    "rating.appeal": "有申诉还没有答复。请核实后答复",
    "rating.grade": "没有“{group}”这一等次，或者这里不定等次。等次有：{keys}",
    "rating.no-grade": "没有写明等次。等次有：{keys}",
    "rating.order": "{day} 早于已经记录的 {last}。请核对日期",
    "rating.state": "现在是“{state}”，不能记录这一项",
    "rating.not-exempt": "不属于可以申请不参加评定的人员，仍须评定",
    "rating.own-application": "须由本人书面提出（评党组织的，由该党组织提出），别人不能代为申请不参加评定",
    "rating.unasked": "这里没有要求{what}，记在这里不起作用。请删去，或者写入备注",
}
"""By code; what stands in braces is filled in by `explain`."""
_PER = {"year": "每年", "half-year": "每半年", "quarter": "每季度", "month": "每月"}


def said(rule: Rule, known: Titles) -> Iterator[str]:
    """What a rule asks for of its scheme, without full stops."""
    rating, facets = bind_rating(rule, {})
    if rating.scale:
        who = f"中的{_listed(known, rating.having)}" if rating.having else ""
        yield f"评定{ratees(rating.of, rating.level)}{who}，等次由低到高为{_listed(known, rating.scale)}"
    if rating.formal:
        yield "等次是正式的评议结果"
    if rating.round:
        days = "、".join(f"{int(one[:2])} 月 {int(one[3:])} 日" for one in rating.round.by)
        yield f"{_PER[rating.round.per]}评定一次" if rating.round.per else f"每年于 {days}前各评定一次"
    if rating.items:
        yield f"评议的内容有{_listed(known, rating.items)}"
    yield from _parts(rating, facets, known)
    yield from _who(rating, known)
    for grade, text in rating.share.items():
        yield f"{known.title(grade)}最多占 {ceiling(text)}"
    for grade, what in rating.follows.items():
        yield f"评为{known.title(grade)}的，提请研究：{known.title(what)}"


def _parts(rating: Rating, facets: Mapping[str, Facet], known: Titles) -> Iterator[str]:
    for part, verb, one in (("propose", "提出建议", rating.propose), ("decide", "评定", rating.decide)):
        if one is not None:
            asked = [text for name in one.raw() for _, text in known.parts(facets[f"{part}.{name}"])]
            yield f"由{level(one.level)}{verb}{'，' if asked else ''}{'、'.join(asked)}"


def _who(rating: Rating, known: Titles) -> Iterator[str]:
    if rating.exempt:
        yield f"{_listed(known, rating.exempt.when)}本人申请不参加评定的，经研究同意，可以不评"
    if rating.pending:
        yield f"{_listed(known, rating.pending.when)}须查验{known.title(rating.pending.until)}后评定，未查验的待评，不给默认等次"
    if rating.ungraded:
        yield f"{_listed(known, rating.ungraded)}参加评议，不定等次"


def _listed(known: Titles, words: tuple[str, ...]) -> str:
    return "、".join(known.title(one) for one in words)


__all__ = ["RATING_SENTENCES", "said"]
