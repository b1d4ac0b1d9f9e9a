"""What help says of each section (pages.yaml): what it is for, how things are done there, what is asked again and again."""

from __future__ import annotations

from importlib.resources import files

import msgspec


class Said(msgspec.Struct, frozen=True):
    """A thing to do, or a question, and what is said of it."""

    do: str
    say: str


class Help(msgspec.Struct, frozen=True):
    """The help of a section; `section` is the first part of its pages' addresses, "" of the workbench."""

    section: str
    title: str
    about: str
    how: tuple[Said, ...]
    asked: tuple[Said, ...]


HELP = {
    one.section: one
    for one in msgspec.yaml.decode(files(__package__).joinpath("pages.yaml").read_bytes(), type=list[Help])
}


def help_address(path: str) -> str:
    """Where the page at this address is explained: its section's help, or the list of all."""
    section = path.strip("/").partition("/")[0]
    if section not in HELP:
        return "/help"
    return f"/help/{section or 'home'}"
