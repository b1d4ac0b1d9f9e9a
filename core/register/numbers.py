"""National identity numbers and telephone numbers: checked and masked, without anything that is secret."""

from __future__ import annotations

import re
from datetime import date

from stdnum.cn import ric

from core.errors import Invalid

_PROVINCES = frozenset(
    str(code)
    for codes in ((11, 16), (21, 24), (31, 38), (41, 47), (50, 55), (61, 66), (71, 72), (81, 84))
    for code in range(*codes)
)
QUOTES = "'‘’`\"“”"
"""A quotation mark before a number keeps spreadsheets from reckoning with it; it is no part of the number."""
MOBILE = re.compile(r"1[3-9]\d{9}")
_BEFORE = r"^(手机号?码?|移动电话|电话|本人)?[:：]?((\+|00)?86|0)?(?=1[3-9]\d{9}(\(本人\)|（本人）)?$)|[(（]本人[)）]$"
"""Words that say what it is, the code of the country, the 0 that was dialled before numbers from elsewhere."""
_LANDLINE = re.compile(r"(0\d{2,3}-?)?\d{7,8}(-\d{1,5})?")


def national_id(text: str) -> str:
    """The 18 characters, X upper-case. Raises Invalid that says what is wrong with them (GB 11643)."""
    number = "".join(text.split()).strip(QUOTES).upper()
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise Invalid(_ill_formed(number), code="id-form")
    if number[-1] != ric.calc_check_digit(number):
        raise Invalid("身份证号码的末位校验码不对，其中必有一位抄错。请核对证件。", code="id-checksum")
    # Not the county code: whoever was born before a county got its present code carries that code all the same.
    if number[:2] not in _PROVINCES:
        raise Invalid("身份证号码的前两位不是省份代码。请核对证件。", code="id-parts")
    try:
        born_of(number)
    except ValueError:
        raise Invalid("身份证号码第 7 至 14 位不是真实的日期。请核对证件。", code="id-parts") from None
    return number


def _ill_formed(number: str) -> str:
    if re.fullmatch(r"[0-9.]+E\+?[0-9]+", number):
        return "身份证号码被表格软件改成了科学记数法，末几位已经丢失。请把这一列设为“文本”，重新填写号码。"
    if "*" in number:
        return "这是遮盖了中间几位的身份证号码，不能导入。请填写完整的 18 位号码。"
    if re.fullmatch("[0-9]{15}", number):
        return "这是第一代身份证的 15 位号码，2013 年 1 月 1 日起停用（《居民身份证法》第二十三条）。请填写 18 位号码。"
    if len(number) != 18:
        return f"身份证号码应为 18 位数字（末位可以是 X），这里有 {len(number)} 位。请核对证件。"
    place = next(place for place, sign in enumerate(number) if not sign.isascii() or not sign.isdecimal())
    like = {"O": "，像是数字 0", "L": "，像是数字 1", "I": "，像是数字 1", "X": "，X 只能在末位"}.get(
        number[place], ""
    )
    return f"身份证号码第 {place + 1} 位是“{number[place]}”{like}，应为数字。请核对证件。"


def born_of(number: str) -> date:
    """The birth date inside a valid number."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex_of(number: str) -> str:
    """male or female: the 17th digit is odd for men."""
    return "male" if int(number[16]) % 2 else "female"


def mobile_number(text: str) -> str:
    """11 digits. Raises Invalid."""
    if MOBILE.fullmatch(text):
        return text
    number = re.sub(_BEFORE, "", re.sub(r"[\s-]", "", text).strip(QUOTES + "。."))
    if not MOBILE.fullmatch(number):
        raise Invalid("手机号应为 1 开头的 11 位数字。座机请填在“固定电话”一栏。", code="phone")
    return number


def landline_number(text: str) -> str:
    """A fixed line with or without its area code. Raises Invalid."""
    if _LANDLINE.fullmatch(text):
        return text
    number = re.sub(r"[\s(（]", "", text).strip(QUOTES)
    number = re.sub(r"[)）—–－-]+", "-", number)
    if not _LANDLINE.fullmatch(number):
        raise Invalid("固定电话应为 7 至 8 位数字，可带区号，如 0431-85551234。", code="landline")
    return number


def mask_id(number: str) -> str:
    """220*************3X: with the birth date beside it, the usual four last figures would give the whole number away."""
    return number[:3] + "*" * 13 + number[-2:]


def mask_phone(number: str) -> str:
    """138****5678; of a shorter number the last two figures, of one that is no number at all none."""
    if len(number) >= 11:
        return number[:3] + "****" + number[-4:]
    return "*" * max(len(number) - 2, 4) + (number[-2:] if len(number) > 6 else "")
