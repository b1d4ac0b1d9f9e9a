"""Loading cannot be hung, crashed or fooled: what is too large, too deep, or means nothing is refused in a sentence, at once."""

from __future__ import annotations

import copy
import time
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dangwu import FACETS
from dangwu.author.rehearse import rehearse
from dangwu.errors import DangwuError, PolicyError
from dangwu.plugins.plugins import Plugins
from dangwu.policy.load import load_policy
from tests.floor import INSTALLED

HEAD = """\
plugin: county
title: {title}
requires: dangwu>=1,<2
sources:
  paper: {{title: 某县文件, year: 2026}}
"""
RULE = """\
  - id: r.n{0}
    tighten: admission/prospect-notice
    notice: {{days: {1}, channels: [meeting]}}
    cite: {{source: paper, clause: 第{0}条}}
"""
MOST_SECONDS = 5.0
"""Of the processor's time: one on a machine at rest."""


def problems(text: str, plugins: Plugins) -> tuple[str, ...]:
    before = time.process_time()
    try:
        load_policy(text, where="county.yaml", ground=plugins.floor)
    except PolicyError as error:
        return error.problems
    finally:
        assert time.process_time() - before < MOST_SECONDS
    return ()


def of_rules(count: int) -> str:
    rules = "".join(RULE.format(number, number % 30 + 1) for number in range(count))
    return HEAD.format(title="某县做法") + "rules:\n" + rules


def test_a_title_of_two_million_characters_is_too_much(plugins: Plugins) -> None:
    text = HEAD.format(title="长" * 2_000_000) + "rules:\n" + RULE.format(1, 7)
    assert problems(text, plugins) == ("county.yaml：文件有 5859 KiB，最多 1024 KiB。请拆成几个文件。",)


def test_a_text_is_as_long_as_a_page(plugins: Plugins) -> None:
    text = HEAD.format(title="长" * 2001) + "rules:\n" + RULE.format(1, 7)
    assert problems(text, plugins) == (
        "county.yaml 第 2 行：title：有 2001 个字，最多 2000 个字。请写短些。",
    )
    assert problems(text.replace("长" * 2001, "长" * 2000), plugins) == ()


def test_eight_thousand_rules_are_too_many_and_two_thousand_are_read(plugins: Plugins) -> None:
    assert problems(of_rules(8000).replace(", channels: [meeting]", ""), plugins) == (
        "county.yaml 第 8007 行：有 8000 条规则，最多 2000 条。请分成几个插件。",
    )
    assert problems(of_rules(2000), plugins) == ()


def test_two_thousand_steps_each_after_the_last_are_read(plugins: Plugins) -> None:
    step = (
        "  - {{id: r.n{0}, add: admission/step-{0}, title: 环节{0}, stage: prospect, level: branch, after: [{1}],"
        " before: [archiving], timing: {{due: {{{1}: {{days: 3}}}}}}, cite: {{source: paper, clause: 一}}}}\n"
    )
    rules = "".join(step.format(one, f"step-{one - 1}" if one else "application") for one in range(2000))
    assert problems(HEAD.format(title="某县做法") + "rules:\n" + rules, plugins) == ()


def test_of_many_problems_the_first_fifty_are_said(plugins: Plugins) -> None:
    found = problems(of_rules(2000).replace("meeting", "meetings"), plugins)
    assert len(found) == 51
    assert found[0].startswith(
        "county.yaml 第 9 行：规则 r.n0：“notice.channels”中，没有叫“meetings”的公示渠道"
    )
    assert found[-1] == "county.yaml：问题太多，只列出前 50 处。请改正后再查。"


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_a_hundred_thousand_levels_are_refused_before_they_are_read(plugins: Plugins, opening: str) -> None:
    found = problems(HEAD.format(title=opening * 100_000), plugins)
    assert len(found) == 1
    assert found[0].startswith("county.yaml 第 2 行：")


def test_a_rehearsal_is_read_as_carefully(plugins: Plugins) -> None:
    bomb = "title: &a [x, x]\nnote: [*a, *a]\nscript: []\n"
    with pytest.raises(DangwuError) as caught:
        rehearse(plugins, bomb, where="r.yaml")
    assert (
        caught.value.problems[0]
        == "r.yaml 第 1 行：title：用了锚点“&a”，这里不能引用。请删去锚点，把内容照写一遍。"
    )


SOUND: dict[str, Any] = {
    "plugin": "county",
    "title": "某县做法",
    "requires": "dangwu>=1,<2",
    "sources": {"paper": {"title": "某县文件", "year": 2026, "url": "https://example.cn/a"}},
    "blanks": {"days": {"type": "number", "title": "天数"}},
    "terms": {"channel": {"village-chat": "村民微信群"}},
    "tags": {"fisher": "渔民"},
    "rules": [
        {
            "id": "notice.long", "tighten": ["admission/prospect-notice"], "title": "公示", "when": ["fisher"],
            "notice": {"days": {"blank": "days"}, "workdays": 7, "channels": ["village-chat"], "places": ["residence"]},
            "since": "2026-06-01", "cite": {"source": "paper", "clause": "第一条"},
        },
        {
            "id": "visit.home", "add": "admission/home-visit", "title": "家访", "stage": "prospect", "level": "branch",
            "after": ["cultivation"], "before": ["admission-meeting"], "on_failure": {"return_to": "cultivation"},
            "review": {"levels": ["branch"], "aspects": ["loyalty"]}, "eligibility": {"barred": ["fisher"], "min_age": 20},
            "timing": {"due": {"cultivation": {"months": 1}}, "blackout": {"graduation": {"days": 9}}},
            "vote": {"pass": ">=2/3", "secret": True}, "cite": {"source": "paper", "clause": "第二条"},
        },
    ],
}  # fmt: skip
"""A policy of many kinds of fields; `since` is a date once it is written out."""
FREE = {"title", "clause", "year", "village-chat", "fisher", "plugin", "url", "requires"}
"""Fields in which most texts, or another number, mean something."""
NONSENSE: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([None, [], {}, [[]], {"x": {}}, True, -1, 10**9, 1.5, ""]),
    st.sampled_from(["胡说", "no-such-word", "a/b", "discipline-inspection"]),
    st.text(alphabet="ab-/|.: 党\U0001f600\u202e", max_size=8),
    st.integers(10**5, 10**14),
)  # fmt: skip


def paths(tree: Any, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    parts = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [before] * bool(before) + [path for key, part in parts for path in paths(part, (*before, key))]


def replaced(path: tuple[Any, ...], value: Any) -> str:
    tree = copy.deepcopy(SOUND)
    part: Any = tree
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    dumped: str = yaml.dump(tree, allow_unicode=True, Dumper=yaml.CSafeDumper, sort_keys=False)
    return dumped.replace("since: '2026-06-01'", "since: 2026-06-01")


def test_the_policy_that_is_spoiled_is_sound(plugins: Plugins) -> None:
    assert problems(replaced(("title",), "某县做法"), plugins) == ()


@settings(max_examples=150, deadline=None)
@given(path=st.sampled_from(paths(SOUND)), value=NONSENSE)
def test_one_field_of_nonsense_is_refused_where_it_stands(path: tuple[Any, ...], value: Any) -> None:
    """Never another error, never accepted when it means nothing, and each sentence says where."""
    found = problems(replaced(path, value), INSTALLED)
    bare = value == {} and path[-1] in FACETS  # that there must be evidence
    harmless = path[-1] in FREE or bare or (value is True and path[-1] == "secret")
    # A number smaller or larger but possible, and a word that is one, are other policies, not nonsense.
    assert found or harmless, (path, value)
    for problem in found:
        assert problem.startswith("county.yaml")
        assert problem.endswith("。")
        assert "第 " in problem.partition("：")[0] or "缺少" in problem or len(path) == 1


def test_a_list_is_as_long_as_somebody_writes(plugins: Plugins) -> None:
    """Tens of thousands of words in one list took seconds to refuse."""
    text = of_rules(1).replace("[meeting]", f"[{', '.join(f'w{number}' for number in range(60_000))}]")
    assert [one.partition("：")[2] for one in problems(text, plugins)] == [
        "规则 r.n0：channels 有 2000 项以上，太多了。请分开写。"
    ]
