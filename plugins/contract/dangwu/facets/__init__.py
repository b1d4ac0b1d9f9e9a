"""The facets of version 1; importing this package registers them."""

from dangwu.facets import (
    appointment,
    assessment,
    consent,
    eligibility,
    inquiry,
    lists,
    notice,
    poll,
    recording,
    review,
    signoff,
    talk,
    timing,
    training,
    vote,
)

__all__ = [
    "appointment", "assessment", "consent", "eligibility", "inquiry", "lists", "notice", "poll", "recording", "review",
    "signoff", "talk", "timing", "training", "vote",
]  # fmt: skip
