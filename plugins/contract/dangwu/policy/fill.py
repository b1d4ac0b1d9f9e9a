"""What an activation may write into a policy's blanks: a value of the blank's declared type, words of the right category.

A word is an id or its exact title; one that nobody has declared yet is declared in the fill, as `{id: title}`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dangwu.errors import nearest
from dangwu.facets.reading import brief, wrong
from dangwu.policy.blanks import filled, plain
from dangwu.policy.entry import ID, LONGEST_ID
from dangwu.policy.filling import blank_categories
from dangwu.policy.known import Known
from dangwu.policy.policy import Blank, Policy
from dangwu.policy.stated import misstated
from dangwu.values.share import Share
from dangwu.values.word import CATEGORIES, DECLARED

EXPECTED = {
    "text": "文字，不能为空",
    "number": "不小于 0 的数，例如 7",
    "share": "比例，例如 >1/2 或 >=2/3",
    "list": "一项或多项，不能为空，例如 [bulletin-board, website]",
}
"""What each type of blank takes, in words."""

Wanted = Mapping[str, tuple[str, ...]]
"""By blank, the categories of the words that it takes."""


def wanted(policy: Policy) -> Wanted:
    """The blanks of a policy that take words."""
    return {blank: categories for rule in policy.rules for blank, categories in blank_categories(rule)}


def fits(blank: Blank, value: Any) -> bool:
    """Whether a value is of the blank's declared type; where words are wanted a new one may stand with its title."""
    if blank.type == "number":
        return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0
    if blank.type == "list":
        return isinstance(value, list | tuple) and bool(value) and all(_is_text(plain(one)) for one in value)
    if not _is_text(plain(value)):
        return False
    return blank.type == "text" or _is_share(value)


def settled(policy: Policy, fill: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """The fill with each word by its id, whether it was written so or by its title."""
    categories = wanted(policy) if fill else {}

    def word(value: Any, of: tuple[str, ...]) -> Any:
        if isinstance(value, list | tuple):
            return [word(one, of) for one in value]
        return (known.id_of(value.strip(), of) or value) if isinstance(value, str) else value

    return {
        name: word(value, categories[name]) if name in categories else value for name, value in fill.items()
    }


def added(policy: Policy, fill: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(category, word, title) of each word that a fill declares; one without a title is its own."""
    for blank, categories in wanted(policy).items() if fill else ():
        value = fill.get(blank, ())
        for one in value if isinstance(value, list | tuple) else [value]:
            if isinstance(one, Mapping):
                yield from ((categories[0], str(word), str(title)) for word, title in one.items())
            else:
                yield categories[0], str(one), str(one)


def misfits(policy: Policy, fill: Mapping[str, Any], known: Known | None = None) -> Iterator[str]:
    """A sentence for each blank of the policy that is filled with what it does not take; with `known`, for unknown words too."""
    takes = wanted(policy) if fill else {}
    for name, value in fill.items():
        blank = policy.blanks.get(name)
        if blank is None:
            continue
        if not fits(blank, value):
            yield (
                f"填空“{blank.title}”（{name}）应填{EXPECTED[blank.type]}，"
                f"填的是“{brief(value)}”。请按填空说明重新填写。"
            )
            continue
        for what in (*_words(takes.get(name), value, known), *_bounds(policy, name, value)):
            yield f"填空“{blank.title}”（{name}）填的是“{brief(value)}”：{what}。请按填空说明重新填写。"


def _words(categories: tuple[str, ...] | None, value: Any, known: Known | None) -> Iterator[str]:
    if categories is None:
        listed = value if isinstance(value, list | tuple) else [value]
        if any(isinstance(one, Mapping) for one in listed):
            yield "这里只填文字，不声明词语"
        return
    if known is None:
        return
    for one in value if isinstance(value, list | tuple) else [value]:
        what = _new(one, categories, known) if isinstance(one, Mapping) else _old(one, categories, known)
        if what:
            yield what


def _old(word: str, categories: tuple[str, ...], known: Known) -> str:
    if known.id_of(word.strip(), categories):
        return ""
    how = "。确实是新的，写作 {标识: 名称}，例如 {sports-bureau: 体育局}" if categories[0] in DECLARED else ""
    return known.wrong(word, categories, author=False) + how


def _new(declared: Mapping[Any, Any], categories: tuple[str, ...], known: Known) -> str:
    """What is wrong with a word that a fill declares."""
    ((word, title),) = declared.items()
    if categories[0] not in DECLARED:
        return f"{CATEGORIES[categories[0]]}不能另加"
    if not isinstance(word, str) or len(word) > LONGEST_ID or not ID.match(word):
        return f"新词的标识“{brief(word)}”应为小写字母、数字和连字符"
    if not _is_text(title):
        return f"新词“{word}”要写明名称，写作 {{{word}: 名称}}"
    if meant := known.id_of(title.strip(), categories):
        return f"“{title}”已有标识“{meant}”，直接填“{title}”即可"
    given = known.title(word)
    return (
        f"“{word}”已定名为“{given}”，不能改称“{title}”{nearest(title, known.by[categories[0]].values())}"
        if given
        else ""
    )


def _bounds(policy: Policy, name: str, value: Any) -> Iterator[str]:
    """What the requirements that the blank stands in say of the value: too much, no whole number."""
    found: dict[str, None] = {}
    for rule in policy.rules:
        for facet, params in rule.facets.items() if name in rule.blanks else ():
            for _, what in wrong(facet, filled(params, {name: value})):
                found[what] = None
        for what in misstated(rule, {name: value}) if name in rule.blanks else ():
            found[what] = None
    yield from found


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_share(text: str) -> bool:
    try:
        Share(text)
    except ValueError:
        return False
    return True


__all__ = ["EXPECTED", "added", "fits", "misfits", "settled", "wanted"]
