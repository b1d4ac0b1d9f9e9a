"""Plugins that misbehave: in each way, at each place where a plugin's own code is asked."""

from __future__ import annotations

from pathlib import Path

POLICY = """
plugin: {name}
title: {name}
requires: dangwu>=1,<2
sources: {{paper: {{title: 试验, year: 2026}}}}
rules:
  - id: notice.mark
    tighten: admission/prospect-notice
    {asks}
    cite: {{source: paper, clause: 第一条}}
"""
HEAD = """
import os, sys, time
import dangwu, msgspec
from typing import Annotated
from dangwu import UP, Facet, Finding, Requirement, facet

def act(records=(), case=None):
    {body}
"""
CHECK = """
@dangwu.hookimpl
{kind} dangwu_check(step, case, today):
    return act(case=case)
"""
FACET = """
class Marked(msgspec.Struct, frozen=True):
    pages: int = 0

@facet("{name}", "盖章")
class Mark(Facet, frozen=True):
    pages: Annotated[int, UP] = 0
    evidence = Marked
    sentences = {{"missing": "须盖章 {{pages}} 页"}}

    def judge(self, records, at):
        return [] if self.of(records) else [self.missing("pages", pages=self.pages)]

    {kind} {method}:
        return act()
"""
BUSY = "until = time.process_time() + {seconds}\n    while time.process_time() < until: pass\n    return []"
DEEDS = {
    "sleep": "time.sleep(30)",
    "loop": "while True: pass",
    "exit": "sys.exit()",
    "end": "os._exit(3)",
    "recursion": "return act()",
    "memory": "return bytearray(2 << 30)",
    "types": "return 7",
    "changes": "case and case.entries[0].evidence.clear()\n    return []",
    "async": "return []",
    "hardly-busy": BUSY.format(seconds=0.2),
    "hardly-asleep": "time.sleep(0.08)\n    return []",
}
"""Those of design §3.9, and two that keep just within the limits of a call."""
LOADED = ("sleep", "loop", "exit", "end", "recursion", "memory")
METHODS = {
    "judge": "judge(self, records, at)",
    "least": "least(self, given, records, at)",
    "describe": "describe(self)",
}
PLACES = ("check", *METHODS)


def put(folder: Path, place: str, deed: str) -> None:
    """A plugin called after both; at the place `import` it misbehaves while it is loaded."""
    name = f"{place}-{deed}"
    kind = "async def" if deed == "async" else "def"
    code = HEAD.format(body=DEEDS[deed])
    if place in METHODS:
        code += FACET.format(name=name, kind=kind, method=METHODS[place])
    else:
        code += CHECK.format(kind=kind) if place == "check" else "act()\n"
    asks = f"{name}: {{pages: 2}}" if place in METHODS else "notice: {days: 10}"
    (folder / f"{name}.yaml").write_text(POLICY.format(name=name, asks=asks), "utf-8")
    (folder / f"{name}.py").write_text(code, "utf-8")
