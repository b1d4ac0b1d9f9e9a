"""What one plugin's Python may use in sum: a small share of a process's time, whoever asks it, and however well it keeps to the
limits of each call.

Who can wait (a thread that is not the event loop's) waits a moment for it; else the plugin gives no answer this time.
"""

from __future__ import annotations

import asyncio
import threading
import time

from dangwu import apart

SAVED = 3.0
"""Seconds: so much is there after a time in which nobody has asked."""
PATIENCE = 1.0
"""Seconds that are waited for it in sum while one case is judged: a background task of many cases ends in bounded time."""
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

    def granted(self, patient: Patient) -> bool:
        """Whether a call may be made now; waits for it as long as `patient` does."""
        while self.left <= 0:
            if patient.left <= 0:
                return False
            time.sleep(_LOOK)
            patient.left -= _LOOK
        return True


class Patient(threading.local):
    """How long this thread still waits for one plugin (`left`, seconds), in sum while it judges one case."""

    def __init__(self) -> None:
        self.case, self.left = b"", 0.0

    def turn(self, case: bytes) -> None:
        """It asks about this case; what is about none is waited for by itself."""
        if not case or case != self.case:
            self.case, self.left = case, patience()

    def taken(self, lock: threading.Lock) -> bool:
        """Whether the lock could be had; one that is held for a moment always is."""
        began = time.monotonic()
        try:
            return lock.acquire(timeout=max(_LOOK, self.left))
        finally:
            self.left -= time.monotonic() - began


def patience() -> float:
    """Seconds that this thread can wait: none to speak of where it runs an event loop, in which all others would wait too."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return PATIENCE
    return _LOOK
