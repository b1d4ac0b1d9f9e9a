"""Words of the value lists as people write them: peoples, education, kinds of persons."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches

from core.errors import Invalid
from core.register.values import (
    EDUCATION,
    EDUCATION_ALSO,
    EDUCATION_NEAR,
    ETHNICITIES,
    ETHNICITIES_ALSO,
    MEMBERSHIP,
    MEMBERSHIP_ALSO,
)  # fmt: skip

_ETHNICITY_CODES = dict(enumerate(ETHNICITIES[:-2], start=1)) | {
    97: ETHNICITIES[-2], 98: ETHNICITIES[-1],
}  # fmt: skip
"""GB/T 3304."""

_SHORT_ETHNICITIES = {name.removesuffix("族"): name for name in ETHNICITIES} | ETHNICITIES_ALSO
_SCHOOLS = re.compile(
    r"^(全日制|普通高等|国民教育|函授|自考|自学考试|成人教育?|成教|电大|夜大学?|网络(教育)?|远程教育|在职(?!研究生))(?=.)|(?<=.)(毕业|肄业|结业|学历|文化程度|文化|生)$"
)
_CODE = re.compile(r"^\d{1,2}[.、-]?(?=\D)")
_BESIDE = re.compile(
    r"\((全日制|非全日制|在职|函授|自考|成人|成教|网络|电大|夜大|普通|统招|毕业|肄业|结业|高职)\)$|/(学士|硕士|博士|无)(学位)?$"
)
"""How or with what degree somebody has studied says nothing about the level."""

_MEMBERSHIPS = {title: key for key, title in MEMBERSHIP.items()} | MEMBERSHIP_ALSO
_ANY_MEMBER = ("党员", "共产党员")
_EDUCATION = {unicodedata.normalize("NFKC", name): name for name in EDUCATION} | EDUCATION_ALSO


def ethnicity(text: str) -> str:
    """A name of the list, however short or everyday, or its number (GB/T 3304)."""
    text = re.sub(r"\s|\(.*?\)", "", text)
    code, name = re.fullmatch(r"(\d{0,2})[.、-]?(.*)", text, re.S).groups()  # type: ignore[union-attr]
    by_code = _ETHNICITY_CODES.get(int(code)) if code else None
    if not name:
        name = by_code or text
    known = name if name in ETHNICITIES else _SHORT_ETHNICITIES.get(re.sub("(?<=.)[族民人]$", "", name))
    if known is None or (code and known != by_code):
        raise Invalid(_no_such(text, ETHNICITIES, {}))
    return known


def education(text: str) -> str:
    """A name of the list, or the everyday word for one."""
    text = re.sub(r"\s", "", text)
    plain = _BESIDE.sub("", _CODE.sub("", text))
    short = _SCHOOLS.sub("", plain)
    for known in (text, plain, short):
        if found := _EDUCATION.get(known):
            return found
    raise Invalid(_no_such(text, EDUCATION, EDUCATION_NEAR))


def membership(text: str) -> str:
    """Our identifier for the kind of person, by the official word or an everyday one."""
    said = _CODE.sub("", re.sub(r"\s", "", text))
    aside = re.findall(r"\((.*?)\)", said)
    word = re.sub(r"\(.*?\)|^(中国共产党(?!员)|中国(?=共产党员)|中共(?!员))", "", said)
    known = _one_of(word, MEMBERSHIP, MEMBERSHIP_ALSO)
    # 党员（预备）: what stands aside says more than the word; where the two differ, nobody guesses.
    more = {_MEMBERSHIPS[one] for one in aside if one in _MEMBERSHIPS} - {known}
    if more and word in _ANY_MEMBER:
        return more.pop()
    if more:
        raise Invalid(f"“{text}”前后说法不一致。请只写一种人员类别。")
    return known


def is_membership(text: str) -> bool:
    """Whether a text says what kind of person somebody is."""
    try:
        membership(text)
    except Invalid:
        return False
    return True


def _one_of(text: str, words: Mapping[str, str], also: Mapping[str, str]) -> str:
    known = {word: key for key, word in words.items()}
    value = known.get(text) or also.get(text)
    if value is None:
        raise Invalid(_no_such(text, known, {}))
    return value


def _no_such(text: str, known: Iterable[str], near: Mapping[str, str]) -> str:
    words = list(known)
    like = [near[text]] if text in near else get_close_matches(text, words, n=3, cutoff=0.5)
    if like:
        return f"没有“{text}”这个选项。相近的有：{'、'.join(like)}。请核对后改成其中一个。"
    return f"没有“{text}”这个选项。可填：{'、'.join(words[:12])}{'等' if len(words) > 12 else ''}。"


def word(words: Mapping[str, str], also: Mapping[str, str]) -> Callable[[str], str]:
    """A reader of a value list: our identifier for an official word, or another one. It raises Invalid."""
    return lambda text: _one_of(text, words, also)
