"""Who asks a plugin's Python: it remembers what was answered, and what became of those that broke their limits.

One call at a time, and a small share of the process's time in sum (budget.py): beyond it there is no answer for now.

A plugin that breaks them is not asked again about the same case. After so many cases in a row it is tripped: nobody asks it
any more until an operator has looked (`dangwu plugins reset`).
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from typing import Any

import msgspec

from dangwu import PolicyError, Unanswered, apart
from tenants.policies.strangers import stamp, trips
from tenants.policies.strangers.budget import Budget, Patient
from tenants.policies.strangers.process import Process
from tenants.policies.strangers.watch import Broken

log = logging.getLogger(__name__)
limits = apart.limits
_REMEMBERED, _SHORT = 8192, 4096


class Keeper:
    """Asks the plugin at a place; its process is begun when it is needed. Safe for threads."""

    def __init__(self, place: apart.Place) -> None:
        self.place = place
        self._process: Process | None = None
        self._lock = threading.Lock()
        self._budget, self._patient = Budget(), Patient()
        self._known: OrderedDict[bytes, bytes] = OrderedDict()
        self._failed: dict[bytes, str] = {}
        """What is about no case (`describe` …) and broke the limits: it would do so again."""
        self._case, self._spent = b"", 0.0
        self._broken, self._why = 0, ""
        self._loaded = False

    def load(self) -> apart.Code:
        """What the plugin says of itself. Raises PolicyError where it cannot be used."""
        try:
            with self._lock:
                code = self._begun().code
        except (Broken, msgspec.MsgspecError) as error:
            why = str(error) if isinstance(error, Broken) else "给出的内容不对"
            raise PolicyError(
                [f"插件 {self.place.name} 无法载入（{why}）。请检查插件，或先移除它。"]
            ) from error
        self._loaded = True
        if code.wrong:
            raise PolicyError(code.wrong)
        return code

    def wait(self) -> None:
        """What the plugin says of itself is known: its process is begun when it is first asked."""
        self._loaded = True

    def ask(self, call: apart.Call) -> Any:
        """The answer to a call, as builtins. Raises Unanswered."""
        other = "程序与平台登记的不一致，统一升级后才能使用" if stamp.present().differs(self.place) else ""
        if why := other or trips.why(self.place.name):
            raise Unanswered(self.place.name, why)
        content = self._answer(call)
        answer: apart.Answer = apart.unpacked(content, apart.Answer)
        if answer.wrong:
            raise Unanswered(self.place.name, answer.wrong)
        return answer.value

    def _answer(self, call: apart.Call) -> bytes:
        self._patient.turn(_case_of(call))
        if not self._patient.taken(self._lock):
            raise Unanswered(self.place.name, "正忙，稍后再核对")
        try:
            key = apart.packed(call)
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
            return self._asked(call, key)
        finally:
            self._lock.release()

    def _asked(self, call: apart.Call, key: bytes) -> bytes:
        case = _case_of(call)
        if not case and key in self._failed:
            raise Unanswered(self.place.name, self._failed[key])
        self._turn_to(case)
        if self._why:
            raise Unanswered(self.place.name, self._why)
        if not self._budget.granted(self._patient):
            raise Unanswered(self.place.name, "运算太多，这段时间的份额已经用完，稍后再核对")
        try:
            content = self._called(self._begun(), call)
            answer: apart.Answer = apart.unpacked(content, apart.Answer)
        except (Broken, msgspec.MsgspecError, ValueError) as error:
            why = str(error) if isinstance(error, Broken) else "给出的内容不对"
            if not case and len(self._failed) < _REMEMBERED:
                self._failed[key] = why
            self._break(why)
        if len(content) <= _SHORT and not answer.wrong:
            self._known[key] = content
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return content

    def _called(self, process: Process, call: apart.Call) -> bytes:
        if process.busy - self._spent > limits.JUDGEMENT:
            raise Broken(f"对一份档案的运算共超过 {limits.JUDGEMENT:g} 秒")
        try:
            return process.ask(call)
        finally:
            self._budget.spend(process.spent)

    def _turn_to(self, case: bytes) -> None:
        """Begin with another case: what was broken before it counts only in a row."""
        if case == self._case:
            return
        if not self._why:
            self._broken = 0
        self._case, self._why = case, ""
        self._spent = self._process.busy if self._process and self._process.ours else 0.0

    def _begun(self) -> Process:
        if self._process is None or not self._process.ours:
            if self._loaded and self.place.now != self.place:
                raise Broken("程序已经换过，平台重新启动后才能使用")
            try:
                self._process = Process(self.place)
            except Broken:
                self._budget.spend(limits.LOADING.busy)
                raise
            self._spent = self._process.busy
            if self._loaded:
                self._budget.spend(self._process.spent)
                if wrong := self._process.code.wrong:
                    self.end()
                    raise Broken("".join(wrong).rstrip("。"))
        return self._process

    def _break(self, why: str) -> None:
        """Count it. Raises Unanswered."""
        self.end()
        self._why, self._broken = why, self._broken + 1
        log.error("plugin %s: %s", self.place.name, why)
        if self._broken >= limits.BROKEN:
            trips.trip(self.place.name, why)
        raise Unanswered(self.place.name, why)

    def end(self) -> None:
        """End its process."""
        if self._process is not None and self._process.ours:
            self._process.end()
        self._process = None


def _case_of(call: apart.Call) -> bytes:
    """The case that a call is about, as it is sent; nothing where it is about none."""
    at = call.given.get("at")
    found = call.given.get("case") or call.given.get("subject") or (at[0] if at else b"")
    return found if isinstance(found, bytes) else b""
