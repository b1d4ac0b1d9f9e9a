"""Two files side by side, as they are shown."""

from __future__ import annotations

from typing import NamedTuple

from core.actor import Actor
from core.register.model import FIELD_TITLES, PersonFile
from core.register.queries import person_file
from core.register.twins.find import Key
from core.register.twins.pair import CHOICES, Pair
from web.kit.changes import value_of
from web.kit.paging import decode_key, key_uuid


class Line(NamedTuple):
    """A particular, or some that go together, of both: as texts, whether they differ, and which is offered at first."""

    name: str
    title: str
    values: tuple[str, str]
    differs: bool
    first: int


async def files_of(actor: Actor, pair: Pair) -> tuple[PersonFile, PersonFile]:
    """Both files, numbers masked; both looks are logged."""
    purpose = "核对是否重复登记"
    return (
        await person_file(actor, pair.one["id"], purpose=purpose),
        await person_file(actor, pair.other["id"], purpose=purpose),
    )


def lines_of(pair: Pair, files: tuple[PersonFile, PersonFile]) -> list[Line]:
    """What is chosen between, line by line."""
    differing = pair.differing()
    return [_line(name, files, name in differing) for name in CHOICES]


def _line(name: str, files: tuple[PersonFile, PersonFile], differs: bool) -> Line:
    one, other = (_told(file, CHOICES[name]) for file in files)
    empty = value_of(name, None)
    return Line(name, FIELD_TITLES[name], (one, other), differs, int(one == empty != other))


def _told(file: PersonFile, fields: tuple[str, ...]) -> str:
    first, *more = (_value(file, field) for field in fields)
    besides = [
        f"{FIELD_TITLES[field]} {text}"
        for field, text in zip(fields[1:], more, strict=True)
        if text != value_of(field, None)
    ]
    return "，".join([first, *besides])


def _value(file: PersonFile, field: str) -> str:
    masked = {"national_id": file.national_id_masked, "phone": file.phone_masked}
    return value_of(field, masked[field] if field in masked else getattr(file, field))


def key_of(after: str | None) -> Key | None:
    """The pair behind which a page of the list begins."""
    key = decode_key(after)
    return (str(key[0]), key_uuid(key[-2]), key_uuid(key[-1])) if key and len(key) > 2 else None
