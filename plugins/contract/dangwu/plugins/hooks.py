"""The whole contract between plugins and the platform, on one page. Implement what you need with `@dangwu.hookimpl`.

A call reaches only the plugins in force for the unit at hand: never write "if enabled". A plugin that raises is reported under
its own name: a check that raises blocks its step and says so, a panel that raises is left out; the platform keeps running.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pluggy

from dangwu.case.case import Case
from dangwu.facets.finding import Finding
from dangwu.plugins.event import Event
from dangwu.plugins.panel import Desk, Panel
from dangwu.plugins.paper import Paper
from dangwu.plugins.report import Figures, Report

NAME = "dangwu"
hookspec = pluggy.HookspecMarker(NAME)
hookimpl = pluggy.HookimplMarker(NAME)


@hookspec
def dangwu_policy() -> str:
    """The plugin's policy as YAML text. Not needed when the package holds a `policy.yaml`: that is the default."""
    raise NotImplementedError


@hookspec
def dangwu_check(step: str, case: Case, today: date) -> Iterable[Finding]:
    """Further findings on a step of a case as of a day. It can only add: what the rules find stays.

    Pure: no clock, no files, no network; `case` is all there is to know. Take only the arguments that you want.
    """
    raise NotImplementedError


@hookspec
def dangwu_react(event: Event) -> None:
    """Something has happened (`EVENTS`) and is final. Called in the background, at least once; `event.id` stays the same.

    It may write files and speak to other systems, within 15 seconds of processor time. What it raises is tried again, and then
    reported.
    """
    raise NotImplementedError


@hookspec
def dangwu_documents() -> Iterable[Paper]:
    """The papers that the plugin brings: templates in Word, with what they are for. Asked once, when the plugin is loaded.

    Not needed when the package holds `documents/documents.yaml` with the templates beside it: that is the default.
    """
    raise NotImplementedError


@hookspec
def dangwu_panels(place: str, subject: Case | Desk, today: date) -> Iterable[Panel]:
    """Panels for a page: `place` is one of `PLACES`, `subject` the case, or whose workbench it is.

    Pure and quick: what takes longer than half a second is left out.
    """
    raise NotImplementedError


@hookspec
def dangwu_reports(figures: Figures, today: date) -> Iterable[Report]:
    """Tables for the statistics of a unit, from figures of it and all below it.

    Pure and quick: what takes longer than half a second is left out.
    """
    raise NotImplementedError
