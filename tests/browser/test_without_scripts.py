"""An old browser with its scripts off: sign-in, a record, a policy. Everything works, only less quickly."""

from __future__ import annotations

from datetime import timedelta

from tests.browser.case_pages import CasePages, open_a_case_at_hand
from tests.browser.conftest import Enter
from tests.browser.policy_pages import confirm, open_plugin, preview
from tests.browser.site import Site


def test_a_step_is_recorded(site: Site, enter: Enter) -> None:
    """The form comes back with what was typed when it is refused, and is accepted when it is right."""
    clerk = enter("branch-secretary", scripts=False)
    open_a_case_at_hand(clerk)
    case = CasePages(site, clerk.path, [clerk])
    step = case.offered(clerk)[0]
    case.press_record(clerk, step)
    clerk.page.fill("#f-note", "没有脚本也能记")
    assert case.fill_and_send(clerk, site.today + timedelta(days=3)) == 422
    assert clerk.page.locator(".problem").is_visible()
    assert clerk.page.input_value("#f-note") == "没有脚本也能记"
    case.fill_and_send(clerk, site.today)
    assert clerk.path == case.path, clerk.text()
    clerk.page.go_back()
    assert clerk.page.input_value("#f-note") == "没有脚本也能记", "what was refused has an address, too"
    clerk.open(f"{case.path}/history")
    assert "没有脚本也能记" in clerk.text()


def test_a_policy_is_switched(enter: Enter) -> None:
    """Chosen, previewed, confirmed."""
    clerk = enter("department-admin", scripts=False)
    open_plugin(clerk, "松岭镇委员会", "songyuan")
    effects = preview(clerk, {}, "松岭镇党委会议纪要")
    assert any("超前考察" in row for one in effects for row in one.listed)
    confirm(clerk)
    card = clerk.page.locator(".policy-card", has=clerk.page.locator('a[href*="/songyuan"]'))
    assert "在用" in card.inner_text()
    assert "本级" in card.inner_text()
