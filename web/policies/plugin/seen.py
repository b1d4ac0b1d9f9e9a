"""What a preview rested on, so that what is confirmed is what was previewed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from core.errors import Stale
from core.organisation.model import UnitView
from tenants.policies.changes import Activation
from web.policies.history import line_of

STALE = "预览之后，这里的政策又有了变化，您的改动没有保存。请看下面的变化，再重新预览、确认。"


def concerned(live: Iterable[Activation], unit: UnitView) -> list[Activation]:
    """The activations that reach the unit or lie below it: a preview of the unit depends on these and no others."""
    return [item for item in live if unit.path.startswith(item.path) or item.path.startswith(unit.path)]


def seen(live: Iterable[Activation], unit: UnitView) -> str:
    """A short text that says which activations a preview has seen, and up to when."""
    mine = concerned(live, unit)
    newest = max((item.at for item in mine if item.at), default=None)
    parts = [unit.path, *sorted(f"{item.id}{item.path}" for item in mine)]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
    return f"{digest} {newest.isoformat() if newest else ''}".strip()


def refuse_stale(live: Iterable[Activation], unit: UnitView, before: str) -> None:
    """Raise Stale, with what was changed since, unless a preview that has seen `before` still holds."""
    live = tuple(live)
    if seen(live, unit) == before:
        return
    raise Stale(STALE, changes=tuple(_since(concerned(live, unit), before)))


def _since(mine: Iterable[Activation], before: str) -> Iterable[str]:
    _, _, text = before.partition(" ")
    try:
        newest = datetime.fromisoformat(text) if text else None
    except ValueError:
        newest = None
    for item in sorted(mine, key=lambda one: (one.at is None, one.at)):
        if item.at and (newest is None or item.at > newest):
            line = line_of(item, None)
            yield f"{line.by_name}在“{item.unit_name}”对“{line.title}”：{line.said}。"
