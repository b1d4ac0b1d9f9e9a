"""The page of a preview: complete, or as far as the task has come."""

from __future__ import annotations

from collections.abc import Iterable

from core.organisation.queries import crumbs
from tenants.policies.preview.stored import StoredPreview
from web.kit.forms import Form
from web.kit.here import Here
from web.kit.page import Page, page
from web.policies.plugin.change import change_view, first_day, sentence_of, verb_of
from web.policies.plugin.form import read_change
from web.policies.plugin.reading import posted_text
from web.policies.unit import around, chosen_unit


async def preview_page(here: Here, plugin: str, asked: StoredPreview) -> Page:
    """What the change would do, with the form that does it; that one only once all cases have been looked at."""
    chosen = await chosen_unit(here, asked.unit_id)
    form = _form(asked)
    shown = await posted_text(here, plugin, chosen, form)
    policy, change = shown.policy, read_change(shown, form)
    found = asked.previewed.preview
    return page(
        "policies/preview.html",
        policy=policy,
        reading=shown,
        sentence=sentence_of(change, shown, chosen.name),
        verb=verb_of(change),
        begins=first_day(change),
        asked=asked,
        preview=found,
        view=change_view(found, policy.id, str(chosen.id)),
        seen=asked.previewed.seen,
        names=await _names(one.path for one in found.cases.listed),
        fields=asked.fields,
        **await around(here, chosen),
    )


def _form(asked: StoredPreview) -> Form:
    values: dict[str, list[object]] = {}
    for name, value in asked.fields:
        values.setdefault(name, []).append(value)
    return Form(values)


async def _names(paths: Iterable[str]) -> dict[str, str]:
    """The short names of the units at these paths."""
    return {path: way[-1][1] for path, way in (await crumbs(paths)).items() if way}
