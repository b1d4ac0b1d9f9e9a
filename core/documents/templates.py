"""Templates in Word, as they are read and set: sandboxed, apart (core/apart.py), with what stands in them escaped.

A template may be a county's own. Nothing in it reaches beyond the values that it is given.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from copy import deepcopy

from docx.document import Document
from docx.enum.text import WD_BREAK
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from core.documents.model import Said


class Unset(Exception):
    """A template that cannot be set, and why, as a clause."""


def set_in(template: bytes, said: Said) -> Document:
    """The document that a template gives. Raises Unset."""
    made = DocxTemplate(io.BytesIO(template))
    try:
        made.render(dict(said), environment(), autoescape=True)
    except MemoryError:
        raise
    except Exception as error:  # whatever an expression in somebody's template comes to
        raise Unset(_why(error)) from error
    document: Document = made.docx
    return document


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
            end.addprevious(deepcopy(part))
    return saved(first)


def _why(error: Exception) -> str:
    return (str(error) or type(error).__name__).partition("\n")[0][:120]


__all__ = ["Unset", "environment", "names_in", "one_after_another", "saved", "set_in"]
