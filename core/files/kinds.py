"""Which files are taken, told by their content and not by their name."""

from __future__ import annotations

from pathlib import Path

import filetype
import msgspec

from core.errors import Invalid
from core.files import compound
from core.files.packed import extension_of

LARGEST = 20 * 1024 * 1024
TAKEN = "可以上传 PDF、DOCX、XLSX、OFD、DOC、WPS 文件和 JPG、PNG、HEIC、TIF、WEBP 图片，每个不超过 20 MB。"


class Kind(msgspec.Struct, frozen=True):
    """A kind of file: its extension and media type."""

    extension: str
    mime: str


PDF, JPG, PNG = Kind("pdf", "application/pdf"), Kind("jpg", "image/jpeg"), Kind("png", "image/png")
DOCX = Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
XLSX = Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
OFD = Kind("ofd", "application/ofd")
DOC, WPS = Kind("doc", "application/msword"), Kind("wps", "application/vnd.ms-works")
HEIC, TIF, WEBP = Kind("heic", "image/heic"), Kind("tif", "image/tiff"), Kind("webp", "image/webp")
KINDS = {
    "pdf": PDF, "jpg": JPG, "jpeg": JPG, "png": PNG, "docx": DOCX, "xlsx": XLSX, "ofd": OFD, "doc": DOC, "wps": WPS,
    "heic": HEIC, "tif": TIF, "tiff": TIF, "webp": WEBP,
}  # fmt: skip
PLAIN = ("pdf", "jpg", "png", "heic", "tif", "webp")
"""Those that their first bytes tell."""


def declared_kind(filename: str) -> Kind:
    """The kind that the name claims. Raises Invalid for others."""
    extension = Path(filename).suffix.lower().lstrip(".")
    if extension not in KINDS:
        raise Invalid(f"“{filename}”这种文件不能上传。{TAKEN}", code="file-kind")
    return KINDS[extension]


def check_content(path: Path, declared: Kind, filename: str) -> None:
    """Raise Invalid unless the content really is of the declared kind; what it is instead is called by its name."""
    found = _told_by(path)
    if declared in found:
        return
    if found:
        is_one = found[0].extension
        sentence = f"“{filename}”其实是 {is_one.upper()} 文件。请把扩展名改为 .{is_one} 后上传。"
    else:
        sentence = (
            f"“{filename}”的内容不是 {declared.extension.upper()} 文件，可能是改了扩展名或已经损坏。"
            "请用原来的程序重新保存后上传。"
        )
    raise Invalid(sentence, code="file-content")


def _told_by(path: Path) -> tuple[Kind, ...]:
    """What it can be; an old text is both DOC and WPS."""
    with path.open("rb") as stream:
        head = stream.read(8192)
    if head.startswith(compound.MAGIC):
        return (DOC, WPS) if compound.is_text(path) else ()
    guess = filetype.guess(head)
    if guess is not None and guess.extension in PLAIN:
        return (KINDS[str(guess.extension)],)
    extension = extension_of(path) if head[:4] == b"PK\x03\x04" else None
    return (KINDS[extension],) if extension else ()
