"""Reading a policy that somebody has typed: apart (core/apart.py), by the loader that reads every plugin's, with limits."""

from __future__ import annotations

import os

import msgspec

from core.apart import Exhausted, Limits, apart
from core.errors import Invalid
from dangwu import DangwuError, Policy, load_policy, remarks
from tenants.policies.plugins import discovered

LONGEST = 40_000
WHERE = "补充规定"
LIMITS = Limits(memory=512 * 1024 * 1024, seconds=15, wall=30, answer=4 * 1024 * 1024)


class _Given(msgspec.Struct):
    """What runs apart knows no settings of ours: the folder of further plugins is told to it."""

    text: str
    plugin: str
    plugins: str
    floor: str


class Vetted(msgspec.Struct, frozen=True):
    """The policy in a text, and what its author should know: what of it changes nothing on top of the national rules."""

    policy: Policy
    remarks: list[str]


async def vet(text: str, plugin: str) -> Vetted:
    """The policy in a text, which calls itself `plugin`. Raises Invalid with the sentences of what is wrong with it, or of what
    nobody can do in time."""
    if len(text) > LONGEST:
        raise _wrong(
            f"最多 {LONGEST} 个字，现在有 {len(text)} 个字。请删减，或者请平台运行维护人员做成插件。"
        )
    given = _Given(text, plugin, os.environ.get("DANGWU_PLUGINS", ""), os.environ.get("DANGWU_FLOOR", ""))
    try:
        return msgspec.json.decode(await apart(__name__, msgspec.json.encode(given), LIMITS), type=Vetted)
    except Exhausted as error:
        raise _wrong(
            f"核对超过了限度（{LIMITS.seconds} 秒），已经停止。请检查有没有反复引用的写法。"
        ) from error
    except Invalid as refused:
        raise _wrong(refused.sentence) from refused


def _wrong(sentence: str) -> Invalid:
    return Invalid("补充规定有写得不对的地方，没有保存。", code="supplement", fields={"text": sentence})


def work(content: bytes) -> bytes:
    """What runs apart."""
    given = msgspec.json.decode(content, type=_Given)
    floor = discovered(given.plugins, given.floor).floor
    try:
        found = load_policy(given.text, where=WHERE, ground=floor)
        said = remarks(floor, found, WHERE)
    except DangwuError as error:
        raise Invalid("".join(error.problems)) from error
    except (RecursionError, MemoryError) as error:
        raise Invalid("层次太深，或者内容太多。请对照随平台提供的政策检查写法。") from error
    if found.id != given.plugin:
        raise Invalid(f"{WHERE}：plugin 写的是“{found.id}”，应为“{given.plugin}”，请不要改动。")
    return msgspec.json.encode(Vetted(found, said))
