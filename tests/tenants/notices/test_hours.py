"""In which hours of the day a mail goes: never in the quiet ones, also where they go past midnight."""

from __future__ import annotations

import pytest

from core.notices.settings import Setting
from tests.tenants.conftest import TODAY

QUIET = Setting(mail="once", quiet_from=22, quiet_until=7)


@pytest.mark.parametrize(
    ("wanted", "sends"),
    [
        (Setting(mail="off"), set()),
        (Setting(mail="once"), {*range(24)}),
        (QUIET, {*range(7, 22)}),
        (Setting(mail="once", quiet_from=12, quiet_until=14), {*range(24)} - {12, 13}),
        (Setting(mail="once", quiet_from=0, quiet_until=0), {*range(24)}),
        (Setting(mail="daily", mail_hour=9), {*range(9, 24)}),
        (Setting(mail="daily", mail_hour=6, quiet_from=22, quiet_until=7), {*range(7, 22)}),
    ],
)
def test_in_which_hours_a_mail_goes(wanted: Setting, sends: set[int]) -> None:
    assert {hour for hour in range(24) if wanted.sends(hour, TODAY, None)} == sends
    if wanted.mail == "daily":
        assert not any(wanted.sends(hour, TODAY, TODAY) for hour in range(24)), "once a day"
