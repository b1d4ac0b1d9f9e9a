from __future__ import annotations

from tests.browser.conftest import Enter
from tests.browser.site import Site
from tests.browser.test_pages import assert_sound
from tests.browser.tour import see


def test_probe(site: Site, enter: Enter) -> None:
    admin = enter("department-admin")
    units = admin.page.request.get(f"{site.base}/api/v1/units").json()["items"]
    branches = [one for one in units if one["kind"] == "branch"]
    one, other = branches[0], branches[-1]
    shots = "/tmp/tshots"
    for name, path in (("terms", "/units/terms"), ("term", f"/units/{one['id']}/terms"), ("papers", f"/units/{one['id']}/papers"), ("unit", f"/units/{one['id']}")):
        assert_sound(see(admin, path, admin.open(path)))
        admin.page.screenshot(path=f"{shots}/{name}.png", full_page=False)
        admin.page.set_viewport_size({"width": 360, "height": 740})
        admin.page.screenshot(path=f"{shots}/{name}-360.png", full_page=False)
        admin.page.set_viewport_size({"width": 1280, "height": 800})
    admin.open(f"/units/{one['id']}/merge")
    admin.page.locator("[name=into]").select_option(other["id"])
    admin.press("先看看会怎样")
    assert "这样办会怎样" in admin.text(), admin.text()
    assert_sound(see(admin, f"/units/{one['id']}/merge", 200))
    admin.page.screenshot(path=f"{shots}/merge.png", full_page=True)
