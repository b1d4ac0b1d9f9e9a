"""What one plugin's Python may use in sum: a small share of a process's time, whoever asks it, and however well it keeps to the
limits of each call.

Who can wait (a thread that is not the event loop's) waits a moment for it; else the plugin gives no answer this time.
"""

from __future__ import annotations

import asyncio
import time

from dangwu import apart

SAVED = 3.0
"""Seconds: so much is there after a time in which nobody has asked."""
PATIENCE = 1.0
"""Seconds that one call waits."""
_LOOK = 0.05


class Budget:
    """The time that a plugin may still use here; begun full."""

    def __init__(self, share: float = apart.limits.SHARE, saved: float = SAVED) -> None:
        self.share, self.saved = share, saved
        self._left, self._at = saved, time.monotonic()

    @property
    def left(self) -> float:
        """Seconds; less than nothing after a call that took long."""
        now = time.monotonic()
        self._left = min(self.saved, self._left + (now - self._at) * self.share)
        self._at = now
        return self._left

    def spend(self, seconds: float) -> None:
        """So much was used."""
        self._left = self.left - seconds

    def granted(self) -> bool:
        """Whether a call may be made now; waits for it where nobody else waits."""
        end = time.monotonic() + patience()
        while self.left <= 0:
            if time.monotonic() >= end:
                return False
            time.sleep(_LOOK)
        return True


def patience() -> float:
    """Seconds that this thread can wait: none to speak of where it runs an event loop, in which all others would wait too."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return PATIENCE
    return _LOOK
