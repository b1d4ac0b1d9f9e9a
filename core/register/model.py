"""A person as typed and as read."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import date
from typing import NamedTuple
from uuid import UUID

import msgspec

WithCases = Callable[[Iterable[UUID]], Awaitable[frozenset[UUID]]]
"""Those of these people whose membership follows from a case. It comes from the caller: the register knows no cases."""


Barred = Callable[[Iterable[UUID]], Awaitable[Mapping[UUID, str]]]
"""Of these people, those whose particulars have to stay as they are for now → a sentence why. It comes from the caller, too."""


class Ties(NamedTuple):
    """What a roster has to ask of those above the register about the people whom it would change."""

    with_cases: WithCases
    barred: Barred


class PersonDraft(msgspec.Struct, frozen=True, kw_only=True):
    """What a person types or a roster says about somebody. Values are the identifiers of values.py; dates ISO."""

    name: str
    national_id: str | None = None
    sex: str | None = None
    born: date | None = None
    ethnicity: str | None = None
    education: str | None = None
    membership: str = "none"
    joined: date | None = None
    converted: date | None = None
    removed: date | None = None
    """The day on which he was removed from the Party or persuaded to leave it."""
    job: str | None = None
    phone: str | None = None
    landline: str | None = None
    address: str | None = None
    standing: str = "normal"
    lost_contact: bool = False
    lost_since: date | None = None
    mobile: bool = False
    destination: str | None = None


class PersonLine(msgspec.Struct, frozen=True):
    """A person in a list: nothing that needs a reading log."""

    id: UUID
    name: str
    sex: str | None
    born: date | None
    membership: str
    joined: date | None
    converted: date | None
    unit_id: UUID
    path: str
    unit_name: str
    lost_contact: bool
    mobile: bool
    py: str


class TagSpan(msgspec.Struct, frozen=True):
    """A tag from `since` on; `ended` is the first day on which it no longer holds."""

    tag: str
    since: date
    ended: date | None


class PersonFile(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of one person, national id and mobile number masked."""

    id: UUID
    unit_id: UUID
    path: str
    unit_name: str
    name: str
    sex: str | None
    born: date | None
    ethnicity: str | None
    education: str | None
    membership: str
    joined: date | None
    converted: date | None
    removed: date | None
    job: str | None
    landline: str | None
    address: str | None
    standing: str
    lost_contact: bool
    lost_since: date | None
    mobile: bool
    destination: str | None
    national_id_masked: str | None
    phone_masked: str | None
    tags: tuple[TagSpan, ...]
    version: int
    left_on: date | None = None
    left_as: str | None = None
    left_reason: str = ""
    left_paper: str = ""
    merged_into: UUID | None = None
    """The file that is kept of two of the same person; this one leads there."""


FIELD_TITLES = {
    "name": "姓名",
    "national_id": "身份证号码",
    "sex": "性别",
    "born": "出生日期",
    "ethnicity": "民族",
    "education": "学历",
    "membership": "人员类别",
    "unit": "所在党支部",
    "joined": "入党日期",
    "converted": "转正日期",
    "removed": "被劝退、除名的日期",
    "job": "工作岗位",
    "phone": "手机号",
    "landline": "固定电话",
    "address": "家庭住址",
    "standing": "党籍状态",
    "lost_contact": "是否为失联党员",
    "lost_since": "失去联系日期",
    "mobile": "是否为流动党员",
    "destination": "外出流向",
}
