"""What somebody cannot do is said when he opens the page, not after he has filled it in."""

from __future__ import annotations

import pytest

from tests.web.conftest import Browser, Seeded


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/people/import", "导入党员名册"),
        ("/accounts/new", "新建账号、授予和收回职务权限"),
    ],
)
async def test_a_page_that_begins_what_is_not_his_says_whose_it_is(
    secretary: Browser, county: Seeded, address: str, said: str
) -> None:
    for answer in (await secretary.open(address), await secretary.submit(address)):
        assert answer.status_code == 403
        assert f"您的职务权限中没有“{said}”这一项" in answer.text
        assert '<form method="post" class' not in answer.text


async def test_an_administrator_who_enters_nobody_is_told_so(admin: Browser, county: Seeded) -> None:
    assert (await admin.open("/people/new")).status_code == 403


@pytest.mark.parametrize(("act", "said"), [("move", "调整隶属关系"), ("merge", "合并"), ("dissolve", "撤销")])
async def test_the_department_is_not_asked_to_end_itself(
    admin: Browser, county: Seeded, act: str, said: str
) -> None:
    answer = await admin.open(f"/units/{county.units['组织部'].id}/{act}")
    assert answer.status_code == 409
    assert f"是本县组织树的根，不能{said}" in answer.text


async def test_a_unit_that_is_gone_takes_no_more_acts(admin: Browser, county: Seeded) -> None:
    above = county.units["城关镇党委"].id
    await admin.open(f"/units/{above}/new")
    address = (await admin.submit(f"/units/{above}/new", kind="branch", name="南街支部")).headers["location"]
    await admin.submit(f"{address}/dissolve", day="2026-11-20", version="0", seen=" 2026-11-20")
    for act in ("new", "move", "merge", "dissolve"):
        answer = await admin.open(f"{address}/{act}")
        assert answer.status_code == 409
        assert "已于 2026-11-20 撤销" in answer.text


async def test_only_what_it_can_join_is_offered(admin: Browser, county: Seeded) -> None:
    """A branch is merged into branches, and stands below committees."""
    address = f"/units/{county.units['东街支部'].id}"
    merge = (await admin.open(f"{address}/merge")).text
    assert f'value="{county.units["上河支部"].id}"' in merge
    assert f'value="{county.units["城关镇党委"].id}"' not in merge
    assert f'value="{county.units["东街支部"].id}"' not in merge
    move = (await admin.open(f"{address}/move")).text
    assert f'value="{county.units["河西乡党委"].id}"' in move
    assert f'value="{county.units["上河支部"].id}"' not in move


async def test_a_unit_that_was_picked_stays_picked_when_it_is_among_the_recent(
    organizer: Browser, county: Seeded
) -> None:
    unit = county.units["东街支部"].id
    await organizer.open(f"/units/{unit}")
    await organizer.open("/people/new")
    answer = await organizer.submit("/people/new", unit=str(unit), name="")
    assert answer.status_code == 422
    assert "最近用过" in answer.text
    assert answer.text.count(f'value="{unit}"') == 2
    assert answer.text.count(" selected>") >= 1
    chosen = [part for part in answer.text.split("<option")[1:] if str(unit) in part and "selected" in part]
    assert len(chosen) == 1


async def test_what_can_be_only_one_thing_is_chosen_already(
    admin: Browser, secretary: Browser, organizer: Browser, county: Seeded
) -> None:
    branch = county.units["东街支部"].id
    form = (await secretary.open("/people/new")).text
    assert any(str(branch) in part and "selected" in part for part in form.split("<option"))
    assert " selected>" not in (await organizer.open("/people/new")).text.split("<h2>身份</h2>")[0]
    assert 'value="group" checked' in (await admin.open(f"/units/{branch}/new")).text
