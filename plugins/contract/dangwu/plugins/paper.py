"""The papers that a plugin brings (`dangwu_documents`): templates in Word, each with what it is for and what it may say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Annotated

import msgspec
from msgspec import Meta

from dangwu.errors import PolicyError, nearest
from dangwu.plugins.origin import Folder
from dangwu.plugins.printable import DATES, misnamed, unfit_for_public
from dangwu.policy.floor import Floor
from dangwu.policy.policy import Cite, Id, Named, Policy
from dangwu.text.reader import read
from dangwu.text.written import decoded
from dangwu.values.catalogue import INSERTED
from dangwu.values.word import Kind, Level

FOLDER, LIST = "documents", "documents.yaml"
LARGEST = 256 * 1024
"""Bytes of a template."""
Word = Annotated[str, Meta(pattern=r"^[^\W\d]\w*$", max_length=40)]
"""A name as a template has it: `{{姓名}}`."""


class Paper(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A paper that can be made: its template (`content`), the steps (`procedure/step`; none: it is of the whole case), the level
    that issues it, the kinds of papers that it is of those that the steps ask for.

    `fields` are the names in the template, each with what the platform puts there (printable.py); `words` those that always say
    the same. A `public` one shows nothing but what may be posted. A `sealed` one comes as PDF, which nobody alters: its template
    is a program in Typst that defines `paper(it)`, where `it` has the fields (`it.姓名`); the list knows it by `.typ`.
    """

    id: Id
    title: Named
    content: bytes
    steps: tuple[str, ...] = ()
    procedure: str = ""
    by: Level = "branch"
    kinds: tuple[Kind, ...] = ()
    public: bool = False
    sealed: bool = False
    fields: Mapping[Word, str] = {}
    words: Mapping[Word, str] = {}
    cite: Cite | None = None
    note: str = ""


class _Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A paper as the list has it: the name of its template's file, and of its fields only the names."""

    id: Id
    title: Named
    file: Annotated[str, Meta(pattern=r"^[\w-]+\.(docx|typ)$")]
    steps: tuple[str, ...] = ()
    procedure: str = ""
    by: Level = "branch"
    kinds: tuple[Kind, ...] = ()
    public: bool = False
    fields: tuple[Word, ...] = ()
    words: Mapping[Word, str] = {}
    cite: Cite | None = None
    note: str = ""


class _List(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    fields: Mapping[Word, str] = {}
    papers: tuple[_Listed, ...] = ()


def shipped_papers(folder: Folder) -> tuple[Paper, ...]:
    """The papers in a folder that holds `documents.yaml` and the templates; none where there is no such folder. Raises
    PolicyError."""
    files = {one.name: one for one in folder.iterdir()} if folder.is_dir() else {}
    if LIST not in files:
        return ()
    listed = _listed(decoded(files[LIST].read_bytes(), LIST))
    problems = [problem for one in listed.papers for problem in _unfounded(one, listed.fields, files)]
    if problems:
        raise PolicyError(problems)
    return tuple(_paper(one, listed.fields, files[one.file].read_bytes()) for one in listed.papers)


# As in plugins.py: nearly all texts are found again as they were.
@lru_cache(maxsize=256)
def _listed(text: str) -> _List:
    try:
        return msgspec.convert(read(text, LIST), _List)
    except msgspec.ValidationError as error:
        raise PolicyError([f"{LIST} 的写法不对（{error}）。请对照 hooks.md 改正。"]) from error


def given(written: Callable[[], Iterable[Paper]]) -> tuple[Paper, ...]:
    """What a plugin's `dangwu_documents` gives. Raises TypeError for what is no paper."""
    found = tuple(written())
    if any(not isinstance(one, Paper) for one in found):
        raise TypeError("dangwu_documents 给出的不是 Paper")
    return found


def _unfounded(one: _Listed, fields: Mapping[str, str], files: Mapping[str, Folder]) -> Iterator[str]:
    if one.file not in files:
        yield f"{LIST} 的文书 {one.id} 没有模板 {one.file}。请放在 {LIST} 旁边。"
    for name in one.fields:
        if name not in fields:
            yield f"{LIST} 的文书 {one.id} 用了没有说明来源的字段“{name}”{nearest(name, fields)}。请写在最上层的 fields 里。"


def _paper(one: _Listed, fields: Mapping[str, str], content: bytes) -> Paper:
    said = msgspec.structs.asdict(one)
    said["sealed"] = said.pop("file").endswith(".typ")
    return Paper(**{**said, "fields": {name: fields[name] for name in one.fields}}, content=content)


def unusable(papers: Iterable[Paper], policy: Policy, floor: Floor) -> Iterator[str]:
    """Why papers of a plugin cannot be used, as sentences: steps, sources and fields that there are not."""
    seen: set[str] = set()
    for one in papers:
        where = f"插件 {policy.id} 的文书 {one.id}"
        if one.id in seen:
            yield f"{where} 写了两次。请换一个标识。"
        seen.add(one.id)
        if one.cite is None or one.cite.source not in policy.sources:
            yield f"{where} 没有写明出处。请写 cite，出处用政策里的 sources。"
        if len(one.content) > LARGEST:
            yield f"{where} 的模板超过 {LARGEST // 1024} KB。请去掉图片和多余的样式。"
        if not one.steps and one.procedure not in floor.procedures:
            yield f"{where} 没有写是哪个环节的（steps），也没有写是哪个流程的（procedure）。"
        for step in one.steps:
            if step not in (known := _steps(policy, floor)):
                yield f"{where} 有不认识的环节“{step}”{nearest(step, known)}。"
        for name, source in one.fields.items():
            if (
                why := misnamed(source)
                or _undated(source, policy, floor)
                or (one.public and unfit_for_public(source))
            ):
                yield f"{where} 的字段“{name}”{why}"


def _undated(source: str, policy: Policy, floor: Floor) -> str:
    """Why no date of that name is known, as the end of a sentence."""
    name, known = source.removeprefix(DATES), {**floor.terms, **policy.terms}
    return f"的来源“{source}”不认识{nearest(name, known)}。" if name not in (source, *known) else ""


def _steps(policy: Policy, floor: Floor) -> list[str]:
    """All that a paper may be for, as `procedure/step`."""
    own = [f"{rule.procedure}/{step}" for rule in policy.rules for step in rule.steps]
    named = [f"{procedure}/{step}" for procedure in floor.procedures for step in floor.steps(procedure)]
    shared = [f"{procedure}/{step}" for procedure, steps in INSERTED.items() for step in steps]
    return [*dict.fromkeys((*named, *own, *shared))]


__all__ = ["FOLDER", "LARGEST", "LIST", "Paper", "given", "shipped_papers", "unusable"]
