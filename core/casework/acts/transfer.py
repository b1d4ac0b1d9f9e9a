"""What the platform has to know of the floor's procedure by which people go: the one place that names its steps."""

from __future__ import annotations

PROCEDURE = "transfer"
LETTER = "introduction-letter"
RECEPTION = "reception"
RECEIPT = "receipt"
ARRIVED = "transfer-received"
"""The state that is reached with the reception."""

RECEIPT_PAPER = "letter-receipt"
GONE_ALONG = "transferred"
"""The end of a case of his that the receiving organization takes up."""
