"""Setting papers: sheets and their templates go in, a document or a zip of documents comes out, made apart."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from core.apart import Exhausted, Limits, apart
from core.documents.model import Made, Row, Sheet
from core.documents.templates import Unset, one_after_another, saved, set_in
from core.errors import Invalid
from core.files.kinds import DOCX

LIMITS = Limits(memory=640 << 20, seconds=60, wall=120, answer=64 << 20)
"""300 papers of two pages take a third of the time."""
ZIP = "application/zip"


class Leaf(msgspec.Struct, frozen=True):
    """One paper: the name of its file, which of the templates, what it says."""

    name: str
    template: int
    said: Mapping[str, str | Sequence[Row]]


class Job(msgspec.Struct, frozen=True):
    """What runs apart: `as_` one document (of one template) or a zip; `beside`: texts that go into the zip as files."""

    templates: tuple[bytes, ...]
    leaves: tuple[Leaf, ...]
    as_: Literal["one", "zip"] = "one"
    beside: Mapping[str, str] = {}


async def made(sheets: Sequence[tuple[str, Sheet, bytes]], name: str, *, zipped: bool = False,
               beside: Mapping[str, str] | None = None) -> Made:  # fmt: skip
    """The papers (name of the file, sheet, template) as one document or a zip. Raises Invalid for what cannot be set."""
    templates = tuple(dict.fromkeys(content for _, _, content in sheets))
    leaves = tuple(Leaf(each, templates.index(content), one.said) for each, one, content in sheets)
    job = Job(templates, leaves, "zip" if zipped else "one", beside or {})
    try:
        content = await apart(__name__, msgspec.msgpack.encode(job), LIMITS)
    except Exhausted as error:
        raise Invalid("这些文书太多或者太长，没有生成。请缩小范围，分几次打印。", code="exhausted") from error
    return Made(f"{name}.{'zip' if zipped else 'docx'}", ZIP if zipped else DOCX.mime, content)


def work(given: bytes) -> bytes:
    """What runs apart."""
    job = msgspec.msgpack.decode(given, type=Job)
    try:
        documents = [set_in(job.templates[leaf.template], leaf.said) for leaf in job.leaves]
    except Unset as error:
        raise Invalid(
            f"文书的模板不能用（{error}）。请在“文书模板”中改正或者换回原来的模板。", code="template"
        ) from error
    return (
        one_after_another(documents) if job.as_ == "one" else _zipped(job, [saved(one) for one in documents])
    )


def _zipped(job: Job, documents: Sequence[bytes]) -> bytes:
    out, taken = io.BytesIO(), dict[str, int]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for leaf, content in zip(job.leaves, documents, strict=True):
            taken[leaf.name] = number = taken.get(leaf.name, 0) + 1
            packed.writestr(f"{leaf.name}{'' if number == 1 else f'（{number}）'}.docx", content)
        for name, text in job.beside.items():
            packed.writestr(name, text)
    return out.getvalue()
