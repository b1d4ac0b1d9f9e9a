"""Evidence as it lies in the database is read as what was written there, typed at once or by way of builtins."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import msgspec
import pytest

from dangwu import EvidenceError, read_record
from dangwu.plugins.plugins import Plugins
from tests.contract.lived import composed, lived

DAY = date(2026, 6, 1)


def lying(evidence: object) -> dict[str, msgspec.Raw]:
    """Evidence as JSON under each name."""
    text = msgspec.json.encode(evidence)
    return msgspec.json.decode(text, type=dict[str, msgspec.Raw])


def test_what_was_recorded_is_read_again(plugins: Plugins) -> None:
    names = set[str]()
    for number in range(8):
        *_, last = lived(Random(number), composed(Random(f"read {number}"), plugins), 12)
        for record in (one for listed in last.records.values() for one in listed):
            assert read_record("", DAY, lying(record.evidence)).evidence == record.evidence
            names |= record.evidence.keys()
    assert len(names) > 8


@pytest.mark.parametrize(
    "evidence",
    [
        {"documents": "application-letter"},
        {"review": {"branch": "pass"}},
        {"training": {"hours": "24", "days": 3.0}},
        {"notice": {"objections": [{"received": "2026-06-01"}]}},
        {"stamps": {"pages": "3"}},
    ],
)
def test_short_forms_and_figures_as_text_are_read_alike(evidence: dict[str, Any]) -> None:
    assert read_record("", DAY, lying(evidence)) == read_record("", DAY, evidence)


def test_what_is_wrong_is_said_alike() -> None:
    wrong = {"vote": {"present": "zwei"}, "nonsense": 1}
    told = []
    for evidence in (wrong, lying(wrong)):
        with pytest.raises(EvidenceError) as raised:
            read_record("", DAY, evidence)
        told.append(raised.value.problems)
    assert told[0] == told[1]
    assert len(told[0]) == 2
