"""`dangwu_documents`: papers that lie beside a plugin or that its code gives; what cannot be used is said when it is loaded."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

import dangwu
from dangwu import Paper, PolicyError
from dangwu.plugins import printable
from dangwu.plugins.plugins import discover
from tests.contract.plugins.test_hooks import POLICY

LISTED = """\
fields: {姓名: person.name, 住处: person.address, 截止: step.until, 联系人: steps.mentor-appointment.appointment.name}
papers:
  - id: visit
    title: 走访公告
    file: visit.docx
    steps: [admission/prospect-notice]
    public: true
    fields: [姓名, 截止, 联系人]
    words: {落款: 阳光县}
    cite: {source: paper, clause: 第一条}
"""
CODE = """
    import dangwu

    @dangwu.hookimpl
    def dangwu_documents():
        yield dangwu.Paper(
            id="visit", title="走访公告", content=b"a template", steps=("admission/prospect-notice",),
            fields={{"姓名": "{source}"}}, cite=dangwu.Cite("paper", "第一条"),
        )
"""


def beside(folder: Path, listed: str = LISTED, *, template: bool = True) -> None:
    """A plugin of files with papers."""
    (folder / "shadow.yaml").write_text(POLICY.format(name="shadow"), "utf-8")
    papers = folder / "documents" / "shadow"
    papers.mkdir(parents=True)
    (papers / "documents.yaml").write_text(listed, "utf-8")
    if template:
        (papers / "visit.docx").write_bytes(b"a template")


def test_papers_that_lie_beside_a_plugin_are_its_papers(tmp_path: Path) -> None:
    beside(tmp_path)
    [paper] = discover(tmp_path).papers["shadow"]
    assert (paper.title, paper.steps, paper.content) == (
        "走访公告",
        ("admission/prospect-notice",),
        b"a template",
    )
    assert paper.fields == {
        "姓名": "person.name",
        "截止": "step.until",
        "联系人": "steps.mentor-appointment.appointment.name",
    }
    assert paper.words == {"落款": "阳光县"}


def test_papers_that_code_gives_are_its_papers(tmp_path: Path) -> None:
    text = POLICY.format(name="shadow")
    (tmp_path / "shadow.yaml").write_text(text, "utf-8")
    (tmp_path / "shadow.py").write_text(dedent(CODE).format(source="person.name"), "utf-8")
    [paper] = discover(tmp_path).papers["shadow"]
    assert isinstance(paper, Paper)
    assert paper.fields == {"姓名": "person.name"}


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        ("steps: [admission/prospect-notice]", "steps: [admission/prospect-notic]", "是不是“admission/prospect-notice”"),
        ("fields: [姓名, 截止, 联系人]", "fields: [姓名, 截至]", "用了没有说明来源的字段“截至”，是不是“截止”"),
        ("姓名: person.name", "姓名: person.nam", "的字段“姓名”的来源“person.nam”不认识，是不是“person.name”"),
        ("截止: step.until", "截止: step.untill", "来源“step.untill”不认识，是不是“until”"),
        ("fields: [姓名, 截止, 联系人]", "fields: [姓名, 住处]", "的来源“person.address”不认识"),
        ("截止: step.until", "截止: step.review.branch.conclusion", "的来源“step.review.branch.conclusion”不能张贴出去"),
        ("截止: step.until", "截止: person.born", "的来源“person.born”不能张贴出去"),
        ("cite: {source: paper, clause: 第一条}", "cite: {source: papers, clause: 第一条}", "没有写明出处"),
        ("file: visit.docx", "file: other.docx", "没有模板 other.docx"),
        ("file: visit.docx", "file: ../visit.docx", "documents.yaml 的写法不对"),
        ("public: true", "pubic: true", "documents.yaml 的写法不对"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_used_is_refused_with_a_sentence(
    tmp_path: Path, wrong: str, right: str, said: str
) -> None:
    assert wrong in LISTED
    beside(tmp_path, LISTED.replace(wrong, right))
    with pytest.raises(PolicyError) as refused:
        discover(tmp_path)
    assert said in "".join(refused.value.problems)


def test_papers_of_two_plugins_do_not_get_into_each_others_way(tmp_path: Path) -> None:
    """The one that cannot be used is named; the others go on."""
    beside(tmp_path, template=False)
    found = discover(tmp_path, tolerant=True)
    assert "没有模板 visit.docx" in "".join(found.broken["shadow"])
    assert found.papers["national"]


def test_code_that_gives_something_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "shadow.yaml").write_text(POLICY.format(name="shadow"), "utf-8")
    body = "import dangwu\n\n@dangwu.hookimpl\ndef dangwu_documents():\n    return ['a paper']\n"
    (tmp_path / "shadow.py").write_text(body, "utf-8")
    with pytest.raises(PolicyError, match="dangwu_documents 给出的不是 Paper"):
        discover(tmp_path)


def test_every_source_has_a_word_and_every_public_one_is_there() -> None:
    assert printable.SOURCES.keys() >= printable.PUBLIC
    assert printable.STEP.keys() >= printable.PUBLIC_STEP
    assert not any(dangwu.misnamed(one) for one in printable.SOURCES)
