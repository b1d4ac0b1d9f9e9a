"""Small policies written out in tests: the head of a file, and its rules as YAML."""

from __future__ import annotations

from textwrap import dedent, indent

from dangwu.policy.load import load_policy
from dangwu.policy.policy import Policy
from tests.floor import FLOOR

HEAD = """\
plugin: {plugin}
title: {title}
requires: dangwu>=1,<2
sources:
  paper: {{title: {title}文件, year: 2026}}
"""
CITE = "  cite: {source: paper, clause: 第一条}\n"


def made(plugin: str, rules: str, *, title: str = "某县做法", head: str = "") -> Policy:
    """The policy of these rules; a rule without `cite` cites the paper's first article."""
    entries = dedent(rules).strip("\n").split("\n- ")
    listed = [f"- {entry.removeprefix('- ')}\n" for entry in entries]
    cited = "".join(entry if "cite:" in entry else entry + CITE for entry in listed)
    text = HEAD.format(plugin=plugin, title=title) + dedent(head) + "rules:\n" + indent(cited, "  ")
    return load_policy(text, where=f"{plugin}.yaml", ground=FLOOR)
