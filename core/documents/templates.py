"""Templates in Word, as they are read and set: sandboxed, apart (core/apart.py), with what stands in them escaped.

A template may be a county's own. Nothing in it reaches beyond the values that it is given.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from copy import deepcopy

import segno
from docx.document import Document
from docx.enum.text import WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.documents.model import Code, Said, Value

SIDE = Mm(28)
"""Of a code on paper: a telephone reads it from a hand's breadth."""


class Unset(Exception):
    """A template that cannot be set, and why, as a clause."""


def set_in(template: bytes, said: Said) -> Document:
    """The document that a template gives. Raises Unset."""
    made = DocxTemplate(io.BytesIO(template))
    try:
        made.render({name: _set(made, value) for name, value in said.items()}, environment(), autoescape=True)
    except MemoryError:
        raise
    except Exception as error:  # whatever an expression in somebody's template comes to
        raise Unset(_why(error)) from error
    document: Document = made.docx
    return document


class _Picture:
    """A picture in its place. The sandbox keeps a template from whatever begins with an underscore: it can only be shown."""

    def __init__(self, made: DocxTemplate, code: Code) -> None:
        drawn = io.BytesIO()
        segno.make(code.text, error="m").save(drawn, kind="png", scale=6, border=2)
        self._shown = InlineImage(made, drawn, width=SIDE)

    def __html__(self) -> str:
        return str(self._shown)


def _set(made: DocxTemplate, value: Value) -> object:
    return _Picture(made, value) if isinstance(value, Code) else value


def names_in(template: bytes) -> set[str]:
    """The names that a template asks for. Raises Unset."""
    try:
        return set(DocxTemplate(io.BytesIO(template)).get_undeclared_template_variables(environment()))
    except TemplateError as error:
        raise Unset(_why(error)) from error


def environment() -> ImmutableSandboxedEnvironment:
    """Where templates are read: what they ask for and are not given is an error, Jinja's own helpers too."""
    made = ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    made.globals.clear()
    return made


def saved(document: Document) -> bytes:
    """The document as a file."""
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def one_after_another(documents: Iterable[Document]) -> bytes:
    """Documents of one template as a single file, each on pages of its own."""
    first, *others = documents
    body = first.element.body
    end = body[-1]  # the section: margins, headers
    for document in others:
        first.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        for part in document.element.body[:-1]:
            end.addprevious(copied := deepcopy(part))
            for picture in copied.iter(
                qn("a:blip")
            ):  # it lies beside the document, under a number of its own there
                image = document.part.related_parts[picture.get(qn("r:embed"))]
                picture.set(qn("r:embed"), first.part.get_or_add_image(io.BytesIO(image.blob))[0])
    return saved(first)


def _why(error: Exception) -> str:
    return (str(error) or type(error).__name__).partition("\n")[0][:120]
