"""Which quotas there are, and how much each county has of each unless its operator says otherwise (quotas.yaml)."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from dangwu import read_yaml

PER = {"": "", "day": "每天", "minute": "每分钟"}
NEAR = 0.8
"""From this share on it is said before it comes to pass."""


class Quota(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One quota: `usual` in `unit`, each of them `scale` of what is stored; `per` within what time; `then` what comes of it."""

    name: str
    title: str
    unit: str
    usual: int
    scale: int = 1
    per: Literal["", "day", "minute"] = ""
    then: str

    @property
    def stored(self) -> int:
        """The usual number as it is stored and compared."""
        return self.usual * self.scale

    def said(self, amount: int) -> str:
        """An amount in words: 1,024 MB."""
        return f"{-(-amount // self.scale):,} {self.unit}"

    @property
    def called(self) -> str:
        """Its title with the time for which it holds."""
        return f"{PER[self.per]}{self.title}"


def _read() -> dict[str, Quota]:
    file = Path(__file__).with_name("quotas.yaml")
    given: dict[str, dict[str, object]] = read_yaml(file.read_text("utf-8"), file.name)
    return {name: msgspec.convert({"name": name, **one}, Quota) for name, one in given.items()}


QUOTAS = _read()
"""By name, in the order in which they are shown."""
