"""The occurrences of the duties of one who owes, as of a day: what is done, late, missed, due, still to come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

import msgspec

from dangwu.duties.act import Act, counts
from dangwu.duties.slots import absorbed, held, slots
from dangwu.duties.windows import DAY, Window, first_due
from dangwu.regime.claim import Claim
from dangwu.regime.duty import Duties
from dangwu.regime.regime import Regime

State = Literal["early", "owed", "missed", "late", "discharged"]
STATES: Mapping[State, str] = {
    "early": "未到时间", "owed": "应办", "missed": "逾期未办", "late": "已补办", "discharged": "已办",
}  # fmt: skip
LAST = date(9999, 1, 1)
Laid = Mapping[str, Sequence[Window]]
"""The windows of a family's claims, by their keys."""


class Ower(msgspec.Struct, frozen=True):
    """One who owes: a unit of a `level` with whoever holds posts there, only one `post` of it, a person or a group; there since
    its `first` day.

    `events`: (event, day), for what is owed after one.
    """

    level: str
    first: date
    tags: frozenset[str] = frozenset()
    post: str = ""
    events: tuple[tuple[str, date], ...] = ()


class Occurrence(msgspec.Struct, frozen=True, kw_only=True):
    """`need` times or hours; `done` the acts that count, `on` the day on which it was enough; `escalated` the levels that hear
    of it."""

    claim: Claim
    opens: date
    due: date
    need: int
    done: tuple[str, ...]
    amount: float
    on: date | None
    state: State
    escalated: tuple[str, ...] = ()

    @property
    def family(self) -> str:
        """Of what duty."""
        return self.claim.duty.duty

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that ask for it."""
        return self.claim.rules


def occurrences(
    regime: Regime, ower: Ower, acts: Sequence[Act], first: date, last: date, today: date
) -> list[Occurrence]:
    """What touches the days from `first` to `last`, by due day; acts after `today` are not seen.

    `acts` reach back as far as the windows do: at least a year before `first`.
    """
    seen = sorted((one for one in acts if one.day <= today), key=lambda one: (one.day, one.id))
    found = (
        one
        for duty in regime.duties
        if duty.owes.level == ower.level and (not ower.post or duty.owes.post in ("", ower.post))
        for one in of_family(duty, ower, seen, first, last, today)
    )
    return sorted(found, key=lambda one: (one.due, one.family, one.claim.key))


def laid(claims: Sequence[Claim], first: date, last: date) -> Laid:
    """The windows of the calendar from `first` to `last`, by the key of their claim: the same for all who owe it."""
    found: dict[str, list[Window]] = {}
    for slot in slots(claims, first - DAY * 400 if _by_days(claims) else first, last):
        if not slot.absorbed:
            found.setdefault(slot.claim.key, []).append(slot.window)
    return found


def of_family(
    duty: Duties, ower: Ower, acts: Sequence[Act], first: date, last: date, today: date
) -> Iterator[Occurrence]:
    """The same of one family and ower."""
    claims = duty.of(ower.tags)
    return of_claims(claims, claims, laid(claims, first, last), ower, acts, first, last, today)


def of_claims(
    those: Iterable[Claim], claims: Sequence[Claim], fixed: Laid,
    ower: Ower, acts: Sequence[Act], first: date, last: date, today: date,
) -> Iterator[Occurrence]:  # fmt: skip
    """The same of `those` among the claims of a family, their windows laid out before."""
    for claim in those:
        counting = [one for one in acts if counts(claim.duty, one)]
        windows = [one for one in fixed.get(claim.key, ()) if one.opens >= ower.first]
        if claim.demand.every is not None:
            found = _chain(claim, claims, ower, counting, min(last, LAST), today)
        elif claim.demand.per:
            found = (_in_window(claim, window, counting, today) for window in windows)
        else:
            windows += _events(claim, claims, ower)
            found = _made_up(claim, windows, counting, today)
        yield from (one for one in found if one.opens <= last and _until(one, today) >= first)


def _until(one: Occurrence, today: date) -> date:
    """The last day on which there is something to say of it: what can still be made up for is overdue until it is."""
    if one.state == "missed" and not one.claim.demand.per:
        return max(one.due, today)
    return max(one.due, one.on or one.due)


def _by_days(claims: Sequence[Claim]) -> bool:
    return any(one.demand.by for one in claims)


def _in_window(claim: Claim, window: Window, acts: Sequence[Act], today: date) -> Occurrence:
    opens, due = window
    return made(claim, window, [one for one in acts if opens <= one.day <= due], today)


def _made_up(claim: Claim, found: Sequence[Window], acts: Sequence[Act], today: date) -> Iterator[Occurrence]:
    """What was missed can be made up for: an act counts in its own time first, one too many for the oldest that was missed."""
    left = list(acts)
    done = {window: _take(left, window.opens, window.due) for window in sorted(set(found), key=_due)}
    for window, own in done.items():
        act = own or _take(left, window.opens, date.max)
        yield made(claim, window, [act] if act else [], today)


def _take(left: list[Act], first: date, last: date) -> Act | None:
    """The first act between two days, no longer left."""
    act = next((one for one in left if first <= one.day <= last), None)
    if act is not None:
        left.remove(act)
    return act


def _due(window: Window) -> date:
    return window.due


def _events(claim: Claim, claims: Sequence[Claim], ower: Ower) -> list[Window]:
    found = []
    for event, day in ower.events:
        due = claim.demand.within.soonest(day) if claim.demand.within else None
        if event == claim.demand.after and due is not None and day >= ower.first:
            window = Window(day, due)
            if held(claim, claims, window) and not absorbed(claim, claims, window):
                found.append(window)
    return found


def _chain(
    claim: Claim, claims: Sequence[Claim], ower: Ower, acts: Sequence[Act], last: date, today: date
) -> Iterator[Occurrence]:
    """Each counts from the one before, the first from the day on which both the ower and the rule are there."""
    assert claim.demand.every is not None
    for since, until in claim.spans:
        begin = max(since, ower.first)
        left = [one for one in acts if begin <= one.day < until]
        opens, due = begin, first_due(claim.demand.every, begin)
        while due is not None and opens <= last and due < until:
            act = left.pop(0) if left else None
            window = Window(opens, due)
            if not absorbed(claim, claims, window):
                yield made(claim, window, [act] if act else [], today)
            if act is None:
                break
            opens, due = act.day + DAY, claim.demand.every.soonest(act.day)


def made(claim: Claim, window: Window, acts: Sequence[Act], today: date) -> Occurrence:
    """An occurrence with the acts that count for it, in the order of their days."""
    opens, due = window
    need, amount, on, done = claim.demand.need, 0.0, None, []
    for act in acts:
        amount += act.hours if claim.demand.hours else 1
        done.append(act.id)
        if amount >= need:
            on = act.day
            break
    state: State = (
        ("discharged" if on <= due else "late")
        if on is not None
        else "early" if today < opens else "owed" if today <= due else "missed"
    )  # fmt: skip
    return Occurrence(
        claim=claim, opens=opens, due=due, need=need, done=tuple(done), amount=amount, on=on, state=state,
        escalated=_told(claim, due, today) if state == "missed" else (),
    )  # fmt: skip


def _told(claim: Claim, due: date, today: date) -> tuple[str, ...]:
    """The levels that hear of it by now."""
    return tuple(sorted(level for level, after in claim.escalate.items() if after.latest(due) < today))


__all__ = [
    "STATES",
    "Laid",
    "Occurrence",
    "Ower",
    "State",
    "laid",
    "made",
    "occurrences",
    "of_claims",
    "of_family",
]
