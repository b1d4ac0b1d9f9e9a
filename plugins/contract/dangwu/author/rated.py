"""Ratings in a rehearsal: `rate: {…}` lines, and `expect: {rating: …}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from dangwu.author.expected import NOTHING, listed, shown
from dangwu.author.rehearse_read import RehearsalReader
from dangwu.case.case import Case
from dangwu.case.moment import Moment
from dangwu.errors import EvidenceError, nearest
from dangwu.facets.finding import Finding
from dangwu.facets.registry import FACETS
from dangwu.policy.rating import RATEES
from dangwu.ratings.accept import refused
from dangwu.ratings.marks import ACTS, TITLES, Mark, Subject, read_mark
from dangwu.ratings.progress import STATES, behind, progress, shares
from dangwu.ratings.rounds import round_named
from dangwu.regime.regime import Regime
from dangwu.regime.scheme import Acting, Scheme
from dangwu.say import explain
from dangwu.shapes.short import Plain
from dangwu.values.catalogue import MEMBERSHIPS

RATE_KEYS = ("rating", "round", "of", "act", "grade", "own", "papers", "items", "bare", *FACETS)
RATED_KEYS = ("rating", "round", "of", "state", "grade", "proposes", "because", "until", "rule", "asks")
Key = tuple[str, str]
"""(scheme, round)."""
_LEAP_YEAR = 2024
"""A year that has every day on which a round can end."""


class Rehearsal:
    """The rounds of one script: who is rated, what was recorded; each round by the rules of the day of its first act."""

    def __init__(
        self, regime: Regime, reader: RehearsalReader, people: Mapping[str, Subject], members: int
    ) -> None:
        self.regime, self.reader, self.people = regime, reader, people
        self.members = members
        self.marks: dict[Key, dict[str, list[Mark]]] = {}
        self.opened: dict[Key, date] = {}
        self.last = ""
        """The scheme of which the script spoke last."""

    def rate(self, act: Mapping[str, Plain], day: date, where: str) -> Iterator[str]:
        """Play one line; a sentence for what went otherwise than expected."""
        raw = self.reader.mapping(act["rate"], RATE_KEYS, f"{where} rate ")
        key, of = self._key(raw, day, where), str(raw.get("of", ""))
        scheme = self._scheme(key, self._who(of, where), day, where)
        try:
            mark = self._mark(raw, scheme, day, where)
        except EvidenceError as error:
            raise self.reader.wrong(f"{where}：{''.join(error.problems)}") from error
        marks = self.marks.setdefault(key, {}).setdefault(of, [])
        why = (*refused(scheme, self.people[of], marks, mark), *self._over(key, scheme, of, mark))
        yield from self._told(act, mark, why, behind(scheme, mark.act, why), where)
        if not why:
            marks.append(mark)

    def unmet(self, expect: Mapping[str, Plain], day: date, where: str) -> Iterator[str]:
        """A sentence for each expectation that does not hold."""
        if expect.get("state") == NOTHING:
            yield from self._none(str(expect["rating"]), day, where)
            return
        key, of = self._key(expect, day, where), str(expect.get("of", ""))
        subject = self._who(of, where)
        scheme = self._scheme(key, subject, day, where)
        now = progress(scheme, subject, self.marks.get(key, {}).get(of, ()), day)
        found = "".join(explain.sentence(self.regime, one) for one in now.findings)
        name = f"{where} {of} 的{scheme.title}"
        if "state" in expect and expect["state"] not in STATES:
            raise self.reader.wrong(
                f"{where}：没有状态“{expect['state']}”{nearest(str(expect['state']), STATES)}。"
            )
        for field in ("state", "grade", "until"):
            if field in expect and expect[field] != getattr(now, field):
                yield f"{name}：{field} 期望 {expect[field]}，实际 {getattr(now, field)}。{found}"
        if "proposes" in expect and sorted(expect["proposes"]) != sorted(now.proposes):
            yield f"{name}：proposes 期望 {listed(expect['proposes'])}，实际 {listed(now.proposes)}。"
        for part, wanted in expect.get("asks", {}).items():
            if shown(wanted) != (stands := shown(_asked(scheme, part))):
                yield f"{name}：asks.{part} 期望 {shown(wanted)}，实际 {stands}。"
        for field, there in (("because", now.because), ("rule", now.rules)):
            for one in expect.get(field, ()):
                if one not in there:
                    yield f"{name}：期望有 {one}，实际有 {listed(there)}。"

    def _none(self, rating: str, day: date, where: str) -> Iterator[str]:
        """Whether there is no such scheme on that day, though some rule speaks of it."""
        known = {rule.scheme for one in self.regime.policies.values() for rule in one.rules if rule.scheme}
        if rating not in known:
            raise self.reader.wrong(f"{where}：没有评级方案“{rating}”{nearest(rating, known)}。")
        if rating in self.regime.ratings(day):
            yield f"{where} {rating}：期望这时没有这一评级，实际有。"

    def _told(
        self,
        act: Mapping[str, Plain],
        mark: Mark,
        why: tuple[Finding, ...],
        rules: tuple[str, ...],
        where: str,
    ) -> Iterator[str]:
        title = TITLES[mark.act]
        if why and not act.get("refused"):
            yield f"{where}：不能{title}：{''.join(explain.sentence(self.regime, one) for one in why)}"
        if not why and act.get("refused"):
            yield f"{where}：期望不能{title}，实际可以。"
        codes = {one.code for one in why}
        for code in self.reader.words(act.get("because"), f"{where} because ") if why else ():
            if code not in codes:
                yield f"{where}：期望因 {code} 不能{title}，实际是 {listed(codes)}。"
        for rule in self.reader.words(act.get("rule"), f"{where} rule ") if why else ():
            if rule not in rules:
                yield f"{where}：期望依据规则 {rule} 不能{title}，实际依据的是 {listed(rules)}。"

    def _over(self, key: Key, scheme: Scheme, of: str, mark: Mark) -> tuple[Finding, ...]:
        """The ceilings that a decision would pass, over all of the round."""
        if mark.act not in ("decide", "answer") or not mark.grade:
            return ()
        rated = [one for one in self.people.values() if one.membership not in scheme.ungraded]
        others = self.marks.get(key, {})
        grades = [
            progress(scheme, self.people[name], marks, mark.day).grade
            for name, marks in others.items()
            if name != of and any(one.act == "decide" for one in marks)
        ]
        return shares(scheme, [*grades, mark.grade], self.members or len(rated))

    def _mark(self, raw: Mapping[str, Plain], scheme: Scheme, day: date, where: str) -> Mark:
        act = raw.get("act", "propose")
        if act not in ACTS:
            raise self.reader.wrong(
                f"{where} rate.act 没有“{act}”{nearest(str(act), ACTS)}。可用的有：{'、'.join(ACTS)}。"
            )
        given = {name: raw[name] for name in raw if name in FACETS}
        return read_mark(
            act,
            day,
            grade=str(raw.get("grade", "")),
            own=raw.get("own") is True,
            papers=frozenset(self.reader.words(raw.get("papers"), f"{where} papers ")),
            items=self._items(raw, scheme, where),
            evidence=given if raw.get("bare") else self._least(act, given, scheme, day),
        )

    def _items(self, raw: Mapping[str, Plain], scheme: Scheme, where: str) -> frozenset[str]:
        """What was looked at: everything, where nothing else is said."""
        if "items" in raw or raw.get("bare") or raw.get("act", "propose") != "propose":
            return frozenset(self.reader.words(raw.get("items"), f"{where} items "))
        return frozenset(scheme.items)

    def _least(self, act: str, given: Mapping[str, Plain], scheme: Scheme, day: date) -> dict[str, Plain]:
        moment, asked = Moment(Case(), day, {}, {}), scheme.asked(act, day).facets
        filled = {name: facet.least(given.get(name), (), moment) for name, facet in asked.items()}
        return {**given, **{name: one for name, one in filled.items() if one is not None}}

    def _key(self, raw: Mapping[str, Plain], day: date, where: str) -> Key:
        """Which scheme and round are meant: the one that has the grade, the one last spoken of."""
        known = self.regime.ratings(day)
        grade, before = raw.get("grade"), self.last
        fitting = (one for one in (before, *known) if one in known and grade in (None, "", *known[one].scale))
        name = raw.get("rating") or next(fitting if grade or before else iter(()), "")
        if name not in known:
            hint = nearest(str(name), known)
            raise self.reader.wrong(
                f"{where}：没有评级方案“{name}”{hint}。可用的有：{'、'.join(known) or '无'}。"
            )
        last = next((one for scheme, one in reversed(self.marks) if scheme == name), "")
        wanted = str(raw.get("round") or last)
        if round_named(known[name], wanted) is None:
            raise self.reader.wrong(f"{where}：没有“{wanted}”这一期，期次写作 2026-1（年份和第几期）。")
        self.last = str(name)
        return name, wanted

    def _who(self, of: str, where: str) -> Subject:
        if not of:
            raise self.reader.wrong(
                f"{where}：没有写评谁（of）。people 中有：{'、'.join(self.people) or '无'}。"
            )
        if of not in self.people:
            raise self.reader.wrong(f"{where}：people 中没有“{of}”{nearest(of, self.people)}。")
        return self.people[of]

    def _scheme(self, key: Key, subject: Subject, day: date, where: str) -> Scheme:
        opened = self.opened.setdefault(key, day)
        found = self.regime.ratings(opened, subject.tags).get(key[0])
        if found is None:
            raise self.reader.wrong(f"{where}：{opened} 没有评级方案“{key[0]}”。")
        if found.rates and subject.membership not in (*found.rates, ""):
            whom = MEMBERSHIPS[subject.membership].title
            raise self.reader.wrong(
                f"{where}：“{found.title}”评的是{RATEES[found.of]}，people 中写的是{whom}。"
            )
        return found


def _asked(scheme: Scheme, part: str) -> Plain:
    """A part of a scheme as a policy writes it: of who acts the level, of the rounds their last days."""
    if part == "due":
        rounds = (round_named(scheme, f"{_LEAP_YEAR}-{number}") for number in range(1, len(scheme.due) + 1))
        return [f"{one.last:%m-%d}" for one in rounds if one]
    one = getattr(scheme, part)
    return one.level if isinstance(one, Acting) else one


__all__ = ["RATED_KEYS", "Rehearsal"]
