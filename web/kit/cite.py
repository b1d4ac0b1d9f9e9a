"""Where a rule that is cited stands: the address of its line on its plugin's page."""

from __future__ import annotations


def anchor(rule_id: str) -> str:
    """The id of a rule's line on its plugin's page."""
    return "r-" + rule_id.replace(".", "-")


def address(plugin: str, rule_id: str, unit: str = "") -> str:
    """Where a rule's line is: on its plugin's page, with the setting of the unit of this id."""
    return f"/policies/{plugin}" + (f"?unit={unit}" if unit else "") + f"#{anchor(rule_id)}"
