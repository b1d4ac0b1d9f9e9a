"""What a rule says of a rating scheme, as it is written beside `rating: scheme-id`."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from dangwu.errors import nearest
from dangwu.policy.blanks import blanks_in, rating
from dangwu.policy.entry import ID, LONGEST_ID, Entry
from dangwu.policy.load_facet import SAMPLES, misread, misworded
from dangwu.policy.policy import Blank
from dangwu.policy.rating import DECIDING, KEYS, Rating, wrong
from dangwu.shapes.faults import faults, said
from dangwu.shapes.short import Plain
from dangwu.values.word import words


def read(entry: Entry, blanks: Mapping[str, Blank]) -> tuple[str, dict[str, Plain]]:
    """The scheme of which a rule speaks, and what it says, raw; every problem is reported."""
    scheme = entry.raw["rating"]
    raw = {key: entry.raw[key] for key in KEYS if key in entry.raw}
    if not isinstance(scheme, str) or not ID.match(scheme) or len(scheme) > LONGEST_ID:
        entry.bad(
            "rating 后写方案的标识（小写字母、数字和连字符），例如 rating: five-stars；of、scale、items 等各项与它并列写。",
            "rating",
        )
        return "", {}
    undeclared = [blank for blank in blanks_in(raw) if blank not in blanks]
    for blank in undeclared:
        entry.bad(f"填空“{blank}”没有在 blanks 中声明{nearest(str(blank), blanks)}。", "rating")
    if not undeclared and _fits(entry, raw):
        _sensible(entry, raw, blanks)
    return scheme, raw


def _fits(entry: Entry, raw: Mapping[str, Plain]) -> bool:
    """Whether it has the shape of a rating, and its words are of the right categories."""
    plain = rating(raw, {})
    found = [(path, f"rating 的写法不对：{said(path, what)}") for path, _, what in faults(Rating, plain)]
    found = found or [
        (path, f"“{path[0]}”中，{what}")
        for path, word, categories in words(Rating, plain)
        if (what := entry.known.wrong(word, categories))
    ]
    for path, what in found:
        entry.bad(f"{what}。", *path)
    return not found


def _sensible(entry: Entry, raw: Mapping[str, Plain], blanks: Mapping[str, Blank]) -> None:
    """Report what makes no sense, what a rating must not do, and whatever is wrong with its facets and blanks."""
    made = msgspec.convert(rating(raw, {}), Rating)
    if made.scale and not entry.text("title"):
        entry.bad("评级方案要写名称（title），例如 title: 党员五星管理。", "title")
    for path, what in wrong(made, raw):
        entry.bad(what, *path)
    for part in ("propose", "decide"):
        for name in DECIDING:
            params = (raw.get(part) or {}).get(name)
            for path, what in misread(name, params, blanks) if params is not None else ():
                entry.bad(what, part, name, *path)
            for path, what in (
                misworded(name, params, entry.known) if params is not None and entry.fine else ()
            ):
                entry.bad(what, part, name, *path)
    samples = {blank: SAMPLES[blanks[blank].type] for blank in blanks_in(raw)}
    for path, _, what in faults(Rating, rating(raw, samples)) if entry.fine else ():
        entry.bad(f"填空的类型不对：{said(path, what)}。请改正 blanks 中的 type。", *path)


__all__ = ["read"]
