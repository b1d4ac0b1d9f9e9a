"""Which cases there are: where each stands, how long since, and why it stands there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import msgspec

from dangwu import Regime

Ago = tuple[int, int]
RECENT: Ago = (1, 12)
CONVERSION = "conversion"


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """A case that comes to `step` some days `ago` (from … to) and meets the hitch there; without a step it is completed.

    `at` narrows the branch (domain, or `shown` for the branch of the demo's sign-ins, `near` for the others of its
    committee, or `town` for the committee with more policies); `dates` are facts, so many days after today. `brisk`: things
    go quickly. `early`: stop where it is still too early. `forbidden`: stop where it may not be done.
    """

    step: str = ""
    hitch: str = "nothing"
    ago: Ago = RECENT
    at: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    dates: Mapping[str, int] = msgspec.field(default_factory=dict)
    brisk: bool = False
    forbidden: bool = False
    alone: bool = True
    called: str = ""


BOTH = (
    Story(step="prospect-notice", hitch="done", ago=(1, 4), at=("shown",), called="㛃"),
    Story(step="prospect-notice", hitch="went_away", ago=(4, 9), at=("near",)),
    Story(step="prospect-notice", hitch="over_the_holiday", at=("near",)),
    Story(step="admission-notice", hitch="done", ago=(1, 5)),
    Story(step="admission-notice", hitch="objection_open", ago=(4, 8), at=("shown",)),
    Story(step="admission-meeting", hitch="vote_failed", ago=(2, 9), at=("shown",)),
    Story(step="admission-meeting", hitch="vote_failed", ago=(2, 9)),
    Story(step="admission-meeting", hitch="no_quorum", ago=(2, 9), at=("near",)),
    Story(step="admission-approval", ago=(95, 125), at=("shown",), called="欧阳若兰"),
    Story(step="admission-approval", ago=(95, 125)),
    Story(step="admission-approval", ago=(190, 230), at=("near",)),
    Story(step="applicant-talk", ago=(40, 60), at=("shown",)),
    Story(step="applicant-talk", ago=(23, 25), at=("shown",)),
    Story(step="oath", ago=(35, 60)),
    Story(step="prospect-selection", ago=(5, 40), at=("shown",), brisk=True, forbidden=True),
    Story(step="prospect-selection", ago=(5, 40), brisk=True, forbidden=True),
    Story(step="prospect-selection", hitch="unheard", ago=(3, 15), at=("shown",)),
    Story(step="prospect-consent", hitch="refused", ago=(3, 15)),
    Story(step="sponsor-appointment", hitch="one_short", ago=(3, 15), at=("shown",)),
    Story(step="intensive-training", hitch="training_short", ago=(5, 20), at=("near",)),
    Story(step="intensive-training", hitch="training_short", ago=(5, 20)),
    Story(step="archiving", hitch="papers_missing", ago=(5, 20), at=("shown",), brisk=True),
    Story(step="political-review", hitch="papers_missing", ago=(5, 20)),
    Story(step="pre-review", hitch="sent_back", ago=(25, 40), at=("near",)),
    Story(step="pre-review", hitch="review_returned", ago=(3, 12)),
    Story(step="conversion-meeting", hitch="extended", ago=(40, 110), at=("near",), brisk=True),
    Story(step="conversion-meeting", hitch="revoked", ago=(60, 120), brisk=True),
    Story(step="cultivation", ago=(10, 100), at=("school",)),
)

NORTH = (
    Story(step="prospect-review", hitch="review_returned", ago=(3, 12), at=("near",)),
    Story(step="prospect-review", hitch="review_failed", ago=(3, 12)),
    Story(step="prospect-inquiry", hitch="unanswered", ago=(6, 20), at=("near",)),
    Story(step="prospect-inquiry", hitch="vetoed", ago=(10, 60), at=("town",)),
    Story(step="prospect-inquiry", ago=(2, 9), at=("town",), tags=("private-entrepreneur",)),
    Story(step="prospect-notice", hitch="objection_upheld", ago=(12, 60)),
    Story(step="mass-appraisal-admission", hitch="poll_low", ago=(2, 10), at=("shown",)),
    Story(step="mass-appraisal-admission", hitch="voted_again", ago=(10, 40)),
    Story(step="political-review", ago=(4, 15), at=("town",), tags=("past-violation",)),
    Story(
        step="relative-declaration", ago=(10, 40), at=("town",), tags=("village-cadre-relative",), alone=False
    ),
    Story(step="department-audit", ago=(2, 9), at=("town",), tags=("village-cadre-relative",)),
)

SOUTH = (
    Story(step="application", hitch="papers_missing", ago=(2, 6), at=("shown",)),
    Story(step="joint-review", hitch="unanswered", ago=(6, 20), at=("near",)),
    Story(step="joint-review", hitch="concern", ago=(3, 12), at=("near",)),
    Story(step="joint-review", hitch="vetoed", ago=(3, 12), at=("village",)),
    Story(step="admission-form", hitch="number_gone", ago=(3, 12), at=("near",)),
    Story(step="admission-form", hitch="number_gone", ago=(3, 12)),
    Story(step="mentor-appointment", hitch="unsigned", ago=(3, 12), at=("shown",)),
    Story(step="oath", hitch="unsigned", ago=(3, 12)),
    Story(step="cultivation", hitch="written_late", ago=(20, 60), at=("near",)),
    Story(step="department-audit", hitch="review_returned", ago=(3, 12), at=("shown",)),
    Story(step="political-review", hitch="review_failed", ago=(3, 20)),
    Story(step="political-review", ago=(4, 15), tags=("off-site",)),
    Story(step="department-audit", ago=(2, 9), at=("company",), tags=("private-entrepreneur",)),
    Story(step="cultivation", ago=(10, 100), at=("student",), dates={"graduation": 220}),
    Story(step="admission-meeting", ago=(3, 30), at=("student",), dates={"graduation": 40}, forbidden=True),
    Story(step="admission-meeting", ago=(3, 30), at=("student",), dates={"graduation": 55}, forbidden=True),
)

OWN = {"qingchuanhe": NORTH, "yunxiu": SOUTH}
"""County → the stories that only its policies make possible."""

EACH_STEP = {"application": 3, "activist": 3, "prospect": 3, "admission": 2, "conversion": 2}
MANY = {
    "cultivation": ((1, 60), 16),
    "probation": ((1, 120), 12),
    "applicant-talk": (RECENT, 6),
    "activist-decision": (RECENT, 6),
}
COMPLETED = 12


def stories(regime: Regime, own: tuple[Story, ...], today: date) -> Iterator[Story]:
    """All cases of a county whose policies are `regime` where they reach furthest."""
    yield from own
    yield from BOTH
    plan = regime.plan()
    everybody = regime.on(today).steps
    for number, step in enumerate(plan.steps):
        if step.id not in everybody or step.id == "application":
            continue
        ago, count = MANY.get(step.id, (RECENT, EACH_STEP[step.stage]))
        brisk = step.stage == CONVERSION
        for copy in range(count):
            at = _place(number) if copy == 0 else ()
            alone = copy % 2 == 0 or step.id == "probation"
            yield Story(step=step.id, ago=ago, brisk=brisk, at=at, alone=alone)
    for copy in range(COMPLETED):
        yield Story(ago=(10, 120), brisk=True, at=("shown",) if copy < 2 else ())


def _place(number: int) -> tuple[str, ...]:
    """Every ninth step has a case at the branch of the sign-ins, every third one near it: a village's work, and a town's."""
    return ("shown",) if number % 9 == 0 else ("near",) if number % 3 == 0 else ()


def facts(story: Story, today: date) -> dict[str, date]:
    """The dates of the person that rules ask about."""
    return {fact: today + timedelta(days=days) for fact, days in story.dates.items()}
