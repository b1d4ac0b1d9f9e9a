"""Duties in a rehearsal: the `unit`, lines of what it did (`activity`) and of what happened (`event`), `expect: {duty: …}`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from dangwu.author.expected import NOTHING, listed
from dangwu.author.rehearse_read import UNIT_KEYS, RehearsalReader
from dangwu.duties.act import Act
from dangwu.duties.occurrences import STATES, Occurrence, Ower, occurrences
from dangwu.errors import nearest
from dangwu.policy.duty import Owes
from dangwu.regime.regime import Regime
from dangwu.shapes.short import Plain
from dangwu.values.bounds import FIRST_DAY
from dangwu.values.days import add_months


class Owing:
    """The unit of one script, and what it did so far."""

    def __init__(self, regime: Regime, reader: RehearsalReader, raw: Plain, tags: Collection[str]) -> None:
        self.regime, self.reader = regime, reader
        found = reader.mapping(raw, UNIT_KEYS, "unit ")
        owes = self._owes(found)
        self.members = reader.members(raw)
        first = reader.day(found["since"], "unit.since ") if "since" in found else FIRST_DAY
        self.ower = Ower(owes.level, first, reader.tags(found.get("tags"), "unit.tags ", tags), owes.post)
        self.acts: list[Act] = []
        self.events: list[tuple[str, date]] = []

    def _owes(self, found: Mapping[str, Plain]) -> Owes:
        known = {one.owes for one in self.regime.duties} | {Owes("branch")}
        level, post = str(found.get("level", "branch")), str(found.get("post", ""))
        if level not in {one.level for one in known}:
            raise self.reader.wrong(
                f"unit.level“{level}”没有职责{nearest(level, [one.level for one in known])}。"
            )
        if post and post not in {one.post for one in known}:
            raise self.reader.wrong(
                f"unit.post“{post}”没有职责{nearest(post, [one.post for one in known])}。"
            )
        return Owes(level, post)

    def act(self, act: Mapping[str, Plain], day: date, where: str) -> Iterator[str]:
        """Record an activity; nothing is refused."""
        kinds = self._words(act, "activity", "family", where)
        came = self.reader.mapping(act.get("attendance"), ("eligible", "present"), f"{where} attendance ")
        sets = {
            field: self._words(act, key, category, where)
            for field, key, category in (
                ("papers", "documents", "kind"),
                ("themes", "themes", "theme"),
                ("by", "by", "role"),
            )
        }
        self.acts.append(
            Act(
                id=str(len(self.acts)),
                day=day,
                kinds=kinds,
                eligible=int(came.get("eligible") or self.members),
                present=int(came.get("present") or 0),
                hours=float(act.get("hours") or 0),
                **sets,
            )
        )
        yield from ()

    def happen(self, act: Mapping[str, Plain], day: date, where: str) -> Iterator[str]:
        """Take down that something happened from which a duty runs."""
        if words := self.reader.known.wrong(str(act["event"]), ("event",), author=False):
            raise self.reader.wrong(f"{where} event：{words}。")
        self.events.append((str(act["event"]), day))
        yield from ()

    def unmet(self, expect: Mapping[str, Plain], day: date, where: str) -> Iterator[str]:
        """A sentence for what is expected and does not hold: some occurrence must be as is said, all that is said of one."""
        self._known(expect, where)
        found = self._meant(expect, day)
        name = f"{where} {expect['duty']}"
        if expect.get("state") == NOTHING:
            if found:
                yield f"{name}：期望这时没有这一项，实际有 {_told(found)}。"
            return
        if not any(self._fits(one, expect) for one in found):
            said = "、".join(f"{key} {value}" for key, value in expect.items() if key != "duty")
            yield f"{name}：期望 {said}，实际{_told(found) or '没有这一项'}。"

    def _words(self, act: Mapping[str, Plain], key: str, category: str, where: str) -> frozenset[str]:
        found = self.reader.words(act.get(key), f"{where} {key} ")
        for word in found:
            if what := self.reader.known.wrong(word, (category,), author=False):
                raise self.reader.wrong(f"{where} {key} 中，{what}。")
        return frozenset(found)

    def _known(self, expect: Mapping[str, Plain], where: str) -> None:
        families = {one.family for one in self.regime.duties}
        if expect["duty"] not in families:
            raise self.reader.wrong(
                f"{where}：这些政策下没有职责“{expect['duty']}”{nearest(str(expect['duty']), families)}。"
            )
        states = {*STATES, NOTHING}
        if expect.get("state", NOTHING) not in states:
            raise self.reader.wrong(
                f"{where}：没有状态“{expect['state']}”{nearest(str(expect['state']), states)}。可用的有：{listed(states)}。"
            )

    def _meant(self, expect: Mapping[str, Plain], day: date) -> list[Occurrence]:
        """Those of the family that are due on the day that is named, or whose time the day lies in."""
        due = expect.get("due")
        around = due or day
        ower = Ower(self.ower.level, self.ower.first, self.ower.tags, self.ower.post, tuple(self.events))
        found = occurrences(
            self.regime, ower, self.acts, add_months(around, -13), add_months(around, 13), day
        )
        mine = [one for one in found if one.family == expect["duty"]]
        return [one for one in mine if (one.due == due if due else one.opens <= day <= one.due)]

    @staticmethod
    def _fits(one: Occurrence, expect: Mapping[str, Plain]) -> bool:
        plain = all(
            expect[key] == getattr(one, key) for key in ("state", "due", "opens", "amount") if key in expect
        )
        told = sorted(expect.get("escalated", one.escalated)) == sorted(one.escalated)
        return plain and told and {*expect.get("rule", ())} <= {*one.rules}


def _told(found: list[Occurrence]) -> str:
    return "；".join(
        f"{one.opens} 至 {one.due} {one.state}（{one.amount:g}/{one.need}，{'、'.join(one.rules)}"
        f"{'，告知 ' + '、'.join(one.escalated) if one.escalated else ''}）"
        for one in found
    )


__all__ = ["Owing"]
