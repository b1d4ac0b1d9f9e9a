"""Playing a rehearsal that somebody has typed: apart (core/apart.py), one at a time for each person."""

from __future__ import annotations

import os
from uuid import UUID

import msgspec

from core.apart import Exhausted, Limits, apart
from core.errors import Conflict, Invalid
from dangwu import DangwuError, Rehearsed, rehearse
from tenants.policies.plugins import discovered

LONGEST = 20_000
WHERE = "排演"
LIMITS = Limits(memory=512 * 1024 * 1024, seconds=15, wall=30, answer=1024 * 1024)
"""The longest rehearsal of ours takes two seconds, most of them to find the plugins."""

_playing: set[UUID] = set()


class _Given(msgspec.Struct):
    """What runs apart knows no settings of ours: the folder of further plugins is told to it."""

    text: str
    plugins: str
    floor: str


async def play(account: UUID, text: str) -> Rehearsed:
    """Play a rehearsal. Raises Invalid with the sentences of what cannot be read, Conflict while he plays another one."""
    if len(text) > LONGEST:
        raise Invalid(
            f"排演最多 {LONGEST} 个字，现在有 {len(text)} 个字。请分成几个。", fields={"text": "太长。"}
        )
    if account in _playing:
        raise Conflict("您的上一份排演还没有演完。请等它演完再试。", code="rehearsing")
    _playing.add(account)
    try:
        given = msgspec.json.encode(
            _Given(text, os.environ.get("DANGWU_PLUGINS", ""), os.environ.get("DANGWU_FLOOR", ""))
        )
        return msgspec.json.decode(await apart(__name__, given, LIMITS), type=Rehearsed)
    except Exhausted as error:
        said = f"演算超过了限度（{LIMITS.seconds} 秒），已经停止。请把排演写短一些，或者分成几个。"
        raise Invalid("这份排演不能执行。", fields={"text": said}) from error
    except Invalid as refused:
        raise Invalid("这份排演不能执行。", fields={"text": refused.sentence}) from refused
    finally:
        _playing.remove(account)


def work(content: bytes) -> bytes:
    """What runs apart."""
    given = msgspec.json.decode(content, type=_Given)
    plugins = discovered(given.plugins, given.floor)
    try:
        return msgspec.json.encode(rehearse(plugins, given.text, where=WHERE))
    except DangwuError as error:
        raise Invalid("".join(error.problems)) from error
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        # What was typed has another shape than a rehearsal somewhere (a list for a mapping …).
        raise Invalid(
            f"有一处写法不对（{type(error).__name__}：{error}）。请对照随插件提供的排演检查各项的写法。"
        ) from error
    except RecursionError as error:
        raise Invalid("层次太深。请对照随插件提供的排演检查各项的写法。") from error
