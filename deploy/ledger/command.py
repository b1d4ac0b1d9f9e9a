"""`dangwu ledger` as it is typed."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deploy.problem import refuse_idle

READ = {
    "roots": "county",
    "verify": "county roots",
    "erase": "county subject because",
    "renew": "",
    "adopt": "county because",
}
"""Act → the options that it reads."""


def arguments(parser: ArgumentParser) -> None:
    """Add what can be typed."""
    parser.add_argument(
        "act",
        choices=tuple(READ),
        metavar="做什么",
        help="roots 导出各期的根，verify 核对，erase 依法删除详情，renew 更换签名的密钥，adopt 接过别的密钥签名的日志",
    )
    parser.add_argument("subject", nargs="?", default="", metavar="编号", help="erase：人员或账号的编号")
    parser.add_argument("--county", metavar="代号", help="只限这个县；erase 必须写明")
    parser.add_argument("--roots", type=Path, metavar="文件", help="verify：与以前导出的根对照")
    parser.add_argument("--because", default="", metavar="依据", help="erase、adopt：依据，记入日志")


def run(given: Namespace) -> int:
    """Do it; 1 where something is not as it was sealed. Raises Problem, DomainError."""
    from deploy.ledger.signing import adopt, renew
    from deploy.ledger.verifying import ledger
    from deploy.platform import joined

    refuse_idle(
        given,
        f"dangwu ledger {given.act}",
        READ[given.act],
        subject="编号",
        roots="--roots",
        because="--because",
        county="--county",
    )
    if given.act == "renew":
        renew()
    elif given.act == "adopt":
        joined(adopt(given))
    else:
        return 0 if joined(ledger(given)) else 1
    return 0
