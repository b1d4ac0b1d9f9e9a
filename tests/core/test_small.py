"""Pinyin, sealing, tidying, subtrees: the small pure parts."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from core.actor import Actor, Holding
from core.errors import Invalid
from core.paths import Conditions, beyond, within
from core.pinyin import reading
from core.secrecy import Vault
from core.text import one_line, refuse_future, refuse_malformed, tidy


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("张三", "zhangsan", "zs"), ("单田芳", "shantianfang", "stf"),
        ("尉迟恭", "yuchigong", "ycg"), ("曾国藩", "zengguofan", "zgf"),
        ("欧阳娜娜", "ouyangnana", "oynn"), ("吕㛃", "lvjie", "lj"),
        ("买买提·吐尔逊", "maimaitituerxun", "mmttex"), ("Tom 李", "tomli", "tl"),
    ],
)  # fmt: skip
def test_names_are_read_as_names(name: str, full: str, initials: str) -> None:
    """Surnames as surnames, rare characters too."""
    assert reading(name) == (full, initials)


def test_what_is_sealed_opens_only_as_itself() -> None:
    """Another field, another secret or a changed byte do not open it; equal values look different."""
    vault = Vault(b"1" * 32)
    sealed = vault.seal("a", b"value")
    assert vault.open("a", sealed) == b"value"
    assert sealed != vault.seal("a", b"value")
    for other, field in ((vault, "b"), (Vault(b"2" * 32), "a")):
        with pytest.raises(ValueError, match="does not open"):
            other.open(field, sealed)
    with pytest.raises(ValueError, match="does not open"):
        vault.open("a", sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(b"short")


def test_blind_indexes_are_equal_for_equal_values_only() -> None:
    """Within one field and one secret."""
    vault = Vault(b"1" * 32)
    assert vault.blind("a", "x") == vault.blind("a", "x")
    assert (
        len(
            {
                vault.blind("a", "x"),
                vault.blind("a", "y"),
                vault.blind("b", "x"),
                Vault(b"2" * 32).blind("a", "x"),
            }
        )
        == 4
    )


def test_text_is_tidied() -> None:
    """Invisible characters go, blanks become one."""
    assert tidy("  东街\u200b　社区\n党支部\x00 ") == "东街 社区 党支部"
    with pytest.raises(Invalid, match="最多 3 个字"):
        one_line("name", "名称", "一二三四", most=3)
    with pytest.raises(Invalid, match="还没有到"):
        refuse_future("day", "日期", date(2026, 1, 2), date(2026, 1, 1))
    with pytest.raises(Invalid, match="不认识"):
        refuse_malformed("tags", ["rural", "'; drop"])


def test_subtrees_are_ranges() -> None:
    """A path's subtree and nothing beside it; no scope, nothing."""
    paths = ["/a/", "/a/b/", "/a/bc/", "/a0/", "/b/"]
    assert [path for path in paths if "/a/" <= path < beyond("/a/")] == ["/a/", "/a/b/", "/a/bc/"]
    holding = Holding("branch-secretary", "branch", UUID(int=1), "/a/b/", frozenset({"case.view"}))
    actor = Actor(UUID(int=2), "甲", (holding,))
    assert within(actor, "case.view") == ("/a/b/",)
    assert within(actor, "case.view", "/a/b/c/") == ("/a/b/c/",)
    assert within(actor, "case.view", "/a/") == ("/a/b/",)
    assert within(actor, "case.view", "/x/") == within(actor, "case.record") == ()
    nothing = Conditions()
    nothing.below("path", ())
    assert str(nothing) == "false"
