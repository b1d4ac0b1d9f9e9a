"""Dangwu's contract: what plugins and the platform agree on. Pure values and functions; no clock, no database, no network.

This page is all of it that others may import; the folders behind it can move. Start with `policy/policy.py` (what a policy
is), `facets/base.py` (what a requirement is), `regime/regime.py` (how policies combine) and `judge/evaluate.py` (where a
case stands).
"""

import dangwu.facets  # noqa: F401 - registers the facets of version 1
from dangwu.author.check import remarks
from dangwu.author.fields import simple
from dangwu.author.rehearse import Rehearsed, rehearse
from dangwu.case.case import (
    Case,
    Correction,
    End,
    Entry,
    Exemption,
    Facts,
    Mend,
    Record,
    Reopening,
    Return,
    Strike,
    Struck,
    Subject,
    taken_over,
    written,
)
from dangwu.case.moment import Moment
from dangwu.duties.act import Act, Lack, lacks
from dangwu.duties.occurrences import STATES as DUTY_STATES
from dangwu.duties.occurrences import Occurrence, Ower, occurrences
from dangwu.duties.overdue import Closed, closed, overdue
from dangwu.errors import (
    ConflictError,
    DangwuError,
    EvidenceError,
    PolicyError,
    RehearsalError,
    Unanswered,
    nearest,
)
from dangwu.errors import at as where_raised
from dangwu.facets.absent import param_titles, stand_in
from dangwu.facets.base import Facet
from dangwu.facets.finding import (
    ADVISORY,
    CLOCK,
    FORBIDDEN,
    MISSING,
    NEGATIVE,
    Finding,
    Reckoning,
    Requirement,
)
from dangwu.facets.reading import only_supplements, read_record
from dangwu.facets.registry import FACETS, facet, in_order, is_foreign, kind_of, reason_titles
from dangwu.judge.acts import Tried, can_return, not_back_to, refusals, tried
from dangwu.judge.evaluate import Judged, evaluate, judged
from dangwu.judge.exempt import Offer, agreeing, not_exempt, offers
from dangwu.judge.least import least, least_by
from dangwu.judge.mend import Corrected, corrected, may_end, not_ending, not_reopening, struck
from dangwu.judge.relied import relied
from dangwu.judge.settled import Settled
from dangwu.judge.standing import (
    BLOCKED,
    CLOSED,
    COMPLETED,
    DONE,
    FAILED,
    OPEN,
    RUNNING,
    WAITING,
    WAIVED,
    Standing,
    StepStanding,
)
from dangwu.plugins import apart, hooks
from dangwu.plugins.event import EVENTS, Event
from dangwu.plugins.hooks import hookimpl
from dangwu.plugins.origin import Origin, Shipped
from dangwu.plugins.panel import PLACES, Desk, Fact, Panel
from dangwu.plugins.paper import Paper
from dangwu.plugins.plugins import Plugins, discover, floor_named
from dangwu.plugins.printable import SOURCES, STEP, misnamed, unfit_for_public
from dangwu.plugins.report import Figures, PlanUse, Report
from dangwu.policy.blanks import bind
from dangwu.policy.duty import Duty
from dangwu.policy.ending import Ending
from dangwu.policy.entry import TAKEN
from dangwu.policy.fill import misfits, settled, wanted
from dangwu.policy.floor import Floor, Held
from dangwu.policy.known import Known
from dangwu.policy.load import load_policy
from dangwu.policy.note import Note, Unwritten
from dangwu.policy.policy import (
    BASES,
    CHECKED,
    Blank,
    Cite,
    OnFailure,
    Policy,
    Procedure,
    Rule,
    Source,
    StepFacts,
)
from dangwu.policy.renames import renames
from dangwu.ratings.accept import onward as rating_acts
from dangwu.ratings.accept import refused as not_rated
from dangwu.ratings.marks import Mark, read_mark
from dangwu.ratings.marks import Subject as Rated
from dangwu.ratings.progress import Progress, progress, shares
from dangwu.ratings.rounds import round_named, round_on
from dangwu.regime.absorbed import Absorbed
from dangwu.regime.adoption import Adoption, Bound
from dangwu.regime.claim import Claim
from dangwu.regime.duty import Duties
from dangwu.regime.effective import Effective, StepRules
from dangwu.regime.evidence import strange
from dangwu.regime.feasible import Infeasible, infeasible
from dangwu.regime.plan import Plan
from dangwu.regime.regime import Regime, compose
from dangwu.regime.scheme import Scheme
from dangwu.regime.step import Step
from dangwu.regime.yearly import YearPlan
from dangwu.say import explain, forms, owing, ruling, titles
from dangwu.say.difference import Difference, difference
from dangwu.say.explain import Citation
from dangwu.say.titles import Titles
from dangwu.shapes.person import Named, Someone
from dangwu.shapes.short import Plain
from dangwu.text.reader import read as read_yaml
from dangwu.values.catalogue import EFFECTS, INSERTED, MEMBERSHIPS, STANDINGS
from dangwu.values.days import LAST_KNOWN_YEAR, add_months, is_workday
from dangwu.values.families import BEGUN_BY, FAMILIES, Family
from dangwu.values.lattice import AND, DOWN, OR, UNION, UP
from dangwu.values.period import Period
from dangwu.values.share import Share
from dangwu.values.version import VERSION
from dangwu.values.vocabulary import LEVELS, TAGS, TERMS, rank

__version__ = VERSION

__all__ = [
    "ADVISORY", "AND", "BASES", "BEGUN_BY", "BLOCKED", "CHECKED", "CLOCK", "CLOSED", "COMPLETED", "DONE", "DOWN",
    "DUTY_STATES", "EFFECTS", "EVENTS", "FACETS", "FAILED", "FAMILIES", "FORBIDDEN", "INSERTED", "LAST_KNOWN_YEAR",
    "LEVELS", "MEMBERSHIPS", "MISSING", "NEGATIVE", "OPEN", "OR", "PLACES", "RUNNING", "SOURCES", "STANDINGS", "STEP",
    "TAGS", "TAKEN", "TERMS", "UNION", "UP", "WAITING", "WAIVED", "Absorbed", "Act", "Adoption", "Blank", "Bound",
    "Case", "Citation", "Cite", "Claim", "Closed", "ConflictError", "Corrected", "Correction",
    "DangwuError", "Desk", "Difference", "Duties", "Duty", "Effective", "End", "Ending", "Entry", "Event",
    "EvidenceError", "Exemption", "Facet", "Fact", "Facts", "Family", "Figures", "Finding", "Floor", "Held",
    "Infeasible", "Judged", "Known", "Lack", "Mark", "Mend", "Moment", "Named", "Note", "Occurrence", "Offer", "OnFailure",
    "Origin", "Ower", "Panel", "Paper", "Period", "Plain", "Plan", "PlanUse", "Plugins", "Policy", "PolicyError",
    "Procedure", "Progress", "Rated", "Reckoning", "Record", "Regime", "RehearsalError", "Rehearsed",
    "Reopening", "Report", "Requirement", "Return", "Rule", "Scheme", "Settled", "Share", "Shipped", "Someone",
    "Source", "Standing", "Step", "StepFacts", "StepRules", "StepStanding", "Strike", "Struck", "Subject",
    "Titles", "Tried", "Unanswered", "Unwritten", "YearPlan", "add_months", "agreeing", "apart", "bind",
    "can_return", "closed", "compose", "corrected", "difference", "discover", "evaluate", "explain",
    "facet", "floor_named", "forms", "hookimpl", "hooks", "in_order", "infeasible", "is_foreign", "is_workday", "judged",
    "kind_of", "lacks", "least", "least_by", "load_policy", "may_end", "misfits", "misnamed", "nearest", "not_back_to",
    "not_ending", "not_exempt", "not_rated", "not_reopening", "occurrences", "offers", "only_supplements",
    "overdue", "owing", "param_titles", "progress", "rank", "rating_acts", "read_mark", "read_record", "read_yaml",
    "reason_titles", "refusals", "rehearse", "relied", "remarks", "renames", "round_named", "round_on", "ruling",
    "settled", "shares", "simple", "stand_in", "strange", "struck", "taken_over", "titles", "tried",
    "unfit_for_public", "wanted", "where_raised", "written",
]  # fmt: skip
