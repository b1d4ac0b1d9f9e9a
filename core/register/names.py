"""One spelling for a name: no blanks between characters, one middle dot, no character that was lost on the way."""

from __future__ import annotations

import html
import re
import unicodedata

from core.text import no_letter, tidy

DOT = "·"
"""U+00B7, the only one for names (民委等 12 部门, 2016)."""

_DOTS = re.compile(r"(?<=[^\x00-\x7f])\s*[.。·•‧∙⋅●・･．‐᛫⸱ᐧ・ꞏ˙]+\s*(?=[^\x00-\x7f])")
_ENTITY = re.compile(r"&#(x[0-9a-fA-F]{4,5}|[0-9]{5,6});")
"""How programs that do not know a character write it; it is not lost."""

_BLANK = re.compile(r"(?<![A-Za-z.]) | (?![A-Za-z])")
_SIGN = re.compile(r"[\[(【〔、/,;#&_\\|~^%$@!]|^[-=.]+$|^·|·$")
_LOST = re.compile(r"[?？*＊×□■▯◻〓\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd]")
# Where GB 18030-2000 and -2005 put characters that Unicode had no place for yet.
_PLACED_SINCE = str.maketrans(
    dict(zip("\ue863\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864", "䶮龴龵龶龷龸龹龺龻", strict=True))
)


def one_name(name: str) -> str:
    """The name as it is stored and compared."""
    whole = _ENTITY.sub(lambda one: html.unescape(one[0]), name)
    text = tidy(unicodedata.normalize("NFKC", whole).translate(_PLACED_SINCE)).strip("'‘’`\"，,。;；、")
    return _BLANK.sub("", _DOTS.sub(DOT, text))


def misspelt(name: str) -> str | None:
    """A sentence for the first character that no name has: lost on its way through programs that did not know it, or a sign."""
    if lost := _LOST.search(name):
        private = unicodedata.category(lost[0]) == "Co"
        shown = f"私用区字符 U+{ord(lost[0]):04X}" if private else f"“{lost[0]}”"
        return f"姓名“{name}”里的{shown}不是汉字，可能是生僻字在转换时丢失了。请按身份证件补上这个字。"
    sign = no_letter(name) or next(iter(_SIGN.findall(name)), None)
    if sign in ("(", "[", "【", "〔"):
        return f"姓名“{name}”里有括号。请只写身份证件上的姓名；括号里如果是拼写的生僻字，请补上这个字。"
    if sign in ("、", "/", ","):
        return f"姓名“{name}”里有“{sign}”，像是写了几个人。请一人一行。"
    return sign and f"姓名“{name}”里的“{sign}”不是姓名用字。请按身份证件填写。"
