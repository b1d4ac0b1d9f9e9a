"""How names are sorted and found: full pinyin and initials, stored beside every name."""

from __future__ import annotations

from collections.abc import Container
from functools import cache, lru_cache
from types import ModuleType

# Surnames read otherwise than the same character in running text; only a leading surname is read so.
_SURNAMES = {
    "单": "shan", "解": "xie", "曾": "zeng", "仇": "qiu", "区": "ou", "查": "zha", "朴": "piao", "翟": "zhai",
    "盖": "ge", "缪": "miao", "乐": "yue", "覃": "qin", "员": "yun", "冼": "xian", "繁": "po", "祭": "zhai",
    "种": "chong", "秘": "bi", "折": "she", "黑": "he", "逄": "pang", "卜": "bu", "阚": "kan", "郇": "xun", "贠": "yun",
    "薄": "bo", "召": "shao", "尉迟": "yu chi", "万俟": "mo qi", "长孙": "zhang sun", "单于": "chan yu",
}  # fmt: skip

SHORT = 6
"""Characters; longer texts are read whole: they have too many parts to look each up."""

MOST_NAMES = 16_384
"""Names whose reading is kept: a roster asks for each several times, and given names come again."""


@cache
def _pypinyin() -> ModuleType:
    """Its tables take 57 MB: a process in which nobody enters a name does without."""
    import pypinyin

    pypinyin.load_single_dict({ord("㛃"): "jié"})
    return pypinyin


def syllables(text: str) -> list[str]:
    """The pinyin of `text`, a syllable an item, without tones; Latin letters and figures stay, lower-cased."""
    if text.isascii():
        return [text.lower()] if text else []
    if len(text) > 1 and _apart(text):
        return [part for character in text for part in _alone(character)]
    return _whole(text)


def _whole(text: str) -> list[str]:
    read = _pypinyin()
    return [part.lower() for part in read.lazy_pinyin(text, style=read.Style.NORMAL, v_to_u=False)]


@lru_cache(MOST_NAMES)
def _alone(character: str) -> tuple[str, ...]:
    return (*_whole(character),)


def _apart(text: str) -> bool:
    """Whether no word of the dictionary stands in a short text of Chinese characters: then each is read by itself, which takes a
    twentieth of the time."""
    words, characters = _dictionary()
    length = len(text)
    return (
        length <= SHORT
        and all(ord(one) in characters for one in text)
        and not any(text[at:end] in words for at in range(length - 1) for end in range(at + 2, length + 1))
    )


@cache
def _dictionary() -> tuple[Container[str], Container[int]]:
    """Words of several characters that have a reading of their own, and the characters that have one."""
    _pypinyin()
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    return PHRASES_DICT, PINYIN_DICT


@cache
def readings_of(character: str) -> tuple[str, ...]:
    """All usual readings of one character, without tones; none of what is no Chinese character."""
    read = _pypinyin()
    [ways] = read.pinyin(character, style=read.Style.NORMAL, heteronym=True, v_to_u=False) or [[]]
    return tuple(way.lower() for way in ways if way.isalpha() and way.isascii())


@lru_cache(MOST_NAMES)
def name_syllables(name: str) -> tuple[str, ...]:
    """As `syllables`, the surname read as a surname (单 shan, 尉迟 yu chi)."""
    for length in (2, 1):
        surname = _SURNAMES.get(name[:length])
        if surname:
            return (*surname.split(), *syllables(name[length:]))
    return (*syllables(name),)


def reading(name: str, *, person: bool = True) -> tuple[str, str]:
    """(pinyin, initials) of a name, both in lower-case ASCII where the characters are known: ("zhang san", "zs").

    Sorted by its syllables a name stands among those of its surname; searched is `py_joined`, the same without spaces.
    """
    parts = [_plain(part) for part in (name_syllables(name) if person else syllables(name))]
    parts = [part for part in parts if part]
    return " ".join(parts), "".join(part[0] if part.isalpha() else part for part in parts)


def _plain(part: str) -> str:
    return part if part.isalnum() else "".join([letter for letter in part if letter.isalnum()])
