"""What axe, the checker of accessibility, holds against the page that is open: what is serious or critical in WCAG 2.1 A, AA."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

GRAVE = ("serious", "critical")
OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
}

_axe = Axe()


def held_against(page: Page) -> list[str]:
    """Each finding with the first elements that it is about."""
    found = _axe.run(page, options=OPTIONS).response["violations"]
    return [
        f"axe {one['id']}: " + " | ".join(str(node["html"])[:90] for node in one["nodes"][:3])
        for one in found
        if one["impact"] in GRAVE
    ]
