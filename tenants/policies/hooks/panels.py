"""`dangwu_panels` and `dangwu_reports`: what plugins in force show beside a case, on the workbench, in the statistics."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dangwu import Case, Desk, Figures, Panel, Report
from tenants.policies.hooks.asking import PATIENCE, Given, Question

HOOK, REPORTS = "dangwu_panels", "dangwu_reports"
Shown = Given[Panel]
PANELS = Question(HOOK, Panel, 3)
TABLES = Question(REPORTS, Report, 5)


async def panels(
    in_force: Iterable[str], place: str, subject: Case | Desk, today: date, *, patience: float = PATIENCE
) -> list[Shown]:
    """What the plugins `in_force` that have panels show at a place, by plugin."""
    given = {"place": place, "subject": subject, "today": today}
    return await PANELS.ask(in_force, given, patience=patience)


async def reports(in_force: Iterable[str], figures: Figures, today: date) -> list[Given[Report]]:
    """The tables that the plugins `in_force` make of the figures of a unit, by plugin."""
    return await TABLES.ask(in_force, {"figures": figures, "today": today})
