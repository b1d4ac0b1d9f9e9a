"""`dangwu ledger`: the roots go out, and the ledger is held against them; what it says of somebody is erased."""

from __future__ import annotations

from argparse import Namespace
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import msgspec

from core.database import connection
from core.ledger.close import public
from core.ledger.epoch import HEAD, Head
from core.ledger.erase import erase
from core.ledger.report import Report
from core.ledger.verify import Trust, verify
from core.text import one_line
from deploy.inside import inside
from deploy.opening import OPERATOR, named
from deploy.problem import Problem
from tenants.counties import CountyView, counties
from tenants.database.session import county_session, owner_session
from tenants.ground.environment import ledger_key


async def ledger(given: Namespace) -> bool:
    """Do what is asked, saying it as it goes; whether all was in order. Raises Problem."""
    async with inside():
        chosen = [await named(given.county)] if given.county else await counties()
        if given.act == "roots":
            for county in chosen:
                async for head in _heads(county.id):
                    print(msgspec.json.encode(head).decode())
            return True
        if given.act == "erase":
            return await _erase(chosen[0] if given.county else None, given.subject, given.because)
        exported = _read(given.roots) if given.roots else {}
        return all([await _verified(county, exported.get(county.id, {})) for county in chosen])


async def _heads(county: UUID) -> AsyncIterator[Head]:
    async with county_session(county):
        async for row in connection().cursor(f"select {HEAD} from ledger_epoch order by number"):
            yield Head(*row.values())


def _read(file: Path) -> dict[UUID, dict[int, Head]]:
    """County → number → its head."""
    exported: dict[UUID, dict[int, Head]] = defaultdict(dict)
    try:
        with file.open("rb") as lines:
            for line in lines:
                head = msgspec.json.decode(line, type=Head)
                if not head.holds():
                    raise Problem(f"{file} 里有一行的签名不对：文件不完整或被改动，请用导出时的原件。")
                exported[head.of][head.number] = head
    except (OSError, msgspec.DecodeError) as error:
        raise Problem(f"{file} 读不出来，或不是 dangwu ledger roots 导出的文件。") from error
    return exported


async def _verified(county: CountyView, exported: dict[int, Head]) -> bool:
    # Our own key, else that of the newest head exported: an older one may have been stolen since, and has no say any more.
    newest = exported[max(exported)].key if exported else b""
    key = public(own) if (own := ledger_key()) else newest
    async with county_session(county.id):
        report = await verify(Trust(key, {number: head.digest() for number, head in exported.items()}))
    print(said(county.name, report))
    return report.found == 0


def said(name: str, report: Report) -> str:
    """What was gone through, and each finding on a line of its own."""
    lines = [
        f"{name}：已核对第 {report.first} 至 {report.last} 期，{report.entries} 条记录"
        f"（依法删除详情 {report.erased} 条，到期清理 {report.pruned} 条，尚未封存 {report.unsealed} 条）。"
        + (f"发现 {report.found} 处问题。" if report.found else "与封存时一致。")
    ]
    if not report.trusted:
        lines.append("没有可信的公钥：请在有 DANGWU_LEDGER_KEY 的机器上核对，或用 --roots 给出导出的根。")
    lines += [f"  {finding.sentence}" for finding in report.findings]
    if report.found > len(report.findings):
        lines.append(f"  ……只列出前 {len(report.findings)} 处。")
    return "\n".join(lines)


async def _erase(county: CountyView | None, subject: str, because: str) -> bool:
    try:
        about = UUID(subject)
    except ValueError:
        raise Problem(
            "请写明人员或账号的编号（网址里的那一串）：dangwu ledger erase --county 代号 编号 --because 依据"
        ) from None
    if county is None:
        raise Problem("请用 --county 写明是哪个县。")
    reason = one_line("because", "删除的依据", because, most=200)
    async with owner_session(county.id):
        count = await erase(OPERATOR, about, reason)
    print(f"已删除 {count} 条记录的详情，删除一事已记入日志。")
    return True
