"""Papers that nobody may alter: set as PDF by Typst, apart (core/apart.py), from data alone.

What a paper says goes in as JSON, never as a piece of the program: nothing written in it can be an instruction. The program sees
no font but ours, and no file.
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping, Sequence
from functools import cache

import msgspec
import segno
import typst

from core.documents.font import FONT, NAME
from core.documents.model import Code, Row, Said, Value
from core.documents.templates import Unset

_BEFORE = f'#set text(font: "{NAME}", size: 12pt, lang: "zh", region: "cn", cjk-latin-spacing: none)\n'
_AFTER = """
#for (number, it) in json(bytes(sys.inputs.sheets)).enumerate() { if number > 0 { pagebreak() }; paper(it) }
"""


def sealed(template: bytes, sheets: Sequence[Said]) -> bytes:
    """The papers of a template one after another, as PDF. Raises Unset."""
    program = _BEFORE.encode() + template + _AFTER.encode()
    said = [{name: _given(value) for name, value in one.items()} for one in sheets]
    try:
        made = typst.Compiler(
            program,
            root=FONT.parent,
            font_paths=_fonts(),
            sys_inputs={"sheets": msgspec.json.encode(said).decode()},
        ).compile(format="pdf")
    except typst.TypstError as error:
        raise Unset(str(error).partition("\n")[0][:120]) from error
    assert isinstance(made, bytes)
    return made


@cache
def _fonts() -> typst.Fonts:
    # One thread: each reserves addresses, of which this process has few.
    os.environ["RAYON_NUM_THREADS"] = "1"
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONT.parent)]
    )


def _given(value: Value) -> str | Sequence[Row] | Mapping[str, str]:
    return {"picture": _drawn(value)} if isinstance(value, Code) else value


def _drawn(code: Code) -> str:
    drawn = io.BytesIO()
    segno.make(code.text, error="m").save(drawn, kind="svg", scale=6, border=2)
    return drawn.getvalue().decode()
