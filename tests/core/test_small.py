"""Pinyin, sealing, tidying, subtrees: the small pure parts."""

from __future__ import annotations

import pytest

from core.pinyin import reading
from core.secrecy import OVERHEAD, Vault


@pytest.mark.parametrize(
    ("name", "full", "initials"),
    [
        ("张三", "zhang san", "zs"), ("单田芳", "shan tian fang", "stf"),
        ("尉迟恭", "yu chi gong", "ycg"), ("曾国藩", "zeng guo fan", "zgf"),
        ("欧阳娜娜", "ou yang na na", "oynn"), ("吕㛃", "lv jie", "lj"),
        ("买买提·吐尔逊", "mai mai ti tu er xun", "mmttex"), ("Tom 李", "tom li", "tl"),
    ],
)  # fmt: skip
def test_names_are_read_as_names(name: str, full: str, initials: str) -> None:
    """Surnames as surnames, rare characters too."""
    assert reading(name) == (full, initials)


SEALED_BEFORE = (
    "0189b7e60a8d23af0ccbb10b2bcbfec445980e1ab3f502ef143b2f702247ef556980e0478f3fee43154d9f402a25f2"
)
INDEX_BEFORE = "fc564c5fa54db5bb55ff70f8bd78dc671f2043744fb1c15926b1b8e1c15ff7d6"


@pytest.mark.parametrize("crypto", ["aes", "sm"])
def test_what_is_sealed_opens_only_as_itself(crypto: str) -> None:
    """Another field, secret or algorithm, a changed or a missing byte do not open it; equal values look different."""
    vault = Vault(b"1" * 32, crypto)
    sealed = vault.seal("a", b"value")
    assert vault.open("a", sealed) == b"value"
    assert sealed != vault.seal("a", b"value")
    assert len(sealed) == len(b"value") + OVERHEAD
    others = (
        (vault, "b"),
        (Vault(b"2" * 32, crypto), "a"),
        (Vault(b"1" * 32, {"aes": "sm", "sm": "aes"}[crypto]), "a"),
    )
    for other, field in others:
        with pytest.raises(ValueError, match="does not open"):
            other.open(field, sealed)
    for altered in (
        sealed[:-1] + bytes([sealed[-1] ^ 1]),
        bytes([sealed[0] ^ 8]) + sealed[1:],
        sealed[:-1],
        sealed[:9],
        b"",
    ):
        with pytest.raises(ValueError, match="does not open"):
            vault.open("a", altered)
    with pytest.raises(ValueError, match="32 bytes"):
        Vault(b"short", crypto)


@pytest.mark.parametrize("crypto", ["aes", "sm"])
def test_blind_indexes_are_equal_for_equal_values_only(crypto: str) -> None:
    """Within one field, one secret and one set of algorithms."""
    vault, other = Vault(b"1" * 32, crypto), Vault(b"2" * 32, crypto)
    made = [vault.blind("a", "x"), vault.blind("a", "y"), vault.blind("b", "x"), other.blind("a", "x")]
    assert made[0] == Vault(b"1" * 32, crypto).blind("a", "x")
    assert len({*made, Vault(b"1" * 32, {"aes": "sm", "sm": "aes"}[crypto]).blind("a", "x")}) == 5
    assert {len(one) for one in made} == {32}


def test_what_earlier_releases_have_sealed_opens_still() -> None:
    """The form of a sealed value, its keys and its index stay what they were."""
    vault = Vault(b"1" * 32)
    assert vault.open("person.id", bytes.fromhex(SEALED_BEFORE)) == b"110101199001011234"
    assert vault.blind("person.id", "110101199001011234").hex() == INDEX_BEFORE
