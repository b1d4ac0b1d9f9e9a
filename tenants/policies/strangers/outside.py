"""What `discover` is given, so that no plugin's Python is run in our processes; one that only shows something is run nowhere
until it is asked."""

from __future__ import annotations

from types import ModuleType

import msgspec

from dangwu import PolicyError, apart
from tenants.policies.strangers.keeper import Keeper

_keepers: dict[str, Keeper] = {}


def outside(place: apart.Place) -> tuple[ModuleType, apart.Code]:
    """What stands for the plugin at a place, and what it says of itself. Raises PolicyError."""
    if place.name in _keepers:
        _keepers.pop(place.name).end()
    keeper = _keepers[place.name] = Keeper(place)
    code = apart.seen(place)
    if code is None:
        code = keeper.load()
    else:
        keeper.wait()
    try:
        return apart.stand_in(place.name, code, keeper.ask), code
    except (TypeError, ValueError, msgspec.MsgspecError) as error:
        raise PolicyError([f"插件 {place.name} 无法载入（{error}）。请检查插件，或先移除它。"]) from error
