"""National identity numbers and telephone numbers sealed, and findable without being readable."""

from __future__ import annotations

import re

from core.register.numbers import MOBILE
from core.secrecy import vault

ID_FIELD = "person.national-id"
PHONE_FIELD = "person.phone"


def seal_id(number: str | None) -> dict[str, bytes | None]:
    """The columns id_sealed, id_index, id_tail4, id_tail6 for a number."""
    if number is None:
        return dict.fromkeys(("id_sealed", "id_index", "id_tail4", "id_tail6"))
    safe = vault()
    return {
        "id_sealed": safe.seal(ID_FIELD, number.encode()),
        "id_index": safe.blind(ID_FIELD, number),
        "id_tail4": safe.blind(ID_FIELD + ".tail4", number[-4:]),
        "id_tail6": safe.blind(ID_FIELD + ".tail6", number[-6:]),
    }


def seal_phone(number: str | None) -> dict[str, bytes | None]:
    """The columns phone_sealed, phone_index, phone_tail4 for a number."""
    if number is None:
        return dict.fromkeys(("phone_sealed", "phone_index", "phone_tail4"))
    return {
        "phone_sealed": vault().seal(PHONE_FIELD, number.encode()),
        "phone_index": vault().blind(PHONE_FIELD, number),
        "phone_tail4": vault().blind(PHONE_FIELD + ".tail4", number[-4:]),
    }


def open_id(sealed: bytes | None) -> str | None:
    """The number behind id_sealed."""
    return vault().open(ID_FIELD, sealed).decode() if sealed else None


def open_phone(sealed: bytes | None) -> str | None:
    """The number behind phone_sealed."""
    return vault().open(PHONE_FIELD, sealed).decode() if sealed else None


def id_search(text: str) -> list[tuple[str, bytes]]:
    """(column, blind index) to look for when `text` is a number, its last 4 or 6 characters, or a mobile number or its last 4."""
    term = text.upper()
    if re.fullmatch(r"\d{17}[\dX]", term):
        return [("id_index", vault().blind(ID_FIELD, term))]
    if MOBILE.fullmatch(term):
        return [("phone_index", vault().blind(PHONE_FIELD, term))]
    if not re.fullmatch(r"\d{3}[\dX]|\d{5}[\dX]", term):
        return []
    tails = [(f"id_tail{len(term)}", vault().blind(f"{ID_FIELD}.tail{len(term)}", term))]
    if re.fullmatch(r"\d{4}", term):
        tails.append(("phone_tail4", vault().blind(PHONE_FIELD + ".tail4", term)))
    return tails
