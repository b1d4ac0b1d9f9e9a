"""What the fields of a paper stand for (dangwu.SOURCES): read from a case in hand, its person and its units."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from asyncpg import Record as Row

from core.casework.acts.going import LEAVING
from core.casework.matter import Matter
from core.database import fetch
from core.documents.model import Code, Value
from core.documents.rows import papers, records, required
from core.documents.step import OfStep, written
from core.organisation.queries import upwards
from core.register.values import SEX
from core.transfers.model import Letter
from core.transfers.queries import newest_letters
from dangwu import MEMBERSHIPS, explain


class Sources:
    """A case as its papers know it on `day`; `step` is the one that a paper is for."""

    def __init__(
        self,
        matter: Matter,
        day: date,
        actor: str,
        person: Row,
        units: Mapping[str, str],
        to: Mapping[str, str],
        letter: Letter | None,
        site: str,
    ) -> None:
        self.matter, self.day, self.actor = matter, day, actor
        self.person, self.units, self.to = person, units, to
        self.letter, self.site = letter, site
        self.judged = matter.on(day)
        self._known: dict[tuple[str, str], Value] = {}

    def of(self, source: str, step: str) -> Value:
        """What stands for a source; "" or no rows where nothing is known."""
        if (source, step) not in self._known:
            self._known[source, step] = self._of(source, step)
        return self._known[source, step]

    def _of(self, source: str, step: str) -> Value:
        first, _, rest = source.partition(".")
        if first == "step":
            return OfStep(self.judged, self.matter.case, step).said(rest)
        if first == "steps":
            other, _, rest = rest.partition(".")
            return OfStep(self.judged, self.matter.case, other).said(rest)
        if first == "dates":
            return written(self.matter.case.case.dates_on(self.day).get(rest))
        return _KNOWN[source](self, step)

    def why_not(self, source: str, step: str) -> str:
        """Why nothing is known of a source, as a clause; "" where nothing has to be known: the step does not ask for it."""
        first, _, rest = source.partition(".")
        if first in ("step", "steps"):
            of, _, what = (step, "", rest) if first == "step" else rest.partition(".")
            asked = OfStep(self.judged, self.matter.case, of).asks(what)
            return f"“{explain.title(self.judged.regime, of)}”还没有记录" if asked else ""
        return _WHY_NOT.get(first, "还没有")


_WHY_NOT = {
    "person": "党员名册没有登记",
    "letter": "介绍信还没有开出",
    "dates": "本人情况没有填写这个日期",
}


def _check(of: Sources, _: str) -> Value:
    """Only who issued a letter prints its code."""
    token = of.letter.token if of.letter and of.letter.ours else None
    return Code(f"{of.site}/letters/{token}") if token and of.site else ""


def _month(value: date | None) -> str:
    return f"{value.year}年{value.month}月" if value else ""


def _state(of: Sources) -> str:
    membership = of.judged.standing.membership
    named = {state.id: state.title for state in of.judged.plan.procedure.states}
    return named.get(membership) or (MEMBERSHIPS[membership].title if membership in MEMBERSHIPS else "")


def _stage(of: Sources) -> str:
    found = of.judged.plan.procedure.stages.get(of.judged.standing.stage)
    return found.name if found else ""


_KNOWN: Mapping[str, Callable[[Sources, str], Value]] = {
    "person.name": lambda of, _: of.person["name"],
    "person.sex": lambda of, _: SEX.get(of.person["sex"] or "", ""),
    "person.born": lambda of, _: written(of.person["born"]),
    "person.born-month": lambda of, _: _month(of.person["born"]),
    "person.ethnicity": lambda of, _: of.person["ethnicity"] or "",
    "person.education": lambda of, _: of.person["education"] or "",
    "person.job": lambda of, _: of.person["job"] or "",
    "person.joined": lambda of, _: written(of.person["joined"]),
    "person.converted": lambda of, _: written(of.person["converted"]),
    "person.membership": lambda of, _: MEMBERSHIPS[of.person["membership"]].title,
    "unit.branch": lambda of, _: of.units.get("branch", ""),
    "unit.committee": lambda of, _: of.units.get("committee", ""),
    "unit.department": lambda of, _: of.units.get("department", ""),
    "to.branch": lambda of, _: of.to.get("branch", ""),
    "to.committee": lambda of, _: of.to.get("committee", ""),
    "letter.number": lambda of, _: of.letter.number if of.letter else "",
    "letter.issuer": lambda of, _: of.letter.issuer if of.letter else "",
    "letter.until": lambda of, _: written(of.letter.valid_until) if of.letter else "",
    "letter.check": _check,
    "case.started": lambda of, _: written(of.matter.case.started),
    "case.procedure": lambda of, _: of.judged.plan.procedure.title,
    "case.stage": lambda of, _: _stage(of),
    "case.state": lambda of, _: _state(of),
    "case.state-since": lambda of, _: written(of.judged.standing.membership_since),
    "today": lambda of, _: written(of.day),
    "actor": lambda of, _: of.actor,
    "rows.records": lambda of, _: records(of.judged, of.matter.case, all_of_it=True),
    "rows.valid": lambda of, _: records(of.judged, of.matter.case),
    "rows.step": lambda of, step: records(of.judged, of.matter.case, step),
    "rows.asked": lambda of, step: required(of.judged, step),
    "rows.papers": lambda of, _: papers(of.judged),
}


async def sources(matters: Sequence[Matter], day: date, actor: str, site: str = "") -> list[Sources]:
    """What is known of cases that were taken up, in their order: three queries for all of them. `site` is where the platform is
    reached, for codes that are read with a telephone; without it there are none."""
    cases = [matter.case for matter in matters]
    rows = await fetch(
        """select id, name, sex, born, ethnicity, education, job, joined, converted, membership from person
           where id = any($1)""",
        [case.person_id for case in cases],
    )
    people = {row["id"]: row for row in rows}
    above = {path: upwards(path) for case in cases for path in (case.path, case.to_path) if path}
    rows = await fetch(
        "select path, kind, name from unit where path = any($1)",
        [*{path for paths in above.values() for path in paths}],
    )
    # A paper names the branch (党支部), never a group inside it: each unit stands for its own kind.
    units = {row["path"]: (row["kind"], row["name"]) for row in rows}
    letters = await newest_letters([case.id for case in cases])
    found = []
    for matter in matters:
        await matter.judge(day)
        named, to = (
            dict(units[path] for path in sorted(above.get(below, ()), key=len) if path in units)
            for below in (matter.case.path, matter.case.to_path)
        )
        if LEAVING in matter.case.case.subject.tags:
            to = {"committee": matter.case.beyond}
        person, letter = people[matter.case.person_id], letters.get(matter.case.id)
        found.append(Sources(matter, day, actor, person, named, to, letter, site))
    return found


KNOWN = frozenset(_KNOWN)
"""The sources that are known here, but for those of steps."""
