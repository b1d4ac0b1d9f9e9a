"""What a verification finds, and where."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

FOUND: dict[str, str] = {
    "removed": "封存的记录被删除",
    "inserted": "封存以后插入的记录",
    "changed": "封存的记录被改动",
    "details": "记录的详情与封存时不同",
    "erased": "记录的详情被抹去，没有相应的删除决定",
    "backdated": "记录的时间早于它写入的时间",
    "leaves": "这一期的清单被改动，记录与封存时一致",
    "altered": "这一期的清单和记录都被改动，不能逐条查明，应视为整期被改",
    "signature": "这一期的签名不对",
    "key": "这一期不是用可信的密钥签名的",
    "chain": "这一期与上一期不衔接：中间被删除、插入或调换",
    "exported": "这一期与导出的根不同：导出以后整期被重写",
    "open": "记录没有封存：封存停了，或这一条绕过了封存",
    "lost": "导出过的这一期现在没有：被删除，或恢复了更早的备份",
}
"""Kinds of findings, with their sentences."""

MOST_LISTED = 1_000
"""Findings that are listed; all are counted."""


class Finding(msgspec.Struct, frozen=True):
    """One thing that is not as it was sealed; `at` is the entry's moment, or the end of the epoch where that is concerned."""

    kind: str
    epoch: int
    entry: UUID | None
    at: datetime | None
    title: str = ""
    by_name: str = ""

    @property
    def sentence(self) -> str:
        """第 7 期，2026-11-29 15:22:05 登录（张三）：封存的记录被改动."""
        when = f" {self.at.astimezone():%Y-%m-%d %H:%M:%S}" if self.at else ""
        who = f"（{self.by_name}）" if self.by_name else ""
        which = f"，编号 {self.entry}" if self.entry else ""
        return f"第 {self.epoch} 期{when} {self.title}{who}：{FOUND[self.kind]}{which}"


class Report(msgspec.Struct):
    """Of a verification: what it has gone through, and what it found; `unsealed` entries since `open_since` are in no epoch yet.

    `trusted`: whether the signatures were held against a key that is known from elsewhere than the database.
    """

    first: int = 0
    last: int = 0
    entries: int = 0
    erased: int = 0
    pruned: int = 0
    unsealed: int = 0
    open_since: datetime | None = None
    trusted: bool = False
    root: str = ""
    found: int = 0
    findings: list[Finding] = []

    def add(self, finding: Finding) -> None:
        """Count it, and list it while there is room."""
        self.found += 1
        if len(self.findings) < MOST_LISTED:
            self.findings.append(finding)
