"""The plugins that have been tripped: nobody asks their Python until an operator has looked."""

from __future__ import annotations

_tripped: dict[str, str] = {}


def trip(plugin: str, why: str) -> None:
    """Ask it no more."""
    _tripped[plugin] = why


def why(plugin: str) -> str:
    """Why a plugin is not asked, in a few words; "" for one that is."""
    found = _tripped.get(plugin)
    return "" if found is None else f"接连出错，已停止运行，待平台运行维护人员处理；最后一次：{found}"


def forget() -> None:
    """Ask everybody again, as a process that has just started."""
    _tripped.clear()
