"""Which part of a workbook holds which sheet: what the parts say of hidden rows and errors, by the names of the sheets."""

from __future__ import annotations

import io
import posixpath
import zipfile
from xml.etree import ElementTree

from core.register.roster.extent import Extent, Marks

_BOOK = "xl/workbook.xml"
_LINKS = "xl/_rels/workbook.xml.rels"


def hidden_by_sheet(copy: io.BytesIO, extent: Extent) -> dict[str, Marks]:
    """Name of a sheet → what its part says; of a copy that `extent` has measured, so that it holds no entities."""
    with zipfile.ZipFile(copy) as book:
        names = set(book.namelist())
        if not {_BOOK, _LINKS} <= names:
            copy.seek(0)
            return extent.sheets
        targets = {
            link.get("Id"): posixpath.normpath(posixpath.join("/xl", link.get("Target", ""))).lstrip("/")
            for link in _elements(book.read(_LINKS), "Relationship")
        }
        sheets = list(_elements(book.read(_BOOK), "sheet"))
    copy.seek(0)
    found = {}
    for sheet in sheets:
        link = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), None)
        found[sheet.get("name", "")] = extent.marks.get(targets.get(link, ""), Marks())
    return found


def begins_in_1904(copy: io.BytesIO) -> bool:
    """Whether the days of an .xlsx are counted from 1904, as on old Macintoshes."""
    with zipfile.ZipFile(copy) as book:
        found = list(_elements(book.read(_BOOK), "workbookPr")) if _BOOK in book.namelist() else []
    copy.seek(0)
    return any(one.get("date1904") in ("1", "true") for one in found)


def _elements(part: bytes, name: str) -> list[ElementTree.Element]:
    return [one for one in ElementTree.fromstring(part).iter() if one.tag.rpartition("}")[2] == name]
