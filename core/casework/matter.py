"""A case in hand: what is in its file, the policies in force for it, and its judgement, made once for each day asked."""

from __future__ import annotations

from datetime import date

import msgspec

from core.aside import aside
from core.casework.model import EntryView, LoadedCase, RegimeFor
from core.casework.stored import contract_entry, requests
from dangwu import Judged, Regime, judged


class Matter:
    """A case with the policies by which it is judged; `locked`: nobody else writes into it until this transaction ends;
    `regime_for` gives those of the person's other cases, where an act takes him to another unit.

    It is taken up once for a request (access.py) and handed to everything that asks about the case or acts on it.
    """

    def __init__(
        self,
        case: LoadedCase,
        regime: Regime,
        *,
        locked: bool = False,
        regime_for: RegimeFor | None = None,
    ) -> None:
        self.case, self.regime, self.locked, self.regime_for = case, regime, locked, regime_for
        self.plan = regime.plan(case.procedure)
        self._judged: dict[date, Judged] = {}

    def on(self, day: date) -> Judged:
        """The case judged on a day: anew only if something may have changed since the last earlier day that was asked, and then
        only what is not settled."""
        found = self._judged.get(day)
        if found is None:
            before = max((one for one in self._judged if one < day), default=None)
            earlier = self._judged[before] if before is not None else None
            found = earlier.still(day) if earlier is not None else None
            if found is None:
                settled = earlier.settled if earlier is not None else None
                found = judged(self.regime, self.case.case, day, settled)
            self._judged[day] = found
        return found

    async def judge(self, day: date) -> None:
        """Where plugins' own code takes its time, judge it on a day before anybody asks, aside; else it is judged when asked."""
        if self.regime.strange:
            await aside([self.regime], lambda: self.on(day).standing)

    def knows(self, found: Judged) -> None:
        """Take over a judgement of this case that was made on the way to it."""
        self._judged[found.day] = found

    def with_entry(self, entry: EntryView) -> Matter:
        """The same case with one entry more, which has been written into it."""
        case, added = self.case, contract_entry(entry, requests(self.case.entries))
        return Matter(
            msgspec.structs.replace(
                case,
                version=entry.seq,
                entries=(*case.entries, entry),
                case=case.case.with_entry(added) if added is not None else case.case,
            ),
            self.regime,
            locked=self.locked,
            regime_for=self.regime_for,
        )
