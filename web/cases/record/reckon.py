"""What the browser reckons while figures are typed; the server judges them all the same when they are sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from dangwu import Facet, forms


class Reckoning(msgspec.Struct, frozen=True):
    """A line of live arithmetic: of which kind, over the fields that begin with `prefix`, against which shares."""

    kind: str
    prefix: str
    shares: dict[str, str]


_SHARES = {
    "vote": {"quorum": "quorum", "pass": "pass_", "present": "pass_present"},
    "poll": {"share": "share", "present": "share_present"},
}


def reckonings(name: str, facet: Facet, fields: Sequence[forms.Field]) -> Iterator[Reckoning]:
    """One for each vote, and for each group that is polled."""
    if name not in _SHARES or not fields:
        return
    shares = {key: _text(getattr(facet, attribute, None)) for key, attribute in _SHARES[name].items()}
    for prefix in dict.fromkeys(field.name.rpartition(".")[0] for field in fields):
        yield Reckoning(name, prefix, {key: text for key, text in shares.items() if text})


def _text(share: Any) -> str:
    return str(share) if share is not None else ""
