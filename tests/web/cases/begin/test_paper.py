"""接续纸质档案: how a county brings the files that are under way when it begins to use the platform."""

from __future__ import annotations

import re
from datetime import date

import pytest

from core.register.model import PersonDraft
from core.register.service import enter
from tenants.database.session import county_session
from tenants.policies.plugins import installed
from tests.floor import STEPS
from tests.web.cases.api.test_api import send
from tests.web.conftest import TODAY, Browser, Seeded, everything

STAGES = [one.title for one in installed().floor.procedures["admission"].stages.values()]
GIVEN = {
    "application": "2025-03-03",
    "applicant-talk": "2025-03-20",
    "activist-decision": "2025-05-20",
    "activist-filing": "2025-06-03",
    "mentor-appointment": "2025-05-28",
}


async def on_paper(county: Seeded, name: str, membership: str = "activist") -> str:
    """Somebody whom the roster calls an activist, without a file here."""
    async with county_session(county.id):
        draft = PersonDraft(name=name, born=date(1999, 3, 2), membership=membership)
        return str(
            await enter(everything(), county.units["东街支部"].id, draft, date(2026, 1, 1), distinct=True)
        )


def typed(**changes: str) -> dict[str, str]:
    """The form, as it is filled in from the paper file."""
    return {f"given.{step}": day for step, day in {**GIVEN, **changes}.items()}


async def test_a_file_from_paper_goes_on_where_it_stood(organizer: Browser, county: Seeded) -> None:
    """Found in the list of those without a file, taken over with its days, and on the list no longer."""
    person = await on_paper(county, "纸上来")
    listed = await organizer.open("/cases/paper")
    assert f"/cases/paper/{person}" in listed.text
    assert f'href="/cases/paper/{person}"' in (await organizer.open(f"/people/{person}")).text
    form = (await organizer.open(f"/cases/paper/{person}")).text
    assert 'name="given.archiving"' in form
    stages = [title for title in re.findall(r"<h2>([^<]+)</h2>", form) if title in STAGES]
    assert stages == STAGES, "in the order of the regulation, whatever stands first in the order of steps"
    answer = await organizer.submit(f"/cases/paper/{person}", **typed())
    assert answer.status_code == 303, answer.text
    case = (await organizer.open(answer.headers["location"])).text
    assert "已接续纸上来的纸质档案，5 个环节按纸质档案记为已办" in case
    assert case.count("依据纸质档案") >= 5
    found = (await organizer.get(f"/api/v1{answer.headers['location']}")).json()
    assert {step["id"]: step["state"] for step in found["steps"]}["cultivation"] == "open"
    assert f"/cases/paper/{person}" not in (await organizer.open("/cases/paper")).text
    assert "已经有一份正在办理" in (await organizer.submit(f"/cases/paper/{person}", **typed())).text


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"application": ""}, "application", "没有填写“递交入党申请书”的日期"),
        ({"cultivation": "2027-01-01"}, "cultivation", "还没有到"),
        ({"cultivation": "去年五月"}, "cultivation", "不是一个日期"),
        ({"applicant-talk": "1998-01-01"}, "applicant-talk", "早于出生日期"),
        ({"activist-decision": "2025-03-10"}, "activist-decision", "须在“党组织派人谈话”（2025-03-20）之后"),
    ],
)
async def test_days_that_cannot_be_are_said_at_their_field_and_what_was_typed_stays(
    organizer: Browser, county: Seeded, changes: dict[str, str], field: str, sentence: str
) -> None:
    person = await on_paper(county, "日期错")
    await organizer.open(f"/cases/paper/{person}")
    answer = await organizer.submit(f"/cases/paper/{person}", **typed(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'href="#f-given.{field}"' in answer.text
    assert 'value="2025-05-28"' in answer.text
    assert "已接续" not in (await organizer.open("/cases?q=日期错")).text


async def test_only_the_department_takes_over(secretary: Browser, admin: Browser, county: Seeded) -> None:
    """The branch is told whom to bring the file to, and takes in applications instead."""
    person = await on_paper(county, "该报部")
    for made in (secretary, admin):
        for path in ("/cases/paper", f"/cases/paper/{person}"):
            answer = await made.open(path)
            assert (answer.status_code, "组织部组织员" in answer.text) == (403, True)
        await made.open("/cases")
        assert (await made.submit(f"/cases/paper/{person}", **typed())).status_code == 403
    assert f'href="/cases/new/{person}"' in (await secretary.open(f"/people/{person}")).text
    assert f'href="/cases/paper/{person}"' not in (await admin.open(f"/people/{person}")).text


async def test_members_are_not_asked_to_begin(organizer: Browser, secretary: Browser, county: Seeded) -> None:
    person = await on_paper(county, "老党员", "full")
    for made in (organizer, secretary):
        page = (await made.open(f"/people/{person}")).text
        assert f'/cases/new/{person}"' not in page, "his admission is behind him"
        assert f"/cases/paper/{person}" not in page


async def test_a_probationary_member_of_the_roster_goes_on_to_his_conversion(
    organizer: Browser, county: Seeded
) -> None:
    """His file has to reach as far as the register says, on the day that it says."""
    async with county_session(county.id):
        draft = PersonDraft(
            name="预备人", born=date(1999, 3, 2), membership="probationary", joined=date(2026, 2, 10)
        )
        person = await enter(everything(), county.units["东街支部"].id, draft, date(2026, 3, 1))
    assert f"/cases/paper/{person}" in (await organizer.open("/cases/paper")).text
    await organizer.open(f"/cases/paper/{person}")
    steps = STEPS
    through = steps[: steps.index("probation") + 1]
    typed_in = {f"given.{step}": "2026-02-10" for step in through if step != "prospect-notice"}
    short = {name: day for name, day in typed_in.items() if name != "given.admission-approval"}
    answer = await organizer.submit(f"/cases/paper/{person}", **short)
    assert (answer.status_code, "还没有办到成为预备党员" in answer.text) == (422, True)
    later = typed_in | {f"given.{step}": "2026-02-11" for step in steps[steps.index("admission-meeting") :]}
    later = {name: day for name, day in later.items() if name in typed_in}
    answer = await organizer.submit(f"/cases/paper/{person}", **later)
    assert (answer.status_code, "名册登记的入党日期是 2026-02-10" in answer.text) == (422, True)
    del typed_in["given.probation"]
    answer = await organizer.submit(f"/cases/paper/{person}", **typed_in)
    assert answer.status_code == 303, answer.text
    found = (await organizer.get(f"/api/v1{answer.headers['location']}")).json()
    assert (found["membership"], found["membership_since"]) == ("probationary", "2026-02-10")
    assert "probation" in found["case"]["open_steps"]


async def test_the_api_does_the_same(organizer: Browser, secretary: Browser, county: Seeded) -> None:
    person = await on_paper(county, "接口接")
    await secretary.open("/cases")
    answer = await send(secretary, "/cases/taken-over", person_id=person, given=GIVEN)
    assert answer.status_code == 403
    await organizer.open("/cases")
    wrong = await send(organizer, "/cases/taken-over", person_id=person, given={"oath": TODAY.isoformat()})
    assert wrong.status_code == 422
    assert "given.application" in wrong.text
    answer = await send(organizer, "/cases/taken-over", person_id=person, given=GIVEN)
    assert answer.status_code == 201, answer.text
    assert answer.json()["open_steps"] == ["cultivation"]
