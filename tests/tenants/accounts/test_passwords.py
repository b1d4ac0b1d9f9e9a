"""What a password has to be, and that the ones we hand out are."""

from __future__ import annotations

import pytest
from argon2 import extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from core.errors import Invalid
from tenants.accounts import passwords
from tenants.accounts.passwords import check_password, first_password


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("Ab-1", "长度"),
        ("alllowercaseletters", "三类"),
        ("Zhang-Wei.01-x", "登录名"),
        ("张伟Password9", "姓名"),
        ("Abc123-Abc-zzz", "容易猜到"),
        ("P@ssw0rd2026", "容易猜到"),
        ("Qwertyuiop-1990", "容易猜到"),
        ("A1-" + "x" * 200, "长度"),
    ],
)
def test_weak_passwords_are_refused_with_what_is_wrong(password: str, says: str) -> None:
    with pytest.raises(Invalid, match=says) as refused:
        check_password(password, login="zhang-wei", name="张伟")
    assert "password" in refused.value.fields


def test_first_passwords_meet_the_rules() -> None:
    for _ in range(50):
        check_password(first_password(), login="zhangwei", name="张伟")


def test_hashes_are_as_slow_as_they_have_to_be() -> None:
    """RFC 9106, section 4, second choice. Looked at where it is made on import: tests make theirs quickly (conftest.py)."""
    assert extract_parameters(passwords._NOBODYS) == RFC_9106_LOW_MEMORY
