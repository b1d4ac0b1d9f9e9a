"""A template that somebody sends is looked through apart: what it is, what it may not hold, whether its fields are there."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping

import msgspec

from core.apart import Exhausted, Limits, apart
from core.documents.model import CODES, Code, Value
from core.documents.rows import COLUMNS
from core.documents.sealed import sealed
from core.documents.templates import Unset, names_in, saved, set_in
from core.errors import Invalid
from core.files.harmful import refuse_test_string
from core.files.packed import extension_of
from dangwu import Paper, nearest

LIMITS = Limits(memory=512 << 20, seconds=15, wall=30, answer=4 << 20)
LARGEST = 1 << 20
"""Bytes of a county's template; a plugin's are smaller (dangwu.plugins.paper)."""
_LARGEST_UNPACKED = 24 << 20

_FOREIGN = re.compile(r"embeddings/|activex|oleobject|afchunk|\.bin$|\.html?$|\.rtf$", re.IGNORECASE)
_OUTWARD = re.compile(rb"<[^>]*Relationship\b[^>]*>")
_FIELDS = re.compile(rb"<w:instrText[^>]*>([^<]*)</w:instrText>|w:instr=\"([^\"]*)\"")
_CALLS = re.compile(
    r"\b(INCLUDETEXT|INCLUDEPICTURE|DDE|DDEAUTO|LINK|MACROBUTTON|IMPORT|DATABASE)\b", re.IGNORECASE
)


class _Asked(msgspec.Struct, frozen=True):
    filename: str
    content: bytes
    fields: Mapping[str, str]
    words: Mapping[str, str]
    sealed: bool


async def checked(paper: Paper, filename: str, content: bytes) -> bytes:
    """How a template for this paper looks, with its fields' names in their places. Raises Invalid for what is wrong."""
    if len(content) > LARGEST:
        raise Invalid(
            f"“{filename}”超过 1 MB。模板里请不要放大图片，另存为 .docx 后再上传。", code="file-size"
        )
    asked = _Asked(filename, content, paper.fields, paper.words, paper.sealed)
    try:
        return await apart(__name__, msgspec.msgpack.encode(asked), LIMITS)
    except Exhausted as error:
        raise Invalid(
            f"“{filename}”太复杂，没有读完。请用 Word 或 WPS 重新做一个模板。", code="exhausted"
        ) from error


def work(given: bytes) -> bytes:
    """What runs apart."""
    asked = msgspec.msgpack.decode(given, type=_Asked)
    if asked.sealed:
        return sealed(asked.content, [{**_sample(asked.fields), **asked.words}])
    _refuse_what_is_no_template(asked)
    known = {**asked.fields, **asked.words}
    try:
        if unknown := sorted(names_in(asked.content) - known.keys()):
            raise Invalid(_unknown(unknown, known), code="template-field")
        return saved(set_in(asked.content, {**_sample(asked.fields), **asked.words}))
    except Unset as error:
        raise Invalid(_unset(error, asked.fields), code="template-syntax") from error
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise Invalid(
            f"“{asked.filename}”打不开，可能已经损坏。请用 Word 或 WPS 另存为 .docx 后再上传。",
            code="file-content",
        ) from error


def _sample(fields: Mapping[str, str]) -> dict[str, Value]:
    return {name: _shown(name, source) for name, source in fields.items()}


def _shown(name: str, source: str) -> Value:
    if source in COLUMNS:
        return [{column: f"〔{column}〕" for column in COLUMNS[source]}]
    return Code(f"〔{name}〕") if source in CODES else f"〔{name}〕"


def _unknown(unknown: list[str], known: Mapping[str, str]) -> str:
    said = "、".join(f"“{name}”{nearest(name, known)}" for name in unknown)
    return f"模板里有这份文书没有的字段：{said}。能用的字段列在下面，请改正后重新上传。"


def _unset(error: Unset, fields: Mapping[str, str]) -> str:
    columns = sorted({column for source in fields.values() for column in COLUMNS.get(source, ())})
    rows = f"表格的行里能用的是：{'、'.join(columns)}。" if columns else ""
    return f"模板里的 {{{{ }}}} 或 {{% %}} 写得不对（{error}）。{rows}请改正后重新上传。"


def _refuse_what_is_no_template(asked: _Asked) -> None:
    refuse_test_string(io.BytesIO(asked.content), asked.filename)
    if extension_of(io.BytesIO(asked.content)) != "docx":
        raise Invalid(
            f"“{asked.filename}”不是 Word 文档（.docx），或者带有宏。请用 Word 或 WPS 另存为“.docx”后再上传。",
            code="file-content",
        )
    with zipfile.ZipFile(io.BytesIO(asked.content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > _LARGEST_UNPACKED:
            raise Invalid(f"“{asked.filename}”解压以后太大，没有读取。请重新做一个模板。", code="exhausted")
        for what in _foreign(packed):
            raise Invalid(
                f"“{asked.filename}”里有{what}，模板里不能有。请删去后重新上传。", code="file-harmful"
            )


def _foreign(packed: zipfile.ZipFile) -> Iterator[str]:
    """What reaches beyond the document: embedded objects, links to files elsewhere, fields that fetch or run something."""
    for name in packed.namelist():
        if _FOREIGN.search(name):
            yield "嵌入的对象"
        if name.endswith(".rels") and any(_reaches_out(one) for one in _OUTWARD.findall(packed.read(name))):
            yield "引用外部文件的链接"
        if name.endswith(".xml"):
            codes = " ".join((a or b).decode(errors="replace") for a, b in _FIELDS.findall(packed.read(name)))
            if _CALLS.search(codes):
                yield "会取用外部内容的域"


def _reaches_out(relation: bytes) -> bool:
    return b"External" in relation and b"/hyperlink" not in relation
