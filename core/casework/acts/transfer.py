"""What the platform has to know of the floor's procedure by which people go: the one place that names its steps."""

from __future__ import annotations

from core.casework.model import Evidence
from dangwu import kind_of

PROCEDURE = "transfer"
LETTER = "introduction-letter"
RECEPTION = "reception"
RECEIPT = "receipt"
ARRIVED = "transfer-received"
"""The state that is reached with the reception."""

RECEIPT_SENT: Evidence = {"documents": ["letter-receipt"]}
"""What stands in the issuer's case once the other county has sent its receipt."""

GONE_ALONG = "transferred"
"""The end of a case of his that the receiving organization takes up."""


def answered(*, received: bool) -> Evidence:
    """What stands in the issuer's case of the other county's answer: the committee there has agreed, or has not."""
    return {"consent": {"committee": "granted" if received else "refused"}}


def numbered(number: str) -> Evidence:
    """The part of a letter's record that gives its number."""
    return {"serial": {"number": number}}


def written(number: str) -> str:
    """A letter's number as it is always written, be it typed in wide digits or with what cannot be seen."""
    return kind_of("serial").number_of(number)


def number_of(evidence: Evidence) -> str:
    """The number that a letter's record gives; "" where it gives none."""
    serial = evidence.get("serial")
    return str(serial.get("number") or "") if isinstance(serial, dict) else ""
