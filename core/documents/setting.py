"""Setting papers: sheets and their templates go in, a document or a zip of documents comes out, made apart."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from core.apart import Exhausted, Limits, apart
from core.documents.model import Code, Made, Row, Said
from core.documents.templates import Unset, one_after_another, saved, set_in
from core.errors import Invalid

LIMITS = Limits(memory=640 << 20, seconds=60, wall=120, answer=64 << 20)
"""200 papers of two pages take half of the time."""


class Leaf(NamedTuple):
    """A paper to be set: the name of its file, what it says, its template."""

    name: str
    said: Said
    template: bytes


class _Leaf(msgspec.Struct, frozen=True, array_like=True):
    name: str
    template: int
    said: Mapping[str, str | Sequence[Row] | Code]


class Job(msgspec.Struct, frozen=True):
    """What runs apart: all `together` in one document of that name (of one template), or each by itself in a zip; `beside`: texts
    that go into a zip as files."""

    templates: tuple[bytes, ...]
    leaves: tuple[_Leaf, ...]
    together: str = ""
    beside: Mapping[str, str] = {}


async def made(
    leaves: Sequence[Leaf], name: str, *, zipped: bool = False, beside: Mapping[str, str] | None = None
) -> Made:
    """The papers as one document or a zip. Raises Invalid for what cannot be set."""
    templates = tuple(dict.fromkeys(one.template for one in leaves))
    numbered = tuple(_Leaf(one.name, templates.index(one.template), one.said) for one in leaves)
    job = Job(templates, numbered, "" if zipped else name, beside or {})
    try:
        content = await apart(__name__, msgspec.msgpack.encode(job), LIMITS)
    except Exhausted as error:
        raise Invalid("这些文书太多或者太长，没有生成。请缩小范围，分几次打印。", code="exhausted") from error
    return Made(name, "zip" if zipped or beside else "docx", content)


def work(given: bytes) -> bytes:
    """What runs apart."""
    job = msgspec.msgpack.decode(given, type=Job)
    try:
        documents = [set_in(job.templates[leaf.template], leaf.said) for leaf in job.leaves]
    except Unset as error:
        sentence = f"文书的模板不能用（{error}）。请在“文书模板”中改正或者换回原来的模板。"
        raise Invalid(sentence, code="template") from error
    if not job.together:
        return _zipped(
            [(leaf.name, saved(one)) for leaf, one in zip(job.leaves, documents, strict=True)], job
        )
    whole = one_after_another(documents)
    return _zipped([(job.together, whole)], job) if job.beside else whole


def _zipped(files: Sequence[tuple[str, bytes]], job: Job) -> bytes:
    out, taken = io.BytesIO(), dict[str, int]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files:
            taken[name] = number = taken.get(name, 0) + 1
            packed.writestr(f"{name}{'' if number == 1 else f'（{number}）'}.docx", content)
        for name, text in job.beside.items():
            packed.writestr(name, text)
    return out.getvalue()
