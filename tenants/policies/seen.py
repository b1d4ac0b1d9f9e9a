"""What a preview rested on, so that what is confirmed is what was previewed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from core.errors import Stale
from tenants.policies.changes import Activation
from tenants.policies.shelf import title_of

STALE = "预览之后，这里的政策又有了变化，您的改动没有保存。请看下面的变化，再重新预览、确认。"


def seen(live: Iterable[Activation], path: str) -> str:
    """A short text that says which activations a preview at the unit at `path` has seen, and up to when."""
    mine = _concerned(live, path)
    newest = max((item.at for item in mine if item.at), default=None)
    parts = [path, *sorted(f"{item.id}{item.path}" for item in mine)]
    digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
    return f"{digest} {newest.isoformat() if newest else ''}".strip()


def refuse_changed(live: Iterable[Activation], path: str, before: str) -> None:
    """Raise Stale, with what was decided since, unless a preview that has seen `before` still holds."""
    live = tuple(live)
    if seen(live, path) != before:
        raise Stale(STALE, changes=tuple(_since(_concerned(live, path), before)))


def _concerned(live: Iterable[Activation], path: str) -> list[Activation]:
    # Those that reach the unit or lie below it: its preview depends on these and no others.
    return [item for item in live if path.startswith(item.path) or item.path.startswith(path)]


def _since(mine: Iterable[Activation], before: str) -> Iterable[str]:
    _, _, text = before.partition(" ")
    try:
        newest = datetime.fromisoformat(text) if text else None
    except ValueError:
        # Not of our making: everything is told.
        newest = None
    for item in sorted(mine, key=lambda one: (one.at is None, one.at)):
        if item.at and (newest is None or item.at > newest):
            yield f"{item.by_name}在“{item.unit_name}”对“{title_of(item)}”：{item.decided}。"
