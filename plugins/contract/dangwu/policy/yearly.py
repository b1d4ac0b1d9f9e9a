"""A rule about a yearly plan from its entry in a policy file."""

from __future__ import annotations

import msgspec

from dangwu.policy.entry import Entry
from dangwu.policy.plan import PlanRule, Wording


def read(entry: Entry) -> PlanRule | None:
    """What it says of the plan; None if anything is wrong, every problem is reported."""
    name = entry.raw["plan"]
    if not isinstance(name, str) or (what := entry.known.wrong(name, ("plan",), author=False)):
        entry.bad(f"plan 中，{what if isinstance(name, str) else '应写计划的标识'}。", "plan")
        return None
    own = {key: entry.raw[key] for key in Wording.__struct_encode_fields__ if key in entry.raw}
    for key, value in own.items():
        entry.made(Wording, {key: value}, key)
    found = msgspec.convert(own, Wording).rule(name) if entry.fine else None
    if found is not None and (what := found.wrong()):
        entry.bad(f"{what}。", "plan")
    return found
