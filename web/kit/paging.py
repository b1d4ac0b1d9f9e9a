"""Keyset paging: the next page begins after the last row's key, so a long list costs no more at its end."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Generic, TypeVar
from uuid import UUID

import msgspec
from litestar.params import QueryParameter

from core.days import day_of
from core.errors import Invalid

PAGE = 50


def tampered() -> Invalid:
    """Where a list goes on, as we did not write it."""
    return Invalid("翻页的位置不正确，可能是网址被改动过。请回到第一页重新翻。", code="bad-page")


After = Annotated[str | None, QueryParameter(max_length=400)]
"""The query parameter `after` of a list: `after: After = None`."""

Row = TypeVar("Row")
Key = tuple[str | int | None, ...]


def encode_key(key: Sequence[object]) -> str:
    """An opaque text for a key; UUIDs and dates travel as text."""
    plain = [item if isinstance(item, str | int | None) else str(item) for item in key]
    return base64.urlsafe_b64encode(msgspec.json.encode(plain)).decode().rstrip("=")


def decode_key(text: str | None) -> Key | None:
    """The key in `text`, None for the first page. Raises Invalid for a text that we did not make."""
    if not text:
        return None
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        key = tuple(msgspec.json.decode(data, type=list[str | int | None]))
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise tampered() from error
    if not key or any("\0" in item for item in key if isinstance(item, str)):
        raise tampered()
    return key


def key_day(text: str | None) -> tuple[date, UUID] | None:
    """The day and the id behind which a page of a list by days begins. Raises Invalid for what we did not make."""
    key = decode_key(text)
    if key is None:
        return None
    if (day := day_of(str(key[0]))) is None:
        raise tampered()
    return day, key_uuid(key[-1])


def key_id(text: str | None) -> UUID | None:
    """The id behind which a page of a list by ids begins. Raises Invalid for what we did not make."""
    key = decode_key(text)
    return None if key is None else key_uuid(key[-1])


def key_uuid(item: str | int | None) -> UUID:
    """A UUID that travelled in a key. Raises Invalid for anything else."""
    try:
        return UUID(str(item))
    except ValueError as error:
        raise tampered() from error


class Pager(msgspec.Struct, Generic[Row], frozen=True):
    """The rows of one page, and where the next begins (None: this is the last)."""

    items: tuple[Row, ...]
    next: str | None = None
    first: bool = True

    @classmethod
    def of(
        cls,
        rows: Sequence[Row],
        key: Callable[[Row], Sequence[object]],
        after: str | None = None,
        size: int = PAGE,
    ) -> Pager[Row]:
        """From `size + 1` asked-for rows: the one too many only tells that there is a next page."""
        items = tuple(rows[:size])
        more = encode_key(key(items[-1])) if len(rows) > size else None
        return cls(items, more, not after)
