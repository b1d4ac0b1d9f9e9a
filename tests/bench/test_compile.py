"""Compiling a county's policy with all plugins; the goal is less than 60 ms."""

from __future__ import annotations

from datetime import date

from dangwu import Adoption, discover
from tests.bench.timed import per_second, say


def test_compiling_all_plugins() -> None:
    """From the loaded policies to the steps in force on a day."""
    plugins = discover()
    floor = per_second(lambda: plugins.compose([]).on(date(2026, 11, 21)))
    adoptions = [Adoption(policy) for policy in plugins.policies.values()]
    every = per_second(lambda: plugins.compose(adoptions).on(date(2026, 11, 21)))
    say(
        f"编译：只有国家规定 {1000 / floor:.1f} 毫秒，{len(adoptions)} 个插件全部启用 {1000 / every:.1f} 毫秒，"
        f"比值 {floor / every:.1f}"
    )
