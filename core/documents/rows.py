"""The tables that a paper can hold: what was recorded, with its corrections; what a step asks for; what goes into the archive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.casework.acts.entries import KINDS
from core.casework.model import EntryView, LoadedCase
from core.casework.said import whole
from core.casework.stored import record_of, valid
from core.documents.model import Row
from dangwu import FACETS, Judged, StepRules, explain

_ENTRY = ("序号", "日期", "环节", "事项", "内容", "办理", "录入", "附件", "说明")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "rows.records": _ENTRY,
    "rows.valid": _ENTRY,
    "rows.step": _ENTRY,
    "rows.asked": ("要求", "依据"),
    "rows.papers": ("序号", "材料", "环节", "日期", "份数", "已收"),
}
"""By source, what each row says."""

WRITTEN = ("record", "supplement", "correction", "correction-request")
"""The kinds of entries that carry evidence."""


def records(judged: Judged, case: LoadedCase, step: str = "", *, all_of_it: bool = False) -> list[Row]:
    """What was recorded, oldest first: of a step, of all; `all_of_it`: also what no longer counts, and everything besides."""
    counted = {one.id for found in judged.records.values() for one in found}
    return [
        _row(judged, case, entry, counts=str(entry.id) in counted)
        for entry in case.entries
        if all_of_it or (str(entry.id) in counted and step in ("", entry.step))
    ]


def _row(judged: Judged, case: LoadedCase, entry: EntryView, *, counts: bool) -> Row:
    title = explain.title(judged.regime, entry.step) if entry.step else ""
    held = valid(case.entries, entry) if counts else entry
    said = [*_evidence(judged, held), *([f"备注：{entry.note}"] if entry.note else [])]
    return {
        "序号": str(entry.seq),
        "日期": str(held.day),
        "环节": title or KINDS[entry.kind],
        "事项": KINDS[entry.kind],
        "内容": "\n".join(said) or "没有另外的内容",
        "办理": entry.by_name,
        "录入": str(entry.entered),
        "附件": f"{len(entry.attachments)} 个" if entry.attachments else "无",
        "说明": _remark(case, entry, held, counts=counts),
    }


def _evidence(judged: Judged, entry: EntryView) -> Iterator[str]:
    if entry.kind not in WRITTEN:
        return
    for facet, pairs in whole(judged.regime, record_of(entry).evidence):
        yield f"{facet}：{'，'.join(f'{name} {value}'.strip() for name, value in pairs)}"


def _remark(case: LoadedCase, entry: EntryView, held: EntryView, *, counts: bool) -> str:
    if entry.kind not in ("record", "supplement"):
        return ""
    if held is not entry or valid(case.entries, entry) is not entry:
        old = f"原记 {entry.day}" if held.day != entry.day else "原记内容另有更正"
        return f"已更正（{old}）" if counts else "已更正，以更正后的为准"
    return "" if counts else "不再计入"


def required(judged: Judged, step: str) -> list[Row]:
    """What a step asks for, each with the documents it rests on."""
    standing = judged.standing.steps.get(step)
    if standing is None or standing.rules is None:
        return []
    return [
        {"要求": line.text, "依据": "、".join(f"{one.source}{one.clause}" for one in line.citations)}
        for line in explain.requirements(judged.regime, standing.rules)
    ]


def papers(judged: Judged) -> list[Row]:
    """The papers that steps of a case ask for, in order: what each is, of which step, when that was concluded; how many
    sheets nobody has recorded: that is left to be written."""
    found: list[Row] = []
    for step, standing in judged.standing.steps.items():
        facets: Mapping[str, object] = standing.rules.facets if standing.rules else {}
        for name in facets:
            if FACETS[name].papers:
                found += _papers(judged, step, name)
    return [{**row, "序号": str(number)} for number, row in enumerate(found, 1)]


def papers_asked(rules: StepRules | None) -> set[str]:
    """The kinds of papers that a step asks for."""
    facets = rules.facets if rules else {}
    asked = (facets[name].options() for name in facets if FACETS[name].papers)
    return {
        kind for options in asked for group in options.values() for one in group for kind in one.split("|")
    }


def _papers(judged: Judged, step: str, facet: str) -> Iterator[Row]:
    standing = judged.standing.steps[step]
    assert standing.rules is not None
    asked = standing.rules.facets[facet]
    filed = asked.holds(judged.records.get(step, ())) or []
    for wanted in (one for options in asked.options().values() for one in options):
        there = not {*wanted.split("|")}.isdisjoint(filed)
        yield {
            "材料": explain.title(judged.regime, wanted),
            "环节": explain.title(judged.regime, step),
            "日期": str(standing.concluded or "") if there else "",
            "份数": "",
            "已收": "有" if there else "",
        }
