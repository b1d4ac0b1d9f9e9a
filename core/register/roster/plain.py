"""A roster as plain text (csv): its characters, and what stands between its cells."""

from __future__ import annotations

import csv
import io

from core.errors import Invalid
from core.register.roster.extent import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, SAVE_AGAIN, TOO_FAR
from core.register.roster.table import Table

_SEPARATORS = ",\t;，"


def is_text(content: bytes) -> bool:
    """Whether a file may be plain text with the headings of a roster, or of a list of organisations, near its beginning."""
    if b"\0" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    try:
        begins = "".join(decoded(content)[:4096].split())
        return any(sign in begins for sign in ("姓名", "名字", "身份证", "党组织"))
    except Invalid:
        return False


def decoded(content: bytes) -> str:
    """UTF-8 (with its mark or without), UTF-16 with its mark, else GB 18030 as Chinese Excel writes it. Raises Invalid."""
    utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(f"csv 文件的文字既不是 UTF-8 也不是 GBK 编码。{SAVE_AGAIN}", code="wrong-type")


def read_text(content: bytes) -> Table:
    """The one sheet of it, all rows of one length. Raises Invalid when it goes too far."""
    text = decoded(content)
    separator = max(_SEPARATORS, key=text[:4096].count)
    try:
        rows: list[list[object]] = [
            list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        ]
    except csv.Error as error:
        raise Invalid(f"csv 文件已损坏，不能读取。{SAVE_AGAIN}", code="damaged") from error
    width = max(map(len, rows), default=0)
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS or len(rows) * width > MOST_CELLS:
        raise Invalid(TOO_FAR, code="too-many-rows")
    return Table("csv", [row + [""] * (width - len(row)) for row in rows])
