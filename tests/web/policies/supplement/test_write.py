"""A rule written into a text: lines are added where they belong, and all that stood there stands there still."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import pytest

from core.errors import Invalid
from tests.web.conftest import Browser
from tests.web.policies.supplement.test_pages import PAGE, typed
from web.policies.supplement.guide import asks, requirements, steps
from web.policies.supplement.write import Written, empty, said, with_rule

EMPTY = empty("supplement-1", "东河县")


def rule(**more: object) -> Written:
    """A rule as it was put together."""
    made: dict[str, object] = {
        "step": "admission/prospect-notice", "title": "公示九天", "facet": "notice", "params": {"days": 9}, "words": {},
        "source": "东委办〔2026〕7 号", "year": 2026, "clause": "第三条",
    }  # fmt: skip
    return Written(**(made | more))  # type: ignore[arg-type]


def read(text: str) -> dict[str, object]:
    """The text as what it says."""
    found: dict[str, object] = msgspec.yaml.decode(text.encode())
    return found


def test_the_first_rule_stands_with_its_document() -> None:
    assert read(with_rule(EMPTY, rule())) == {
        "plugin": "supplement-1", "title": "东河县补充规定", "place": "东河县", "requires": "dangwu>=1,<2", "terms": None,
        "sources": {"doc-1": {"title": "东委办〔2026〕7 号", "year": 2026}},
        "rules": [{
            "id": "own.rule-1", "title": "公示九天", "tighten": "admission/prospect-notice", "notice": {"days": 9},
            "cite": {"source": "doc-1", "clause": "第三条"},
        }],
    }  # fmt: skip


def test_another_rule_takes_the_next_number_and_names_the_same_document_once() -> None:
    text = with_rule(EMPTY, rule())
    text = with_rule(text, rule(title="同一文件", clause="第四条"))
    text = with_rule(text, rule(title="另一文件", source="东组〔2026〕1 号", year=None))
    found = read(text)
    assert found["sources"] == {
        "doc-1": {"title": "东委办〔2026〕7 号", "year": 2026},
        "doc-2": {"title": "东组〔2026〕1 号"},
    }
    listed = found["rules"]
    assert isinstance(listed, list)
    assert [(one["id"], one["cite"]["source"]) for one in listed] == [
        ("own.rule-1", "doc-1"), ("own.rule-2", "doc-1"), ("own.rule-3", "doc-2"),
    ]  # fmt: skip


def test_new_words_are_named_once_each_in_its_category() -> None:
    new = {"channels:channel": ["院坝会"]}
    text = with_rule(EMPTY, rule(params={"channels": ["website"]}, words=new))
    text = with_rule(text, rule(params={}, words={"channels:channel": ["院坝会"], "places:place": ["村口"]}))
    found = read(text)
    assert found["terms"] == {"channel": {"own-term-1": "院坝会"}, "place": {"own-term-2": "村口"}}
    listed = found["rules"]
    assert isinstance(listed, list)
    assert [one["notice"] for one in listed] == [
        {"channels": ["website", "own-term-1"]},
        {"channels": ["own-term-1"], "places": ["own-term-2"]},
    ]


@pytest.mark.parametrize(
    "words",
    [
        "甲: 乙",
        '“引号”和 "另一种"',
        "反斜 \\\\ 线",
        "换\n行",
        "{花括号}",
        "- 横线",
        "# 井号",
        "&锚",
        "*星",
        "!!str x",
        "'单'",
        "％",
        " ",
    ],
)
def test_no_text_breaks_out_of_its_place(words: str) -> None:
    text = with_rule(
        EMPTY, rule(title=words, source=words, clause=words, words={"channels:channel": [words]})
    )
    text = with_rule(text, rule(title="后一条", source=words))
    found = read(text)
    listed, sources, terms = found["rules"], found["sources"], found["terms"]
    assert isinstance(listed, list)
    assert isinstance(sources, dict)
    assert isinstance(terms, dict)
    assert (listed[0]["title"], listed[0]["cite"]["clause"]) == (words, words)
    assert [one["title"] for one in sources.values()] == [words], "the same document, known again"
    assert terms["channel"] == {"own-term-1": words}
    assert len(listed) == 2


@pytest.mark.parametrize(
    "text",
    [
        EMPTY + "\n\n",
        EMPTY.replace("sources:\n", ""),
        EMPTY.replace("terms:\n", "").replace("sources:\n", ""),
        EMPTY.replace("rules:\n", "rules:  # 逐条写\n"),
        EMPTY.replace("terms:\n", "terms:\n  tag: {forester: 护林员}\n"),
        EMPTY + "  # 一条注释\n",
        EMPTY.replace("rules:\n", "")
        + "rules:\n  - {id: own.rule-41, title: 先有, tighten: admission/oath, cite: {source: a}}\n",
    ],
)
def test_what_stood_there_stands_there_still(text: str) -> None:
    """Comments, other words, rules that somebody wrote himself: the new ones stand behind them."""
    found = with_rule(text, rule(words={"channels:channel": ["院坝会"]}))
    lines = [line for line in text.splitlines() if line.strip()]
    assert [line for line in found.splitlines() if line in lines] == lines or {*lines} <= {
        *found.splitlines()
    }
    told = read(found)
    listed = told["rules"]
    assert isinstance(listed, list)
    assert listed[-1]["id"] == ("own.rule-42" if "rule-41" in text else "own.rule-1")
    assert listed[-1]["notice"]["channels"] == ["own-term-1"]
    assert isinstance(told["sources"], dict)
    assert list(told)[-1] == "rules"


@pytest.mark.parametrize("key", ["rules", "sources", "terms"])
def test_a_block_that_was_written_in_one_line_is_left_to_its_author(key: str) -> None:
    text = EMPTY.replace(f"{key}:\n", f"{key}: {'[]' if key == 'rules' else '{}'}\n")
    with pytest.raises(Invalid, match=f"文本里的 {key} 写成了一行"):
        with_rule(text, rule(words={"channels:channel": ["院坝会"]}))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (9, "9"),
        (True, "true"),
        (">=2/3", '">=2/3"'),
        (["a", "b"], '["a", "b"]'),
        ((), "[]"),
        ("\u2028", '"\u2028"'),
    ],
)
def test_a_value_as_it_is_written(value: str | int | bool | list[str], words: str) -> None:
    assert said(value) == words or read(f"x: {said(value)}") == {"x": value}


def test_every_requirement_that_is_offered_has_fields_and_every_step_a_title() -> None:
    for name, title in requirements():
        fields = asks(name)
        assert fields, name
        assert title
        assert all(one.title for one in fields)
        assert {one.input for one in fields} <= {"flag", "number", "share", "words"} or fields, name
    assert asks("no-such") == []
    listed: Mapping[str, list[tuple[str, str]]] = dict(steps())
    assert all(step.count("/") == 1 and title for pairs in listed.values() for step, title in pairs)
    assert "admission/prospect-notice" in [step for pairs in listed.values() for step, _ in pairs]


GOOD = {
    "step": "admission/prospect-notice", "facet": "notice", "p-days": "9", "rule-title": "公示九天",
    "source": "东委办〔2026〕7 号", "year": "2026", "clause": "第三条",
}  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"step": "admission/no-such"}, "step", "请选择环节。"),
        ({"facet": "no-such"}, "facet", "请选择要求。"),
        ({"p-days": ""}, "facet", "没有写要求什么。请至少填一项。"),
        ({"p-days": "九"}, "p-days", "不是一个整数"),
        ({"p-days": "-1"}, "p-days", "不能小于 0"),
        ({"rule-title": ""}, "rule-title", "请填写规则名称。"),
        ({"rule-title": "名" * 61}, "rule-title", "最多 60 个字"),
        ({"source": ""}, "source", "请填写文件名称。"),
        ({"clause": ""}, "clause", "请填写条款。"),
        ({"year": "1948"}, "year", "年份应为 1949 至 2199。"),
        ({"year": "二〇二六"}, "year", "不是一个整数"),
        ({"p-channels": "no-such"}, "p-channels", "已经不在可选范围内"),
        ({"new-channels": "公开栏"}, "new-channels", "“公开栏”已经有了，在上面的选项中。请直接选它。"),
        ({"new-channels": "会" * 61}, "new-channels", "最多 60 个字"),
    ],
)
async def test_a_rule_that_cannot_be_is_not_put_into_the_text(
    admin: Browser, wrong: dict[str, str], field: str, words: str
) -> None:
    """The sentence stands at its field; what was typed and the text stay."""
    text = typed(await admin.open(PAGE))
    fields = {**GOOD, **wrong}
    answer = await admin.submit(PAGE, do="add", text=text, version="0", **fields)
    assert answer.status_code == 422
    assert "还没有加进文本" in answer.text
    assert words in re_field(answer.text, field)
    assert typed(answer).strip() == text.strip()
    for name in (
        ("rule-title", "source", "clause", "year") if field != "facet" or words != "请选择要求。" else ()
    ):
        assert f'value="{fields[name]}"' in answer.text, name


def re_field(page: str, field: str) -> str:
    """What is said at a field."""
    _, _, rest = page.partition(f'id="e-{field}">')
    return rest.partition("<")[0]
