"""Dangwu's contract: what plugins and the platform agree on. Pure values and functions; no clock, no database, no network.

Start with `policy.py` (what a policy is), `facet.py` (what a requirement is), `regime.py` (how policies combine) and
`evaluate.py` (where a case stands).
"""

import dangwu.facets  # noqa: F401 - registers the facets of version 1
from dangwu import explain, forms, hooks
from dangwu.acts import can_return, least, refusals
from dangwu.case import Case, Entry, Facts, Record, Return, Subject
from dangwu.errors import ConflictError, DangwuError, EvidenceError, PolicyError, RehearsalError
from dangwu.evaluate import evaluate
from dangwu.facet import FACETS, Facet, Finding, Requirement, facet
from dangwu.hooks import hookimpl
from dangwu.load import load_policy
from dangwu.period import Period
from dangwu.policy import Blank, Policy, Rule
from dangwu.regime import Adoption, Regime, compose
from dangwu.share import Share
from dangwu.standing import Standing, StepStanding

__version__ = "1.0.0"

__all__ = [
    "FACETS", "Adoption", "Blank", "Case", "ConflictError", "DangwuError", "Entry", "EvidenceError", "Facet", "Facts",
    "Finding", "Period", "Policy", "PolicyError", "Record", "Regime", "RehearsalError", "Requirement", "Return", "Rule",
    "Share", "Standing", "StepStanding", "Subject", "can_return", "compose", "evaluate", "explain", "facet", "forms",
    "hookimpl", "hooks", "least", "load_policy", "refusals",
]  # fmt: skip
