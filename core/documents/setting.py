"""Setting papers: what they say and their templates go in, a document or a zip of documents comes out, made apart."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from core.apart import Exhausted, Limits, apart
from core.documents.model import Code, Filled, Made, Row, Said
from core.documents.sealed import sealed
from core.documents.templates import Unset, one_after_another, saved, set_in
from core.errors import Invalid

LIMITS = Limits(memory=640 << 20, seconds=60, wall=120, answer=64 << 20)
"""200 papers of two pages take half of the time."""


class Leaf(NamedTuple):
    """A paper to be set: the name of its file, what it says, its template; whether that is `sealed` (dangwu.Paper)."""

    name: str
    said: Said
    template: bytes
    sealed: bool

    @property
    def ending(self) -> str:
        """Of its file."""
        return "pdf" if self.sealed else "docx"


def leaf(name: str, filled: Filled, templates: Mapping[str, bytes]) -> Leaf:
    """A paper to be set in a file of that name; `templates` by the names of papers (`Brought.id`)."""
    return Leaf(name, filled.said, templates[filled.brought.id], filled.brought.paper.sealed)


class _Leaf(msgspec.Struct, frozen=True, array_like=True):
    name: str
    template: int
    said: Mapping[str, str | Sequence[Row] | Code]
    ending: str


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
    numbered = tuple(_Leaf(one.name, templates.index(one.template), one.said, one.ending) for one in leaves)
    job = Job(templates, numbered, "" if zipped else name, beside or {})
    try:
        content = await apart(__name__, msgspec.msgpack.encode(job), LIMITS)
    except Exhausted as error:
        raise Invalid("这些文书太多或者太长，没有生成。请缩小范围，分几次打印。", code="exhausted") from error
    return Made(name, "zip" if zipped or beside else leaves[0].ending, content)


def work(given: bytes) -> bytes:
    """What runs apart."""
    job = msgspec.msgpack.decode(given, type=Job)
    try:
        if job.together:
            whole = _whole(job)
            named = (job.together, job.leaves[0].ending, whole)
            return _zipped([named], job.beside) if job.beside else whole
        return _zipped([(one.name, one.ending, _set(job, one)) for one in job.leaves], job.beside)
    except Unset as error:
        sentence = f"文书的模板不能用（{error}）。请在“文书模板”中改正或者换回原来的模板。"
        raise Invalid(sentence, code="template") from error


def _set(job: Job, one: _Leaf) -> bytes:
    template = job.templates[one.template]
    return sealed(template, [one.said]) if one.ending == "pdf" else saved(set_in(template, one.said))


def _whole(job: Job) -> bytes:
    """The leaves one after another; they are all of one template."""
    [template], said = job.templates, [one.said for one in job.leaves]
    if job.leaves[0].ending == "pdf":
        return sealed(template, said)
    return one_after_another(set_in(template, one) for one in said)


def _zipped(files: Iterable[tuple[str, str, bytes]], beside: Mapping[str, str]) -> bytes:
    out, taken = io.BytesIO(), dict[str, int]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, ending, content in files:
            taken[name] = number = taken.get(name, 0) + 1
            packed.writestr(f"{name}{'' if number == 1 else f'（{number}）'}.{ending}", content)
        for name, text in beside.items():
            packed.writestr(name, text)
    return out.getvalue()
