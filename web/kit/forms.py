"""Forms: read what was typed, say field by field what is wrong with it, and never lose it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from types import TracebackType
from uuid import UUID

from litestar.datastructures import UploadFile

from core.casework.acts.refused import Reason, Refused
from core.days import day_of, is_near
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Stale
from tenants.database.session import current_session
from web.kit.navigation import count_tasks
from web.kit.once import FIELD, claim
from web.kit.picks import Pick
from web.kit.query import FAR
from web.kit.requests import Request

LONGEST_NUMBER = 15
"""Digits; no figure of ours has more, and every column takes them."""
DIGITS = str.maketrans("０１２３４５６７８９．", "0123456789.")


class Form:
    """What was typed, and what is wrong with it. Readers return None when the value is missing or wrong."""

    def __init__(self, values: Mapping[str, Sequence[object]]) -> None:
        self._values = {name: list(items) for name, items in values.items()}
        self.errors: dict[str, str] = {}
        self.meant: dict[str, Sequence[Pick]] = {}
        """Of a field: what can be meant by what was typed, to be chosen from (kit/picks.py)."""
        self.held: Sequence[tuple[str, str]] = ()
        """Slips and names of the files that it has brought (kit/uploads.py)."""
        self.sentence = ""
        self.reasons: tuple[Reason, ...] = ()
        """Where the rules do not allow it: each finding with its rules."""
        self.changes: tuple[str, ...] = ()
        self.status = 200
        self.stale = False
        self.request: Request | None = None
        """With which it was sent."""

    @classmethod
    async def of(cls, request: Request) -> Form:
        """The form that was sent. Raises AlreadySent for one that has been taken before."""
        data = await request.form()
        await claim(request, data.get(FIELD))
        form = cls({name: data.getall(name) for name in data})
        form.request = request
        return form

    @classmethod
    def blank(cls, **values: object) -> Form:
        """A form to be filled in, with first values (lists for fields with several)."""
        return cls({name: _as_texts(value) for name, value in values.items()})

    def value(self, name: str, default: str = "") -> str:
        """The text as it was typed, for showing it again."""
        found = self._values.get(name)
        return found[0] if found and isinstance(found[0], str) else default

    def values(self, name: str) -> list[str]:
        """All the texts of a field with several."""
        return [item for item in self._values.get(name, []) if isinstance(item, str)]

    def put(self, name: str, value: str) -> None:
        """Let a field say this when the form is shown again."""
        self._values[name] = [value]

    def confirms(self, name: str, what: object) -> bool:
        """Whether the field `name` says that exactly `what` has been shown (`shows`)."""
        return self.value(name) == _digest(what)

    def shows(self, name: str, what: object) -> None:
        """Let the field `name` say that `what` is shown with the form."""
        self.put(name, _digest(what))

    def names(self) -> tuple[str, ...]:
        """The fields that were sent."""
        return tuple(self._values)

    def refuse(self, name: str, sentence: str) -> None:
        """Say what is wrong with a field; the first word on it stays."""
        self.errors.setdefault(name, sentence)

    def check(self, sentence: str = "有几处没有填对，尚未保存。请按下面的提示改正。") -> None:
        """Raise Invalid if any field was refused."""
        if self.errors:
            raise Invalid(sentence, code="form", fields=self.errors)

    def text(self, name: str, label: str, *, required: bool = True, longest: int = 200) -> str:
        """A text without outer blanks; "" if there is none."""
        found = self.value(name).strip()
        if required and not found:
            self.refuse(name, f"请填写{label}。")
        elif len(found) > longest:
            self.refuse(name, f"{label}最多 {longest} 个字，现在有 {len(found)} 个字。")
        return found

    def day(self, name: str) -> date | None:
        """The date in a field; None where there is none (`date` says what is wrong)."""
        day = day_of(self.value(name))
        return day if day and is_near(day) else None

    def date(self, name: str, label: str, *, required: bool = True) -> date | None:
        """A day, written 2026-06-16, 20260616, 2026/6/16, 2026年6月16日 …"""
        found = self.text(name, label, required=required)
        if not found:
            return None
        day = day_of(found)
        if day is None:
            self.refuse(name, f"{label}“{found}”不是一个日期。请写成 2026-06-16 这样。")
        elif not is_near(day):
            self.refuse(name, f"{label}“{found}”{FAR}")
            return None
        return day

    def number(self, name: str, label: str, *, required: bool = True, least: int = 0) -> int | None:
        """A whole number."""
        found = self.text(name, label, required=required).translate(DIGITS)
        if not found:
            return None
        if not re.fullmatch("-?[0-9]+", found):
            self.refuse(name, f"{label}“{found}”不是一个整数。请只填数字。")
            return None
        if len(found) > LONGEST_NUMBER:
            self.refuse(name, f"{label}“{found}”太大。请核对数字。")
            return None
        if int(found) < least:
            self.refuse(name, f"{label}不能小于 {least}。")
            return None
        return int(found)

    def counted(self, name: str) -> int | None:
        """A number that our page wrote there itself; None for anything else."""
        found = self.value(name)
        return int(found) if re.fullmatch(f"[0-9]{{1,{LONGEST_NUMBER}}}", found) else None

    def amount(self, name: str, label: str, *, required: bool = True) -> float | None:
        """A number with or without decimals, not below zero."""
        found = self.text(name, label, required=required).translate(DIGITS)
        if not found:
            return None
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,3})?", found):
            self.refuse(name, f"{label}“{found}”不是一个数。请只填数字，例如 2 或 1.5。")
            return None
        return float(found)

    def choice(self, name: str, label: str, options: Sequence[str], *, required: bool = True) -> str:
        """One of `options` ("" if none was chosen and none is required)."""
        found = self.value(name).strip()
        if (found or required) and found not in options:
            self.refuse(name, f"请选择{label}。")
            return ""
        return found

    def picked(self, name: str, label: str) -> str:
        """One of what the page offers, which the service alone knows; "" if none was chosen."""
        found = self.value(name).strip()
        if not found:
            self.refuse(name, f"请选择{label}。")
        return found

    def uuid(self, name: str, label: str, *, required: bool = True) -> UUID | None:
        """The id of a thing that was picked."""
        found = self.value(name).strip()
        try:
            return UUID(found) if found or required else None
        except ValueError:
            typed = self.value(f"{name}-q").strip()
            self.refuse(name, f"请在按“{typed}”查到的里选择{label}。" if typed else f"请选择{label}。")
            return None

    def flag(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self.value(name))

    def many(self, name: str, options: Sequence[str] | None = None) -> list[str]:
        """The ticked ones of several boxes; what is none of `options`, if given, is refused: it is not dropped in silence."""
        chosen = self.values(name)
        if options is not None and (strange := {*chosen} - {*options}):
            self.refuse(
                name, f"选中的有 {len(strange)} 项已经不在可选范围内，可能刚刚变动。请按现在列出的重新选择。"
            )
        return [item for item in chosen if options is None or item in options]

    def file(self, name: str, label: str, *, required: bool = True) -> UploadFile | None:
        """An uploaded file."""
        for item in self._values.get(name, []):
            if isinstance(item, UploadFile) and item.filename:
                return item
        if required:
            self.refuse(name, f"请选择{label}。")
        return None

    def take(self, error: DomainError) -> None:
        """Put a refusal on the form: its sentence, reasons and fields, what changed meanwhile, and the status to answer with."""
        self.sentence = error.sentence
        self.reasons = error.reasons if isinstance(error, Refused) else ()
        self.errors = {**self.errors, **error.fields}
        self.stale = isinstance(error, Stale)
        self.changes = error.changes if isinstance(error, Stale) else ()
        self.status = 409 if isinstance(error, Conflict) else 422

    def version(self) -> int:
        """The version that was read before this was typed; 0, which nothing has, where the form does not say."""
        return self.number("version", "版本", required=False) or 0

    def seen_version(self, now: int) -> str:
        """The version that the page goes out with: that which was read, as long as nothing of what changed since was shown."""
        read = self.value("version")
        return read if read and not self.changes else str(now)

    def against(self, version: int) -> None:
        """A form that was stale has now said what changed: what is sent next is meant against this `version`."""
        if self.stale:
            self._values["version"] = [str(version)]


def _as_texts(value: object) -> list[str]:
    if value is None:
        return []
    if isinstance(value, list | tuple | set | frozenset):
        return [str(item) for item in value]
    if isinstance(value, bool):
        return ["1"] if value else []
    return [str(value)]


class attempt:
    """Do something for a form; if it is refused, nothing of it stays and the reason is on the form.

    The page that says so shows the file again, so the line in the reading log stays (frame/county.py). What is not there (404)
    and what is not his to do (403) still flies: there is no form to show again.
    """

    def __init__(self, form: Form) -> None:
        self._form = form

    async def __aenter__(self) -> None:
        self._before = await current_session().mark()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, DomainError) or isinstance(error, NotFound | Forbidden):
            return False
        await self._before.undo()
        current_session().refused = True
        self._form.take(error)
        if self._form.request is not None:
            await count_tasks(self._form.request)
        return True


def _digest(what: object) -> str:
    return sha256(repr(what).encode()).hexdigest()
