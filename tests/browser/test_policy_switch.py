"""The department's administrator switches a policy on for a town: the preview, the effective policy, and a case that feels it."""

from __future__ import annotations

from tests.browser.clerk import Clerk
from tests.browser.conftest import Enter
from tests.browser.policy_pages import Effect, confirm, open_plugin, preview

TOWN, PLUGIN = "柳河镇委员会", "beijing-town-334"
RULE = f"{PLUGIN}.public.reception"
STEP = "admission-notice"


def test_switching_a_policy_on(enter: Enter) -> None:
    """Twenty days of notice before admission instead of fifteen."""
    admin, secretary = enter("department-admin"), enter("branch-secretary")
    case = case_before_the_notice(secretary)
    assert "不少于 15 天" in asked(secretary, case)

    open_plugin(admin, TOWN, PLUGIN)
    effects = preview(admin, {"三次公示的天数": "20"}, "柳河镇党委 2026 年第 11 次会议纪要")
    assert "尚未保存" in admin.text()
    assert_numbers_open(effects)
    assert any(
        "公示不少于 15 天" in row and "公示不少于 20 天" in row for one in effects for row in one.listed
    )
    links = [link for one in effects for link in one.links]
    assert links
    assert admin.context.request.get(admin.site.base + links[0]).status == 200
    assert "不少于 15 天" in asked(secretary, case), "a preview changes nothing"

    confirm(admin)
    card = admin.page.locator(".policy-card", has=admin.page.locator(f'a[href*="/{PLUGIN}"]'))
    assert "在用" in card.inner_text()
    assert_traced(admin)
    told = asked(secretary, case)
    assert "不少于 20 天" in told
    assert "（公示不少于 15 天）已含于" in told, "what asked for less is said to be contained in it"
    assert "接收预备党员公示" in told
    assert "三公示" in told, "the clause stands beside it"


def case_before_the_notice(secretary: Clerk) -> str:
    """The address of a case of the branch that is still among the prospects."""
    secretary.open("/cases?stage=prospect")
    link = secretary.page.locator('#list tbody a[href^="/cases/"]').first.get_attribute("href")
    assert link is not None
    return link


def asked(secretary: Clerk, case: str) -> str:
    """What the step asks of this case, with whose rule it is, all opened."""
    secretary.open(case)
    step = secretary.page.locator(f"#s-{STEP}")
    step.locator("xpath=ancestor::details").last.locator("> summary").click()
    closed = f"details#s-{STEP}:not([open]) > summary, #s-{STEP} details:not([open]) > summary"
    for _ in range(3):
        for fold in secretary.page.locator(closed).all():
            if fold.is_visible():
                fold.click()
    return step.inner_text()


def assert_traced(admin: Clerk) -> None:
    """The effective policy has the new number, and beside it the rule that sets it, one click away."""
    admin.press("现行办法")
    step = admin.page.locator(f"#s-{STEP}")
    number = step.locator("p", has_text="不少于 20 天")
    with admin.page.expect_navigation():
        number.locator(f'a[href*="/policies/{PLUGIN}"]').first.click()
    assert RULE in admin.text()
    admin.page.go_back()
    admin.press("变更记录")
    assert "柳河镇党委 2026 年第 11 次会议纪要" in admin.text()


def assert_numbers_open(effects: list[Effect]) -> None:
    """Every number of the preview opens the list behind it, as long as the number says."""
    assert effects
    for effect in effects:
        assert effect.count > 0, effect
        assert len(effect.listed) == effect.count, effect
