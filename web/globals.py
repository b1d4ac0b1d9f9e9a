"""What every template knows: the words of all sections, in one list each for filters and globals."""

from __future__ import annotations

from collections.abc import Callable

from core.register.model import FIELD_TITLES
from core.register.values import MEMBERSHIP, SEX, STANDING
from dangwu import titles
from tenants.policies.tags import tag_title
from web.audit.words import account_entry, log_entry
from web.help.words import help_address
from web.kit.casework import short_levels
from web.kit.changes import person_change
from web.kit.cite import address
from web.kit.procedures import list_address, opening_title, section_title
from web.kit.static_files import static
from web.kit.words import day, moment, number, query, span, titled, unit_kind, unit_sign
from web.units.words import flag_title, unit_change

FILTERS: dict[str, Callable[..., str]] = {"day": day, "moment": moment, "number": number}

FUNCTIONS: tuple[Callable[..., str], ...] = (
    day, moment, span, number, query, static, unit_kind, unit_sign, titled, tag_title, address,
    list_address, short_levels, opening_title, section_title, account_entry, log_entry, person_change, unit_change, flag_title,
    help_address,
)  # fmt: skip
"""Each under its own name."""

GLOBALS: dict[str, object] = {
    **{one.__name__: one for one in FUNCTIONS},
    "FIELD_TITLES": FIELD_TITLES,
    "SEX": SEX,
    "MEMBERSHIP": MEMBERSHIP,
    "STANDING": STANDING,
    "STATES": titles.STATES,
}
