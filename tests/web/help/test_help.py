"""Help: a screen for each section, reached from every page."""

from __future__ import annotations

import re

import pytest

from tests.web.conftest import Browser
from web.help.words import HELP, help_address
from web.kit.navigation import SECTIONS

LONGEST = 900
"""Characters of a screen."""


async def test_every_section_has_a_screen_that_its_pages_lead_to(secretary: Browser) -> None:
    assert {one.path.strip("/") for one in SECTIONS} <= HELP.keys()
    assert help_address("/cases/new") == "/help/cases"
    assert help_address("/nothing") == "/help"
    page = (await secretary.open("/cases")).text
    assert re.search(r'<a href="/help/cases" data-help', page)
    shown = await secretary.open("/help/cases")
    assert shown.status_code == 200
    assert "日期或票数填错了" in shown.text
    assert (await secretary.open("/help/nothing")).status_code == 404
    listed = (await secretary.open("/help")).text
    assert 'href="/help/people"' in listed
    assert 'href="/help/documents"' not in listed, "what he cannot use is not explained to him"


@pytest.mark.parametrize("section", HELP)
def test_a_screen_is_one_screen(section: str) -> None:
    one = HELP[section]
    assert len(one.about) + sum(len(said.do + said.say) for said in (*one.how, *one.asked)) <= LONGEST
    assert one.how
