"""The face as far as it can be reckoned: contrast of the colours in both schemes, and nothing that an old browser lacks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[3] / "web" / "static"
TEMPLATES = STATIC.parent / "templates"
SOURCES = {one.relative_to(TEMPLATES).as_posix(): one.read_text() for one in TEMPLATES.rglob("*.html")}
BASE = (STATIC / "base.css").read_text()
DARK = BASE.index("@media (prefers-color-scheme: dark)")
_COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{3,6})\b")
LIGHT_SCHEME = dict(_COLOUR.findall(BASE[:DARK]))
SCHEMES = {
    "light": LIGHT_SCHEME,
    "dark": LIGHT_SCHEME | dict(_COLOUR.findall(BASE[DARK : BASE.index("/* ground */")])),
}

STATES = ("done", "open", "waiting", "failed", "blocked")
TEXTS = [
    *((text, on) for text in ("ink", "ink-2", "ink-3", "link", *STATES) for on in ("paper", "ground", "hover")),
    *((state, f"{state}-tint") for state in STATES),
    *((text, f"{state}-tint") for text in ("ink", "ink-2", "link") for state in STATES[1:4]),
    ("on-accent", "accent"), ("on-accent", "accent-deep"), ("paper", "ink"),
]  # fmt: skip
EDGES = [(edge, on) for edge in ("field", "focus") for on in ("paper", "ground")]

NEWER = (
    ":has(",
    ":is(",
    ":where(",
    "@layer",
    "@container",
    "color-mix(",
    "light-dark(",
    "aspect-ratio",
    "inset:",
    "dvh",
    "&",
)
NEWER_SCRIPT = (
    "?.",
    "??",
    "=>",
    "`",
    "replaceAll(",
    ".at(",
    "structuredClone",
    "Object.groupBy",
    "const ",
    "let ",
)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2) of #rgb or #rrggbb."""
    digits = colour.lstrip("#")
    digits = "".join(one * 2 for one in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.03928 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(scheme: str, one: str, other: str) -> float:
    """Between two variables of a scheme."""
    dark, light = sorted(luminance(SCHEMES[scheme][name]) for name in (one, other))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_and_edges_can_be_told_from_their_ground(scheme: str) -> None:
    """AA: 4.5 for words (1.4.3), 3 for the edges of fields and the focus (1.4.11)."""
    weak = [(*pair, round(contrast(scheme, *pair), 2)) for pair in TEXTS if contrast(scheme, *pair) < 4.5]
    weak += [(*pair, round(contrast(scheme, *pair), 2)) for pair in EDGES if contrast(scheme, *pair) < 3]
    assert weak == []


def test_style_and_script_ask_nothing_of_a_browser_that_came_after_2020() -> None:
    """Chromium 86 is what an office's domestic Linux may have; what it only leaves out, such as text-autospace, may stand."""
    # A comment, or a rule for those browsers alone that say they know it.
    apart = re.compile(r"/\*.*?\*/|@supports .*?^}", re.DOTALL | re.MULTILINE)
    rules = "".join(apart.sub("", one.read_text()) for one in STATIC.glob("*.css"))
    script = "".join(re.sub(r"//[^\n]*", "", one.read_text()) for one in STATIC.glob("*.js"))
    assert [one for one in NEWER if one in rules] == []
    assert [one for one in NEWER_SCRIPT if one in script] == []


def test_every_page_loads_each_style_and_each_program() -> None:
    """Each is a name in one list of base.html: a file that is on none would never be seen."""
    page = (TEMPLATES / "base.html").read_text()
    listed = [
        set(re.findall(r'"(\w+)"', found))
        for found in re.findall(r"{% for (?:sheet|program) in \((.*?)\) %}", page)
    ]
    assert listed == [{one.stem for one in STATIC.glob(kind)} for kind in ("*.css", "*.js")]


def test_no_line_of_a_style_program_or_template_is_too_long_to_read() -> None:
    files = [*STATIC.glob("*.css"), *STATIC.glob("*.js"), *TEMPLATES.rglob("*.html")]
    long = [
        f"{one.name}:{number}"
        for one in files
        for number, line in enumerate(one.read_text().splitlines(), 1)
        if len(line) > 160
    ]
    assert long == []


def test_every_class_of_a_template_is_known_to_a_style_or_a_program() -> None:
    """One that is not has lost its style, or never had one."""
    rules = "".join(one.read_text() for one in (*STATIC.glob("*.css"), *STATIC.glob("*.js")))
    known = set(re.findall(r"\.([a-z][a-z0-9-]*)", rules)) | {"meant"}  # where what is looked up is put
    plain = {
        file: re.sub(r"(is-)?{[{%#].*?[#%}]}", " ", text, flags=re.DOTALL) for file, text in SOURCES.items()
    }
    spoken = {
        (file, one)
        for file, text in plain.items()
        for found in re.findall(r' class="([^"]*)"', text)
        for one in found.split()
    }
    assert sorted((file, one) for file, one in spoken if one not in known) == []


IMPORTS = [
    (file, source, *one.strip().split(" as "))
    for file, text in SOURCES.items()
    for source, names in re.findall(r'{% from "([^"]+)" import (.*?)(?: with context)? %}', text)
    for one in names.split(",")
]
"""(template, from where, macro) or, under another name, (…, macro, name)."""


def called(file: str, macro: str) -> bool:
    """Whether a template calls a macro, or one that extends it does."""
    heirs = SOURCES.values() if file == "base.html" else (SOURCES[file],)
    return any(re.search(rf"(?<!macro ){macro}\(", text) for text in heirs)


def test_what_a_template_imports_is_there_and_is_used() -> None:
    """Jinja misses a macro only on the page that needs it, and never an import that nobody needs."""
    assert [one for one in IMPORTS if f"{{% macro {one[2]}(" not in SOURCES[one[1]]] == []
    assert [one for one in IMPORTS if not called(one[0], one[-1])] == []


def test_every_macro_is_used() -> None:
    taken = {(source, macro) for _, source, macro, *_ in IMPORTS}
    made = [
        (file, macro) for file, text in SOURCES.items() for macro in re.findall(r"{% macro (\w+)\(", text)
    ]
    assert [one for one in made if one not in taken and not called(*one)] == []


def test_every_form_that_is_sent_names_its_address() -> None:
    """A page that answers a form is seen again at the address of the page before (web/frame/answers.py)."""
    forms = [
        tag
        for text in SOURCES.values()
        for tag in re.findall(r"<form\b[^>]*>", text)
        if 'method="post"' in tag
    ]
    assert len(forms) > 50
    assert [tag for tag in forms if "action=" not in tag] == []
