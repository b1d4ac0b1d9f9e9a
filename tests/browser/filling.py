"""Fills in the form of a step as somebody would who did everything properly: by what stands on the page, knowing no rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from playwright.sync_api import Page

FORM = "form.sheet"
GOOD = ("pass", "granted", "clear", "passed", "issued", "convert")
"""The favourable answers among those that a choice offers."""

LEFT_EMPTY = ("person", "objections", "released", "written_for", "months", "abstain")
"""Nobody objects, nobody is replaced, nobody is absent with an opinion in writing."""

FIGURES = {
    "vote.eligible": "23", "vote.present": "22", "vote.for": "21", "vote.against": "1", "vote.difference": "会后有党员转出",
    "poll.invited": "30", "poll.present": "28", "poll.for": "27",
    "training.hours": "40", "training.days": "5", "assessment.mark": "96",
}  # fmt: skip
"""Facet and last part of a field → what is typed."""

NAMES = ("刘德厚", "孙玉芬", "陈广林")

_FIELDS = """form => Array.from(form.elements).filter(one => one.name && one.type !== 'hidden').map(one => ({
  name: one.name, type: one.type, value: one.value, checked: Boolean(one.checked),
  options: one.options ? Array.from(one.options).map(each => each.value) : []}))"""


_TICK = """(form, wanted) => Array.from(form.elements)
  .filter(one => one.type === 'checkbox' && !one.checked && wanted.includes(one.name + '=' + one.value))
  .forEach(one => one.click())"""
"""All boxes at once: clicking some forty one after the other by the mouse takes seconds."""


def fill(page: Page, day: date, *, also: Mapping[str, str] | None = None) -> None:
    """Fill the whole form for an act of that day. `also` replaces what would be typed; "" leaves a field or box as it is."""
    typed, ticked = dict(also or {}), []
    form = page.locator(FORM)
    for one in form.evaluate(_FIELDS):
        value = typed.get(one["name"], answer(one, day))
        if value == "":
            continue
        if one["type"] == "checkbox":
            ticked.append(f"{one['name']}={one['value']}")
        elif one["type"] == "select-one":
            page.locator(f'{FORM} [name="{one["name"]}"]').select_option(value)
        else:
            page.locator(f'{FORM} [name="{one["name"]}"]').fill(value)
    form.evaluate(_TICK, ticked)


def answer(one: Mapping[str, Any], day: date) -> str:
    """What is put into a field of this name and type; "" leaves it alone."""
    parts = one["name"].split(".")
    if any(part in LEFT_EMPTY for part in parts) or one["type"] in ("file", "submit", "button", "textarea"):
        return ""
    if one["type"] == "checkbox":
        return str(one["value"])
    if one["type"] == "date":
        # A fact such as a graduation does not apply to everybody.
        return "" if parts[0] == "date" else day.isoformat()
    if one["type"] == "select-one":
        return next((each for each in one["options"] if each in GOOD), "")
    return _words(parts)


def _words(parts: list[str]) -> str:
    if found := FIGURES.get(f"{parts[0]}.{parts[-1]}"):
        return found
    if parts[0] == "appointment":
        return NAMES[int(parts[-2]) % len(NAMES)]
    if parts[0] == "signoff":
        return NAMES[0]
    return {"serial": "22059900618"}.get(parts[0], "")
