"""A plugin that somebody has put into the folder of plugins: a policy, and beside it whatever code a test wants."""

from __future__ import annotations

from pathlib import Path

from tenants.policies import plugins, regimes
from tenants.policies.hooks.asking import forget_failures
from tenants.policies.strangers import trips

POLICY = """
plugin: homemade
title: 某县补充规定
place: 某县
requires: dangwu>=1,<2
sources:
  paper: {title: 某县发展党员补充规定, year: 2026}
rules:
  - id: public.ten-days
    tighten: admission/prospect-notice
    notice: {days: 10}
    cite: {source: paper, clause: 第三条}
"""


def again() -> None:
    """As a process that has just started."""
    plugins.installed.cache_clear()
    regimes.cache.__init__()  # type: ignore[misc]
    forget_failures()
    trips.forget()


def write(folder: Path, name: str, text: str, code: str = "") -> None:
    """Put a plugin called `name` into the folder; `text` is a policy of `homemade`."""
    (folder / f"{name}.yaml").write_text(text.replace("homemade", name), "utf-8")
    if code:
        (folder / f"{name}.py").write_text(code, "utf-8")
    again()
