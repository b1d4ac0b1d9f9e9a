"""`python plugins/national/papers/make.py`: write the templates in Word from the texts beside this file.

A text is read line by line: `# ` the title, `= ` a heading, `> ` a line without indent, `>> ` one at the right, `| a | b |` a row
of a table (`|12|60|` on its own says the widths in hundredths), `{%…%}` an instruction of the template, `---` a new page;
everything else a paragraph. The look is that of official documents (GB/T 9704): A4, its margins, 小标宋、黑体、仿宋.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).parent
OUT = HERE.parent / "dangwu_national" / "documents"
WIDTH = 8845
"""Of a line, in twentieths of a point: A4 less 28 mm and 26 mm."""
FONTS = {"方正小标宋简体": "宋体", "黑体": "SimHei", "仿宋_GB2312": "仿宋", "楷体_GB2312": "楷体"}
"""The fonts of official documents, each with the one that stands in for it."""

_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PARTS = {"styles": "styles", "fontTable": "fontTable", "footer1": "footer"}


def _style(name: str, font: str, size: int, layout: str, *, bold: bool = False) -> str:
    fonts = f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{font}" w:hint="eastAsia"/>'
    weight = "<w:b/>" if bold else ""
    default = ' w:default="1"' if name == "Normal" else ""
    based = "" if default else '<w:basedOn w:val="Normal"/>'
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{name}"><w:name w:val="{name}"/>{based}'
        f'<w:pPr>{layout}</w:pPr><w:rPr>{fonts}{weight}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
    )


def _line(points: int, rest: str = "") -> str:
    return f'<w:spacing w:before="0" w:after="0" w:line="{points * 20}" w:lineRule="atLeast"/>{rest}'


STYLES = "".join((
    _style("Normal", "仿宋_GB2312", 32, _line(28, '<w:ind w:firstLineChars="200" w:firstLine="640"/><w:jc w:val="both"/>')),
    _style("Plain", "仿宋_GB2312", 32, _line(28, '<w:ind w:firstLineChars="0" w:firstLine="0"/>')),
    _style("Right", "仿宋_GB2312", 32, _line(28, '<w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="right"/>')),
    _style("Title", "方正小标宋简体", 44,
           '<w:spacing w:before="0" w:after="360" w:line="640" w:lineRule="atLeast"/>'
           '<w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/>'),
    _style("Heading", "黑体", 32, "<w:keepNext/>" + _line(28)),
    _style("Cell", "仿宋_GB2312", 24, _line(18, '<w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="left"/>')),
    _style("Footer", "仿宋_GB2312", 20, _line(14, '<w:ind w:firstLineChars="0" w:firstLine="0"/><w:jc w:val="center"/>')),
))  # fmt: skip


def _text(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _paragraph(text: str, style: str = "Normal") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{_text(text) if text else ""}</w:p>'


def _row(cells: list[str], widths: list[int]) -> str:
    made = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width * WIDTH // 100}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
        f"{_paragraph(cell, 'Cell')}</w:tc>"
        for cell, width in zip(cells, widths, strict=True)
    )
    return f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="480"/></w:trPr>{made}</w:tr>'


def _instruction(text: str, widths: list[int]) -> str:
    """A row of its own that the template takes out: `{%tr for … %}`."""
    return f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="{len(widths)}"/></w:tcPr>{_paragraph(text, "Cell")}</w:tc></w:tr>'


def _table(lines: list[str]) -> str:
    widths, rows = [100], []
    for line in lines:
        cells = [one.strip() for one in line.strip("|").split("|")]
        if line.startswith("{%tr"):
            rows.append(_instruction(line, widths))
        elif all(one.isdecimal() for one in cells):
            widths = [int(one) for one in cells]
        else:
            rows.append(_row(cells, widths))
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width * WIDTH // 100}"/>' for width in widths)
    layout = f'<w:tblW w:w="{WIDTH}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
    return f"<w:tbl><w:tblPr>{layout}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


MARKS = {"# ": "Title", "= ": "Heading", "> ": "Plain", ">> ": "Right"}


def _blocks(text: str) -> Iterator[str]:
    table: list[str] = []
    for line in [*text.splitlines(), "---end"]:
        if line.startswith(("|", "{%tr")):
            table.append(line)
            continue
        if table:
            yield _table(table)
            table = []
        if line == "---":
            yield '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
        elif line != "---end":
            mark = next((mark for mark in sorted(MARKS, key=len, reverse=True) if line.startswith(mark)), "")
            yield _paragraph(
                line[len(mark) :], MARKS.get(mark, "Plain" if line.startswith("{%p") else "Normal")
            )


def _document(text: str) -> str:
    page = (
        f'<w:sectPr><w:footerReference w:type="default" r:id="rIdfooter1" xmlns:r="{_REL}"/><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1587" w:header="851" w:footer="1134" w:gutter="0"/>'
        "</w:sectPr>"
    )
    return f"{_HEAD}<w:document {_NS}><w:body>{''.join(_blocks(text))}{page}</w:body></w:document>"


def _parts(text: str) -> Iterator[tuple[str, str]]:
    kinds = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_OFFICE}.{kind}+xml"/>'
        for part, kind in PARTS.items()
    )
    yield (
        "[Content_Types].xml",
        (
            f'{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{_OFFICE}.document.main+xml"/>{kinds}</Types>'
        ),
    )
    rels = f'{_HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    main = f'<Relationship Id="rId1" Type="{_REL}/officeDocument" Target="word/document.xml"/>'
    yield "_rels/.rels", f"{rels}{main}</Relationships>"
    linked = "".join(
        f'<Relationship Id="rId{part}" Type="{_REL}/{kind}" Target="{part}.xml"/>'
        for part, kind in PARTS.items()
    )
    yield "word/_rels/document.xml.rels", f"{rels}{linked}</Relationships>"
    yield "word/document.xml", _document(text)
    yield "word/styles.xml", f"{_HEAD}<w:styles {_NS}>{STYLES}</w:styles>"
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>' for name, other in FONTS.items()
    )
    yield "word/fontTable.xml", f"{_HEAD}<w:fonts {_NS}>{fonts}</w:fonts>"
    number = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    yield (
        "word/footer1.xml",
        (
            f'{_HEAD}<w:ftr {_NS}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{_text("— ")}{number}{_text(" —")}</w:p></w:ftr>'
        ),
    )


def template(text: str) -> bytes:
    """The template that a text describes; the same text gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in _parts(re.sub(r"\n+", "\n", text)):
            part = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(part, content)
    return out.getvalue()


def main() -> None:
    """Write them all."""
    for text in sorted(HERE.glob("*.txt")):
        (OUT / f"{text.stem}.docx").write_bytes(template(text.read_text("utf-8")))


if __name__ == "__main__":
    main()
