"""No value of a policy can be miswritten without a rehearsal noticing (`dangwu rehearse --values`): all of them as a trial, every
so many in the suite."""

from __future__ import annotations

import pytest

from dangwu.author.altering.change import Change
from dangwu.author.altering.noticed import Trial
from dangwu.author.altering.other import GONE
from dangwu.author.altering.told import told
from dangwu.say.titles import Titles
from tests.plugins.policies import package, ruled
from tests.plugins.test_rehearsals import ALL, TOGETHER

HELD = ("national", *ruled())
"""The plugins of which every value is held."""
SPOT = 60
"""Every so many changes are tried in the suite."""
EQUIVALENT = {
    "没有写至少几名、几次的，也是至少一名、一次": (
        "national.article-09.mentors appointment.count 1 -",
        "national.education.mobile-liaison appointment.count 1 -",
        "national.education.lost-two-years tracing.attempts 1 -",
    ),
    "没有写明听取哪些部门，写不写只作提醒，都不妨碍办理": (
        "national.article-16.inquiry inquiry.advisory True -",
        "national.article-19.inquiry-2014 inquiry.advisory True -",
    ),
    "逾期本来就只提示，不妨碍补办": ("national.article-29.within-one-month timing.advisory True -",),
    "回复只在流入地在县外时要，流入登记只在县内时要，两样不会都有": (
        "national.education.mobile-answer after mobile-certificate-given mobile-reception",
    ),
    "年中起施行的，当年不欠整年，早一天晚一天都从次年算起": (
        "national.article-11.annual-analysis since 2026-05-11 2026-05-10",
        "national.article-11.annual-analysis since 2026-05-11 2026-05-12",
    ),
    "国家规定也是这样多久一次，凭据照样加上": (
        "meilie-hr.appraisal.annual demand {'times': 1, 'per': 'year'} -",
        "sanji-norms.branch-meeting.quarterly demand {'times': 1, 'per': 'quarter'} -",
        "sanji-norms.branch-committee.monthly demand {'times': 1, 'per': 'month'} -",
        "sanji-norms.group-meeting.monthly demand {'times': 1, 'per': 'month'} -",
        "sanji-norms.activist.party-committee-review demand {'times': 1, 'per': 'year'} -",
    ),
    "不跨党委的不开介绍信，有效期无从起算": ("sanji-norms.transfer.validity when ['across-committees'] -",),
    "编号是不是上级核发的，由平台的登记核对（tests/core/numbers/test_allotted.py）": (
        "jinhua-2014.quota.form-coding serial.allotted True -",
    ),
    "专项只有一期，从 2 月 25 日到 7 月 22 日，规则早一天施行、前后一天失效都还是这一期": (
        "lost-handling-2016.phase.calendar since 2016-02-25 2016-02-24",
        "lost-handling-2016.phase.calendar until 2016-08-17 2016-08-16",
        "lost-handling-2016.phase.calendar until 2016-08-17 2016-08-18",
    ),
}
"""Why a change makes no difference that anybody could see: the rule, the place, what stands there and what would (-: nothing)."""


@pytest.mark.parametrize("plugin", HELD)
def test_a_few_of_its_values_are_held(plugin: str) -> None:
    assert unheld(plugin, SPOT) == []


@pytest.mark.trial
@pytest.mark.parametrize("plugin", HELD)
def test_every_value_is_held(plugin: str) -> None:
    assert unheld(plugin, 1) == []


def unheld(plugin: str, every: int) -> list[str]:
    """Of every so manieth change those that no rehearsal notices, in words, but for what makes no difference."""
    texts = {
        str(file): file.read_text("utf-8")
        for file in (*(package(plugin) / "rehearsals").glob("*.yaml"), *TOGETHER.glob("*.yaml"))
    }
    trial = Trial(ALL, next(one for one in ALL.everything if one.id == plugin), texts)
    known = {change for changes in EQUIVALENT.values() for change in changes}
    left = [one.change for one in trial.run(every=every) if one.verdict == "unnoticed"]
    return [told(one, Titles.of(trial.regime), plugin) for one in left if _written(one) not in known]


def _written(one: Change) -> str:
    now = "-" if one.now is GONE else one.now
    return f"{one.rule} {'.'.join(map(str, one.path))} {one.was} {now}"
