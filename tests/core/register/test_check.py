"""What must be true of a person's particulars: by field, with its sentence, all of it at once; at the edges of each limit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from core.errors import Invalid
from core.register.check import LONGEST, checked, examine
from core.register.derived import PROBATION, REMOVED, derived
from core.register.model import PersonDraft
from core.register.numbers import mask_id, mask_phone, national_id
from tests.core.conftest import TODAY, resident_id

BORN = date(1990, 2, 28)
NUMBER = resident_id(BORN, 123)
FULL: dict[str, Any] = {"membership": "full", "joined": date(2015, 7, 1), "converted": date(2016, 7, 1)}


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({}, ()), (FULL, ()), ({"born": TODAY}, ()), ({"born": date(1900, 1, 1)}, ()),
        ({"name": ""}, ("name",)), ({"name": "张" * 60}, ()), ({"name": "张" * 61}, ("name",)),
        ({"job": "工" * 80}, ()), ({"job": "工" * 81}, ("job",)), ({"address": "街" * 201}, ("address",)),
        ({"sex": "neither"}, ("sex",)), ({"membership": "friend"}, ("membership",)), ({"education": "高等"}, ("education",)),
        ({"ethnicity": "汉"}, ("ethnicity",)), ({"standing": "gone"}, ("standing",)),
        ({"born": date(2026, 11, 22)}, ("born",)), ({"born": date(1899, 12, 31)}, ("born",)),
        ({"born": BORN, **FULL, "joined": BORN}, ("joined",)),
        ({**FULL, "converted": FULL["joined"]}, ()), ({**FULL, "converted": date(2015, 6, 30)}, ("converted",)),
        ({"membership": "probationary", "joined": date(2026, 1, 1)}, ()),
        ({**FULL, "membership": "probationary"}, ("converted",)),
        ({"membership": "applicant", "joined": date(2026, 1, 1)}, ("joined",)),
        ({"membership": "none", "converted": date(2026, 1, 1)}, ("converted",)),
        ({**FULL, "removed": date(2015, 6, 30)}, ()), ({**FULL, "removed": date(2015, 7, 1)}, ("removed",)),
        ({"membership": "applicant", "removed": date(2015, 7, 1)}, ()),
        ({"lost_since": date(2026, 1, 1)}, ("lost_since",)), ({"lost_since": date(2026, 1, 1), "lost_contact": True}, ()),
        ({"national_id": NUMBER, "born": date(1990, 2, 27)}, ("born",)), ({"national_id": NUMBER, "sex": "female"}, ("sex",)),
        ({"national_id": NUMBER, "sex": "male", "born": BORN}, ()),
        ({"national_id": "1", "phone": "2", "landline": "3", "job": "工" * 81}, ("job", "landline", "national_id", "phone")),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_by_field(given: Mapping[str, Any], fields: tuple[str, ...]) -> None:
    """Everything that is wrong is said at once, each by its own sentence, and nothing else."""
    draft = PersonDraft(**{"name": "张三", **given})
    _, faults = examine(draft, TODAY)
    assert tuple(sorted(faults)) == fields
    assert all(sentence.endswith("。") for sentence in faults.values())
    if fields:
        with pytest.raises(Invalid) as refused:
            checked(draft, TODAY)
        assert refused.value.fields == faults


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"national_id": NUMBER, "born": date(1990, 2, 27)},
            "出生日期 1990-02-27 与身份证号码中的 1990-02-28 不一致",
        ),
        (
            {"national_id": NUMBER, "sex": "female"},
            "性别“女”与身份证号码第 17 位不一致（单数为男，双数为女）",
        ),
        ({"membership": "applicant", "joined": date(2026, 1, 1)}, "人员类别是入党申请人，不应有入党日期"),
        ({"membership": "none", "converted": date(2026, 1, 1)}, "只有正式党员有转正日期"),
        ({**FULL, "removed": date(2016, 7, 1)}, "人员类别是正式党员，不应有被劝退、除名的日期"),
        ({"lost_since": date(2026, 1, 1)}, "填了失去联系日期，但“是否为失联党员”不是“是”"),
        ({"born": date(2026, 11, 22)}, "出生日期 2026-11-22 还没有到"),
        ({"job": "工" * 81}, f"内容过长，最多 {LONGEST['job']} 个字"),
        ({"sex": "neither"}, "没有“neither”这个选项"),
    ],
)
def test_the_sentence_says_what_is_wrong(given: Mapping[str, Any], said: str) -> None:
    _, faults = examine(PersonDraft(**{"name": "张三", **given}), TODAY)
    assert said in "".join(faults.values())


def test_a_number_tells_birth_and_sex_and_what_is_typed_is_tidied() -> None:
    """Of an odd 17th digit a man, of an even one a woman; blanks and marks around a number are no part of it."""
    for serial, sex in ((123, "male"), (124, "female")):
        number = resident_id(BORN, serial)
        found = checked(
            PersonDraft(name=" 张 三 ", national_id=f"'{number.lower()} ", phone="+86 139-1234-5678"), TODAY
        )
        assert (found.name, found.national_id, found.phone) == ("张三", number, "13912345678")
        assert (found.born, found.sex) == (BORN, sex)
    typed = checked(PersonDraft(name="张三", landline="（0431）8555 1234", address="东街\u3000 1  号"), TODAY)
    assert (typed.landline, typed.address) == ("0431-85551234", "东街 1 号")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (NUMBER[:-1] + str((int(NUMBER[-1].replace("X", "9")) + 1) % 10), "末位校验码不对"),
        (NUMBER[:6], "应为 18 位数字（末位可以是 X），这里有 6 位"),
        (f"{NUMBER}0", "这里有 19 位"),
        (f"{NUMBER[:9]}O{NUMBER[10:]}", "第 10 位是“O”，像是数字 0，应为数字"),
        (f"L{NUMBER[1:]}", "第 1 位是“L”，像是数字 1"),
        (f"{NUMBER[:16]}X{NUMBER[17]}", "第 17 位是“X”，X 只能在末位"),
        (f"{NUMBER[:3]}*************{NUMBER[-2:]}", "遮盖了中间几位的身份证号码"),
        ("220106900228123", "第一代身份证的 15 位号码"),
        ("2.20106E+17", "科学记数法"),
    ],
)
def test_what_is_wrong_with_a_number_is_said(written: str, said: str) -> None:
    with pytest.raises(Invalid, match=said.replace("（", "[（]").replace("*", "[*]").replace("+", "[+]")):
        national_id(written)


@pytest.mark.parametrize(
    ("area", "born", "said"),
    [
        ("100101", "19900228", "前两位不是省份代码"), ("170101", "19900228", "前两位不是省份代码"),
        ("850101", "19900228", "前两位不是省份代码"), ("220106", "19900229", "不是真实的日期"),
        ("830000", "19900228", ""), ("110101", "20000229", ""), ("659001", "19900228", ""), ("540100", "19900228", ""),
    ],
)  # fmt: skip
def test_province_and_birth_date_of_a_number_are_real(area: str, born: str, said: str) -> None:
    """Taiwan, Hong Kong and Macao residents' permits (8…) are numbers as well; a day that no year has is none."""
    from stdnum.cn import ric

    base = f"{area}{born}001"
    number = base + ric.calc_check_digit(base + "0")
    if said:
        with pytest.raises(Invalid, match=said):
            national_id(number)
    else:
        assert national_id(number) == number


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13912345678", "139****5678"), ("8613912345678", "861****5678"), ("1391234567", "********67"),
        ("0431555", "*****55"), ("123456", "****"), ("1", "****"),
    ],
)  # fmt: skip
def test_a_mask_leaves_no_more_than_it_must(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown
    assert mask_id(NUMBER) == f"{NUMBER[:3]}*************{NUMBER[-2:]}"
    assert NUMBER[6:14] not in mask_id(NUMBER)


@pytest.mark.parametrize(
    ("removed", "day", "holds"),
    [
        (None, TODAY, False), (date(2021, 11, 21), TODAY, False), (date(2021, 11, 22), TODAY, True),
        (TODAY, TODAY, True), (date(2026, 11, 22), TODAY, False), (date(2020, 2, 29), date(2025, 2, 27), True),
        (date(2020, 2, 29), date(2025, 2, 28), False),
    ],
)  # fmt: skip
def test_five_years_after_a_removal_are_full_on_their_day(
    removed: date | None, day: date, holds: bool
) -> None:
    """不合格党员组织处置办法: five years in which nobody is admitted again; the tag of it follows from the register."""
    person: Any = {"removed": removed, "membership": "none"}
    assert (REMOVED in derived(person, day)) == holds
    assert PROBATION in derived({**person, "membership": "probationary"}, day)
    assert PROBATION not in derived({**person, "membership": "full"}, day)
