"""What is an address of a mailbox: nothing that a mail server could read as two, or as a command."""

from __future__ import annotations

import pytest

from tenants.ground.mail import is_address


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("zhang@example.gov.cn", True), ("z.h+a_n-g%1@a-b.cn", True), ("", False), ("zhang", False), ("zhang@", False),
        ("@example.cn", False), ("zhang@example", False), ("zhang@@a.cn", False), ("张@example.cn", False),
        ("zhang@exa mple.cn", False), ("a@b.cn\r\nBcc: c@d.cn", False), ("a@b.cn,c@d.cn", False), ("<a@b.cn>", False),
        (f"{'a' * 64}@b.cn", True), (f"{'a' * 65}@b.cn", False), (f"a@{'b' * 63}.cn", True), (f"a@{'b' * 64}.cn", False),
        ("a@" + "b." * 95 + "cn", False), ("a@b.c", False), ("a@b.c1", False),
    ],
)  # fmt: skip
def test_what_an_address_is(text: str, good: bool) -> None:
    assert is_address(text) is good
