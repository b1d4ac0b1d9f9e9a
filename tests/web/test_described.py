"""The API answers as it is described: cases that are made up from the description, sent by each role; no answer is a defect."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import cycle
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from litestar import Litestar
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tenants.accounts.capabilities import ROLES
from tests.bench.timed import say
from tests.trials.measured import size
from tests.web.conftest import Browser, Seeded, browser, found_general_branch
from tests.web.policies.seed import case_after

pytestmark = [pytest.mark.trial, pytest.mark.timeout(3600)]

Operation = schemathesis.APIOperation[Any, Any, Any, Any]
Case = schemathesis.Case[Operation]

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
REQUEST = ("method", "url", "headers", "params", "data", "json", "files")
ENDS = {"DELETE /api/v1/session", "PUT /api/v1/session/password"}
"""Whoever has done that is signed in again."""


async def test_every_answer_is_a_documented_one(app: Litestar, client: Browser, county: Seeded) -> None:
    """CASES of each operation that fit its description, and as many that do not; half of them about things that there are."""
    logging.getLogger("schemathesis").setLevel(logging.ERROR)
    await found_general_branch(county)
    case = await case_after(county, "东街支部", "甲", "prospect-consent", date(2026, 11, 2))
    schema = schemathesis.openapi.from_dict((await client.get("/api/v1/openapi.json")).json())
    real = _Real(county, case)
    found: Counter[str] = Counter()
    answers: Counter[int] = Counter()
    each = int(size("CASES", 3))
    chosen = schema.include(path_regex=os.environ.get("TRIAL_ONLY", ""))
    read = [*chosen.get_all_operations()]
    operations = [one.ok() for one in read if isinstance(one, Ok)]
    assert len(operations) == len(read), "all of the description can be read"
    made = [(one, [*_made(one, each)]) for one in operations]
    for login in ROLES:
        async with browser(app) as person:
            await person.sign_in(county, login)
            for operation, cases in made:
                for number, case_ in enumerate(cases):
                    answer = await _sent(person, case_, real if number % 2 else None)
                    answers[answer.status_code] += 1
                    found.update(_wrong(case_, answer))
                    if answer.status_code == 401 or operation.label in ENDS:
                        await person.sign_in(county, login)
    say(f"{len(made)} 项操作，{len(ROLES)} 种职务：{dict(sorted(answers.items()))}")
    assert not found, "\n".join(f"{count} × {what}" for what, count in found.most_common())


class _Real:
    """Ids of things that there are, in turn, by what a parameter is called."""

    def __init__(self, county: Seeded, case: UUID) -> None:
        ids = {
            "unit": [one.id for one in county.units.values()],
            "person": [*county.people.values()],
            "account": [*county.accounts.values()],
            "case": [case],
        }
        self._ids: Mapping[str, Iterator[UUID]] = {name: cycle(each) for name, each in ids.items()}

    def put(self, values: dict[str, Any]) -> None:
        """Into the parameters of this name, or of one that ends so."""
        for name in values:
            if (kind := name.removesuffix("_id")) in self._ids:
                values[name] = str(next(self._ids[kind]))
            elif name.endswith("_id"):
                values[name] = str(uuid4())


def _made(operation: Operation, each: int) -> Iterator[Case]:
    for mode in schemathesis.GenerationMode:
        try:
            yield from _kept(operation.as_strategy(generation_mode=mode), each)
        except Unsatisfiable:
            # Nothing but what fits can be sent to an operation without parameters.
            assert mode is schemathesis.GenerationMode.NEGATIVE, operation.label


def _kept(strategy: SearchStrategy[Case], each: int) -> list[Case]:
    kept: list[Case] = []

    @seed(int(size("SEED", 1)))
    @settings(
        max_examples=each, phases=[Phase.generate], database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )  # fmt: skip
    @given(strategy)
    def keep(case: Case) -> None:
        kept.append(case)

    keep()
    return kept


async def _sent(person: Browser, case: Case, real: _Real | None) -> httpx.Response:
    if real is not None:
        for values in (case.path_parameters, case.query, case.body):
            if isinstance(values, dict):
                real.put(values)
    sent = case.as_transport_kwargs(base_url="http://dangwu.test")
    sent["headers"] = {**(sent["headers"] or {}), "x-csrftoken": person.cookies["csrftoken"]}
    given = {name: value for name, value in sent.items() if name in REQUEST}
    # What it makes up is written for `requests`, down to parts of a form that are no text.
    made = requests.Request(**given).prepare()
    content = made.body.encode() if isinstance(made.body, str) else made.body
    assert content is None or isinstance(content, bytes)
    headers = {name: str(value) for name, value in made.headers.items()}
    answer = await person.request(case.method, made.url or "", headers=headers, content=content)
    await answer.request.aread()
    return answer


def _wrong(case: Case, answer: httpx.Response) -> Iterator[str]:
    try:
        case.validate_response(answer, checks=CHECKS)
    except FailureGroup as failed:
        for one in failed.exceptions:
            yield f"{case.operation.label}：{type(one).__name__} {answer.status_code} {str(one)[:300]}"
