"""Templates hold nothing that no page uses, and the README names the macros that there are."""

from __future__ import annotations

import re
from pathlib import Path

WEB = Path(__file__).parents[3] / "web"
TEMPLATES = {file: file.read_text() for file in (WEB / "templates").rglob("*.html")}
EVERYTHING = "".join(TEMPLATES.values())
_MACRO = re.compile(r"{%-? macro (\w+)\(")


def test_every_macro_is_called() -> None:
    """Somewhere, by a page or by another macro."""
    for file, text in TEMPLATES.items():
        for macro in _MACRO.findall(text):
            assert re.search(rf"(?<!macro )\b{macro}\(", EVERYTHING), f"{file.name}: {macro}"


def test_every_import_is_used() -> None:
    """A name that a template imports stands in it once more."""
    for file, text in TEMPLATES.items():
        for names in re.findall(r'{% from "[^"]+" import (.*?)(?: with context)? %}', text):
            for name in (one.split(" as ")[-1] for one in names.split(", ")):
                assert len(re.findall(rf"\b{name}\b", text)) > 1, f"{file.name}: {name}"


def test_the_readme_names_the_macros_that_there_are() -> None:
    """What stands in brackets behind a component's file."""
    listed = re.findall(
        r"`([a-z]+\.html)` \(((?:`\w+(?:\([^)]*\))?`(?:, )?)+)", (WEB / "templates" / "README.md").read_text()
    )
    assert listed
    for file, named in listed:
        known = _MACRO.findall(TEMPLATES[WEB / "templates" / "components" / file])
        assert set(re.findall(r"`(\w+)", named)) <= set(known), file
