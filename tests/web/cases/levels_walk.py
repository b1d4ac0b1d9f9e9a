"""One case through all its steps over the API, tried at each part of each step by everybody before the right one does it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

import httpx
import msgspec
from litestar import Litestar

from core.casework.access import access_case
from core.casework.levels import by_level
from core.casework.model import LoadedCase
from dangwu import FORBIDDEN, Case, Regime, StepRules, Subject, evaluate, least
from tenants.database.session import county_session
from tenants.policies.regimes import regime_of_path
from tests.web.cases.levels_crew import EVERYBODY, OPENER, SINGLE, TWO_OFFICES, Desk, Hand
from tests.web.conftest import everything

BORN = date(1995, 3, 2)
OPENING = "application"


class Try(msgspec.Struct, frozen=True):
    """One attempt to record the part of `level` in a step, and what came of it. `needs` are the capabilities it takes."""

    step: str
    title: str
    level: str
    needs: frozenset[str]
    hand: Hand
    status: int
    code: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.step} / {self.level} / {self.hand.login}: {self.status} {self.code} {self.sentence}"


class Walk:
    """The case, the day, and all attempts so far. `done` are the steps in the order in which they were recorded."""

    def __init__(self, app: Litestar, desk: Desk, person: UUID, path: str, day: date) -> None:
        self.app, self.desk, self.person, self.path, self.day = app, desk, person, path, day
        self.case_id: UUID | None = None
        self.tries: list[Try] = []
        self.done: list[str] = []
        self.regime: Regime

    async def all_the_way(self, tags: frozenset[str]) -> None:
        """From the application until all is done."""
        async with county_session(self.desk.county.id):
            self.regime = await regime_of_path(self.path)
        await self._open(tags)
        while True:
            case = await self.case()
            standing = evaluate(self.regime, case.case, self.day)
            if standing.status != "running":
                return
            ready = [
                step
                for step in standing.open
                if standing.steps[step].state == "open"
                and not any(one.kind == FORBIDDEN for one in standing.steps[step].findings)
            ]
            if ready:
                rules = standing.steps[ready[0]].rules
                assert rules is not None
                await self._step(rules, case)
            else:
                assert standing.turns is not None, f"the case is stuck at {standing.open} on {self.day}"
                self.day = standing.turns

    async def case(self) -> LoadedCase:
        """The case as it stands."""
        assert self.case_id is not None
        async with county_session(self.desk.county.id):
            return await access_case(everything(), self.case_id)

    async def _open(self, tags: frozenset[str]) -> None:
        """The application: tried by everybody, taken in by him who holds two offices."""
        rules = self.regime.on(self.day, tags).steps[OPENING]
        evidence = least(self.regime, Case(Subject(BORN, tags)), OPENING, self.day)[0]
        body = {"person_id": self.person, "day": self.day, "evidence": evidence}
        for hand in (*(hand for hand in SINGLE if not hand.may("case.open", "branch")), OPENER):
            answer = await self._say(hand, "/api/v1/cases", body, rules, "branch", evidence)
        assert answer.status_code == 201, answer.text
        self.case_id = UUID(answer.json()["case_id"])
        self.done.append(OPENING)

    async def _step(self, rules: StepRules, case: LoadedCase) -> None:
        for whole in least(self.regime, case.case, rules.id, self.day):
            for level, part in by_level(rules, whole):
                await self._part(rules, level, part)
        self.done.append(rules.id)

    async def _part(self, rules: StepRules, level: str, part: dict[str, Any]) -> None:
        """Those who may not try first; then that one of those who may does it who has done least so far."""
        case = await self.case()
        acted = {entry.by_name for entry in case.entries}
        right = [hand for hand in EVERYBODY if hand.right(needs(part), level)]
        wrong = [hand for hand in EVERYBODY if hand not in right and (hand in SINGLE or hand.login in acted)]
        beginning = [hand for hand in right if hand in TWO_OFFICES and hand.login not in acted]
        served = Counter(one.hand.login for one in self.tries if one.status == 201)
        seldom = min(right, key=lambda hand: served[hand.login])
        for hand in (*wrong, *beginning[:1], *([] if beginning else [seldom])):
            answer = await self._record(hand, rules, level, part, case.version)
        assert answer.status_code == 201, answer.text

    async def _record(
        self, hand: Hand, rules: StepRules, level: str, part: dict[str, Any], version: int
    ) -> httpx.Response:
        body = {"step": rules.id, "day": self.day, "version": version, "evidence": part, "again": True}
        return await self._say(hand, f"/api/v1/cases/{self.case_id}/records", body, rules, level, part)

    async def _say(
        self,
        hand: Hand,
        address: str,
        body: dict[str, Any],
        rules: StepRules,
        level: str,
        part: dict[str, Any],
    ) -> httpx.Response:
        self.app.state.today = lambda: self.day
        answer = await self.desk.post(hand, address, body)
        said = answer.json()
        self.tries.append(
            Try(rules.id, rules.title, level, frozenset(needs(part)), hand, answer.status_code, said.get("code", ""),
                said.get("sentence", ""))
        )  # fmt: skip
        return answer


def needs(part: dict[str, Any]) -> set[str]:
    """The capabilities for evidence by facet: reviews and consents are conclusions, everything else is a record."""
    conclusive = part.keys() & {"review", "consent"}
    return ({"case.review"} if conclusive else set()) | (
        {"case.record"} if part.keys() - conclusive or not part else set()
    )
