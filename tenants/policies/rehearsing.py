"""Playing a rehearsal that somebody has typed: apart (core/apart.py), one at a time for each person."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from uuid import UUID

import msgspec

from core.apart import Exhausted, Limits, apart
from core.errors import Conflict, Invalid
from dangwu import FACETS, DangwuError, Policy, Rehearsed, param_titles, rehearse, stand_in
from tenants.policies.changes import Activation
from tenants.policies.plugins import discovered
from tenants.policies.texts import policy_of, short

LONGEST = 20_000
WHERE = "排演"
LIMITS = Limits(memory=512 * 1024 * 1024, seconds=15, wall=30, answer=1024 * 1024)
"""The longest rehearsal of ours takes two seconds, most of them to find the plugins."""

_playing: set[UUID] = set()


class Texts(msgspec.Struct, frozen=True):
    """The texts by which units go, by the names under which a rehearsal asks for them; `absent`: of the requirements that
    they name and whose code is not here the titles, each with those of its parameters."""

    policies: Mapping[str, Policy] = {}
    absent: Mapping[str, tuple[str, Mapping[str, str]]] = {}


NONE = Texts()


class _Given(msgspec.Struct):
    """What runs apart knows no settings of ours: the folder of further plugins is told to it."""

    text: str
    plugins: str
    floor: str
    kept: Texts


def name_of(item: Activation) -> str:
    """What a rehearsal calls the very text of an activation."""
    return f"{item.plugin}@{short(item.text)}" if item.text else item.plugin


def adopted(activations: Iterable[Activation]) -> Texts:
    """The texts of these activations, which have been read."""
    found = {name_of(item): policy_of(item.text, item.plugin) for item in activations}
    named = {name for policy in found.values() for rule in policy.rules for name in rule.facets}
    gone = [name for name in sorted(named) if FACETS[name].absent]
    return Texts(found, {name: (FACETS[name].title, param_titles(name)) for name in gone})


async def play(account: UUID, text: str, kept: Texts = NONE) -> Rehearsed:
    """Play a rehearsal, with texts that are `kept` besides those installed.

    Raises Invalid with the sentences of what cannot be read, Conflict while he plays another one.
    """
    if len(text) > LONGEST:
        raise Invalid(
            f"排演最多 {LONGEST} 个字，现在有 {len(text)} 个字。请分成几个。", fields={"text": "太长。"}
        )
    if account in _playing:
        raise Conflict("您的上一份排演还没有演完。请等它演完再试。", code="rehearsing")
    _playing.add(account)
    try:
        given = msgspec.json.encode(
            _Given(text, os.environ.get("DANGWU_PLUGINS", ""), os.environ.get("DANGWU_FLOOR", ""), kept)
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
    for name, (title, params) in given.kept.absent.items():
        stand_in(name, title, params)
    for name, policy in given.kept.policies.items():
        plugins = plugins.with_policy(policy, name)
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
