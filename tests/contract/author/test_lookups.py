"""`dangwu words` and `dangwu doc`: what an author looks up, and what he hands to those who know the policy."""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

from dangwu.author import doc
from dangwu.author.cli import main
from dangwu.author.words import words
from dangwu.plugins.plugins import Plugins
from tests.contract.conftest import HERE
from tests.floor import FLOOR

POLICIES = str(HERE / "policies")


def test_parameters_and_evidence_of_a_facet_are_listed_with_their_shapes() -> None:
    listed = set(words(FLOOR))
    assert ("参数", "notice.days", "公示天数", "整数，↑") in listed
    assert ("参数", "notice.channels", "公布渠道", "公示渠道的标识，列表，∪") in listed
    assert ("参数", "vote.pass", "占应到会人数的赞成比例", '比例，如 ">=2/3"，↑') in listed
    assert ("参数", "timing.due", "最迟何时", "按环节的标识，各写期间 {months, days, workdays}，↓") in listed
    assert ("记录", "vote.for", "到会赞成票", "整数，必填") in listed
    assert ("记录", "appointment[].name", "姓名", "文字，必填") in listed
    assert ("记录的值", "review.*.conclusion: pass", "合格") in listed
    assert ("词语（公示渠道，channel）", "website", "网站") in listed
    assert ("结论", "notice.channel", "还须通过{keys}公示，全部公布的次日起计算公示期") in listed
    assert any(line[:2] == ("结论", "step.blocked") for line in listed)


def test_everything_has_a_title() -> None:
    assert [line for line in words(FLOOR) if not all(line[:3])] == []


def test_a_policy_as_text_says_each_rule_with_its_source(
    capsys: pytest.CaptureFixture[str], trial: Plugins
) -> None:
    assert main(["doc", "trial", "--plugins", POLICIES, "--text"]) == 0
    page = capsys.readouterr().out
    policy = trial.policies["trial"]
    assert page.startswith(f"{policy.title}\n")
    for rule in policy.rules:
        assert rule.id in page
        assert rule.cite.clause in page
    for blank in policy.blanks.values():
        assert blank.title in page
    assert not [line for line in page.splitlines() if "{" in line]


class Read(HTMLParser):
    """The elements that are opened and not closed, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """Opened."""
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Closed: the last that was opened."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Text."""
        self.text += data


def test_the_page_is_whole_html_and_what_authors_write_is_escaped(tmp_path: Path) -> None:
    text = (HERE / "policies" / "sunny-county.yaml").read_text("utf-8")
    title = next(line for line in text.splitlines() if line.startswith("title:"))
    (tmp_path / "sunny-county.yaml").write_text(text.replace(title, "title: <b>甲&乙</b>", 1), "utf-8")
    file = tmp_path / "page.html"
    assert main(["doc", str(tmp_path / "sunny-county.yaml"), "--output", str(file)]) == 0
    page = Read()
    page.feed(file.read_text("utf-8"))
    assert page.open == []
    assert "<b>甲&乙</b>" in page.text


def test_the_floor_and_every_plugin_of_ours_can_be_printed(
    plugins: Plugins, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first as it is typed; what that prints is the page of each, of which no rule is missing."""
    pages = {policy.id: doc.text(doc.leaflet(plugins, policy)) for policy in plugins.everything}
    first = plugins.everything[0].id
    assert main(["doc", first, "--text"]) == 0
    assert capsys.readouterr().out == pages[first]
    missing = [rule for one in plugins.everything for rule in one.rule_ids() if rule not in pages[one.id]]
    assert missing == []


def test_a_plugin_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doc", "yakesh"]) == 2
    assert (
        capsys.readouterr().err == "没有安装插件“yakesh”，是不是“yakeshi”。请写插件标识，或插件包的文件夹。\n"
    )


def test_running_needs_no_tools_for_tests() -> None:
    """The fixtures are loaded by pytest alone."""
    code = "import sys, dangwu, dangwu.author.cli; sys.exit('pytest' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
