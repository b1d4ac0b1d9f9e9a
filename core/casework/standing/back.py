"""What has been sent back and not been done again, and who has acted: what the entries of a case say for lists. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from core.casework.levels import is_act
from core.casework.model import EntryView
from core.casework.stored import is_struck
from dangwu import FAILED, Standing, kind_of


def sent_back(entries: Sequence[EntryView], standing: Standing) -> EntryView | None:
    """The newest entry by which the case was sent back to a step that nobody has recorded since; or by which something was handed
    back to be completed (a review), while it still is."""
    for entry in reversed(entries):
        if entry.kind == "return" and _undone(entries, entry):
            return entry
        if entry.kind in ("record", "supplement") and _handed_back(entry, standing):
            return entry
    return None


def _undone(entries: Sequence[EntryView], back: EntryView) -> bool:
    since = [one for one in entries if one.seq > back.seq and one.step == back.step]
    return not any(
        one.kind == "return" or (one.kind == "record" and not is_struck(entries, one.id)) for one in since
    )


def _handed_back(entry: EntryView, standing: Standing) -> bool:
    """Whether it is the record for which its step has failed in a way that its own level only completes."""
    step = standing.steps.get(entry.step or "")
    if step is None or step.state != FAILED or entry.step not in standing.open:
        return False
    handed = {
        one.facet
        for one in step.findings
        if (kind := kind_of(one.facet)).concludes and one.reason in kind.curable
    }
    return bool(handed & entry.evidence.keys())


def who_acted(entries: Sequence[EntryView]) -> list[str]:
    """`level:account` of everybody who has acted in the case."""
    return sorted({f"{one.level}:{one.by_id}" for one in entries if is_act(one)})
