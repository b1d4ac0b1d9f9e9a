"""One case from 2025 to 2027: begun under the rules of 2014, ended under those of 2026, each step by the document of its day."""

from __future__ import annotations

import re
from datetime import date

import pytest

from dangwu import (
    Case,
    Regime,
    StepStanding,
    Subject,
    compose,
    evaluate,
    explain,
    least,
    read_record,
    refusals,
)
from tests.floor import FLOOR, STEPS
from tests.plugins.test_national import REVISION, number

OLD, NEW = "中国共产党发展党员工作细则", "中国共产党发展党员工作细则（2026 年修订）"
DAYS = {
    "application": "2025-01-06", "applicant-talk": "2025-01-20", "activist-decision": "2025-03-03",
    "activist-filing": "2025-03-10", "mentor-appointment": "2025-03-10", "cultivation": "2025-09-03",
    "prospect-selection": "2026-03-10", "prospect-consent": "2026-05-12", "prospect-notice": "2026-05-13",
    "sponsor-appointment": "2026-05-22", "political-review": "2026-05-25", "intensive-training": "2026-06-01",
    "branch-review": "2026-06-08", "pre-review": "2026-06-10", "admission-form": "2026-06-15",
    "admission-meeting": "2026-06-20", "pre-approval-talk": "2026-06-25", "admission-approval": "2026-07-01",
    "admission-filing": "2026-07-05", "group-assignment": "2026-07-06", "oath": "2026-07-10", "probation": "2026-12-20",
    "conversion-application": "2027-06-21", "conversion-meeting": "2027-06-28", "conversion-approval": "2027-07-15",
    "archiving": "2027-07-20",
}  # fmt: skip
CITED = {
    "application": "5 6", "applicant-talk": "7", "activist-decision": "8", "activist-filing": "8", "mentor-appointment": "9",
    "cultivation": "10 11", "prospect-selection": "13", "prospect-consent": "13", "prospect-notice": "13",
    "sponsor-appointment": "14", "political-review": "16", "intensive-training": "17", "branch-review": "18",
    "pre-review": "18", "admission-form": "18", "admission-meeting": "18 19 20 21", "pre-approval-talk": "23",
    "admission-approval": "24 25", "admission-filing": "25", "group-assignment": "24 28", "oath": "29",
    "probation": "30 31", "conversion-application": "32", "conversion-meeting": "31 32", "conversion-approval": "33",
    "archiving": "33 36",
}  # fmt: skip
"""The articles that bear on each step, as the edition in force on its day counts them."""


def played(regime: Regime) -> Case:
    """The case, each step recorded properly on its day."""
    case = Case(Subject(born=date(1999, 3, 2)))
    for step in STEPS:
        first = date.fromisoformat(DAYS[step])
        half = (
            [first, first.replace(year=first.year + 1, month=first.month - 6)]
            if step == "cultivation"
            else [first]
        )
        for evidence, day in zip(least(regime, case, step, first), half, strict=False):
            record = read_record(step, day, evidence)
            assert refusals(regime, case, record) == (), step
            case = case.with_entry(record)
    return case


@pytest.fixture(scope="module")
def steps() -> dict[str, StepStanding]:
    regime = compose(FLOOR)
    standing = evaluate(regime, played(regime), date(2027, 8, 1))
    assert standing.status == "completed"
    assert (standing.membership, standing.membership_since) == ("full", date(2027, 6, 20))
    return dict(standing.steps)


@pytest.mark.parametrize("step", STEPS)
def test_each_step_cites_the_document_of_its_day(step: str, steps: dict[str, StepStanding]) -> None:
    regime = compose(FLOOR)
    rules = steps[step].rules
    assert rules is not None
    cited = [explain.citation(regime, rule, day=rules.day) for rule in rules.attaining]
    edition = OLD if date.fromisoformat(DAYS[step]) < REVISION else NEW
    documents = {one.document for one in cited} - {"中国共产党不合格党员组织处置办法"}
    assert documents == {edition}
    found = {
        number(name)
        for one in cited
        for name in re.findall(r"第([一二三四五六七八九十]+)条", one.clause)
        if one.document == edition
    }
    assert found == {int(one) for one in CITED[step].split()}
    assert all(one.document in (OLD, NEW) or step == "application" for one in cited)


def test_what_the_revision_asks_is_not_asked_of_what_was_done_before(steps: dict[str, StepStanding]) -> None:
    talk = steps["applicant-talk"].rules
    assert talk is not None
    assert "national.article-07.talk-record-2014" in talk.rules
    assert "national.article-07.talk-content" not in talk.rules
    consent = steps["prospect-consent"].rules
    assert consent is not None
    assert "national.article-13.consent" in consent.rules


def test_a_month_to_the_meeting_is_counted_only_since_the_revision() -> None:
    """Under the rules of 2014 no time ran from the pre-review to the meeting (第二十条)."""
    regime = compose(FLOOR)
    for day, due in ((date(2026, 5, 10), None), (date(2026, 5, 11), date(2026, 6, 1))):
        given = dict.fromkeys(STEPS[: STEPS.index("admission-meeting")], date(2026, 5, 1))
        assert evaluate(regime, Case(given=given), day).steps["admission-meeting"].due == due


def test_the_article_map_holds_for_every_rule() -> None:
    """Articles 1–17 are numbered alike; the old 18 is gone, and from 19 on each is one lower in the revision."""
    for rule in (rule for policy in FLOOR.policies for rule in policy.rules):
        for before in rule.cited_before:
            assert (before.source, before.until) == ("rules-2014", REVISION)
            now = [number(name) for name in re.findall(r"第([一二三四五六七八九十]+)条", rule.cite.clause)]
            then = [number(name) for name in re.findall(r"第([一二三四五六七八九十]+)条", before.clause)]
            assert then == [one if one <= 17 else one + 1 for one in now], rule.id
