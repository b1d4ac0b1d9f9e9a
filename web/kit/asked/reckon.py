"""What the browser reckons while figures are typed; the server judges them all the same when they are sent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from dangwu import Facet, forms


class Line(msgspec.Struct, frozen=True):
    """Live arithmetic under the fields that begin with `prefix`: `sums` is a JSON list of `dangwu.Reckoning`.

    `rolled` is a JSON object: a field that is not there → the figure of the meeting's roll that stands for it.
    """

    prefix: str
    sums: str
    rolled: str = "{}"


def reckonings(facet: Facet, fields: Sequence[forms.Field]) -> Iterator[Line]:
    """One for each group of figures, such as a vote or those of whom a group was asked."""
    if sums := facet.reckonings():
        encoded = msgspec.json.encode(sums).decode()
        for prefix in dict.fromkeys(field.name.rpartition(".")[0] for field in fields):
            yield Line(prefix, encoded)
