"""A facet as a third-party plugin would bring it: the laws hold for it as for those of version 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from dangwu import UP, Facet, Finding, Moment, Record, Requirement, facet


class Stamped(msgspec.Struct, frozen=True):
    """Evidence of the plugin's facet."""

    pages: Annotated[int, Meta(title="加盖页数", ge=0)] = 0


@facet("stamps", "骑缝章")
class Stamps(Facet, frozen=True):
    """A facet as a third-party plugin would bring it: so many stamped pages."""

    pages: Annotated[int, UP, Meta(title="页数")] = 0
    evidence = Stamped
    sentences = {"missing": "须加盖 {pages} 页骑缝章"}

    def judge(self, records: Sequence[Record], at: Moment) -> list[Finding]:
        """`stamps.missing`."""
        stamped = sum(one.pages for one in self.of(records))
        return [] if stamped >= self.pages else [self.missing("pages", ("",), pages=self.pages)]

    def describe(self) -> list[Requirement]:
        """How it reads wherever policies are shown, with its rule beside it."""
        return [Requirement("pages", "", f"加盖 {self.pages} 页骑缝章")] if self.pages else []

    def least(self, given: Any, records: Sequence[Record], at: Moment) -> Any:
        """As many as asked for."""
        return given or {"pages": self.pages}
