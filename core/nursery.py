"""Where processes for what may go wrong come from: `python -m core.nursery SOCKET` is the one that they are forked from.

It knows modules of ours, runs nothing of a stranger's and has no thread, so that a new process takes a few milliseconds and not
the half second of a start. Over its socket it takes `+` with names of modules and the socket of the process to be, in which it
calls `serve(descriptor)` of the first, and answers with the process id; and `-` with a process id to end. When the socket closes
it ends whatever it has begun; where it is killed itself, that ends with it (Linux).
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path

PID = 8
_BEGIN, _END = b"+", b"-"
_LONGEST = 1024
_PATIENCE = 60.0
"""Seconds until one that does not answer is given up: it takes milliseconds, and on a busy machine seconds to start."""
_SECRET = ("DANGWU_", "PG", "REDIS")
_PR_SET_PDEATHSIG = 1
_LINUX = sys.platform.startswith("linux")


class Nursery:
    """One for each process of ours, begun when first needed and ended with ours. Safe for threads."""

    _only: Nursery | None = None
    _lock = threading.RLock()

    def __init__(self) -> None:
        self.owner = os.getpid()
        self.control, theirs = socket.socketpair()
        self.control.settimeout(_PATIENCE)
        ours = {name: value for name, value in os.environ.items() if not name.startswith(_SECRET)}
        with theirs:
            # A session of its own: what interrupts us from the keyboard leaves us time to end what it has begun.
            self.process = subprocess.Popen(
                [sys.executable, "-B", "-m", "core.nursery", str(theirs.fileno())],
                pass_fds=[theirs.fileno()], env=ours, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip

    @classmethod
    def begun(cls, serving: str, *known: str) -> tuple[Nursery, int, socket.socket]:
        """A new process in which the module `serving` serves, `known` loaded too; who has begun it, its id, the socket to it."""
        with cls._lock:
            if cls._only is not None and cls._only.owner == os.getpid():
                with suppress(
                    EOFError, ConnectionError, TimeoutError
                ):  # it was ended: another takes its place
                    return cls._only, *cls._only._begin(serving, *known)
                cls._only.close()
            cls._only = cls()
            return cls._only, *cls._only._begin(serving, *known)

    def _begin(self, *modules: str) -> tuple[int, socket.socket]:
        mine, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self.control, [_BEGIN + " ".join(modules).encode()], [theirs.fileno()])
            if not (pid := self.control.recv(PID)):
                raise EOFError
        except BaseException:
            mine.close()
            raise
        return int.from_bytes(pid, "big"), mine

    def end(self, pid: int) -> None:
        """End a process that it has begun, and what that has begun."""
        with self._lock, suppress(OSError):  # with the nursery its processes lose their sockets, and end
            try:
                self.control.sendall(_END + pid.to_bytes(PID, "big"))
                self.control.recv(1)
            except TimeoutError:
                self.close()

    def close(self) -> None:
        """End it, and all it has begun; one that does not hear is killed. `begun` makes another one."""
        patience = self.control.gettimeout()
        self.control.close()
        if Nursery._only is self:
            Nursery._only = None
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def confine(memory: int, file: int) -> None:
    """For a process that was begun: so many bytes more than it has, no larger files, the first to go where memory runs short."""
    limits = [(resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, file)]
    if _LINUX:
        Path("/proc/self/oom_score_adj").write_text("1000")
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limits.append((resource.RLIMIT_AS, pages * resource.getpagesize() + memory))
    for which, most in limits:
        resource.setrlimit(which, (most, most))


def main(descriptor: str) -> None:
    """Serve until the socket closes, whatever was still to be said over it."""
    running: set[int] = set()
    with socket.socket(fileno=int(descriptor)) as control:
        os.chdir("/")
        try:
            with suppress(ConnectionError):
                _serve(control, running)
        finally:
            for pid in running:
                _ended(pid)


def _serve(control: socket.socket, running: set[int]) -> None:
    while True:
        message, sockets, _, _ = socket.recv_fds(control, _LONGEST, 1)
        running -= _gone()
        if message[:1] == _BEGIN:
            pid = _begun(control, sockets[0], message[1:].decode().split())
            running.add(pid)
            control.sendall(pid.to_bytes(PID, "big"))
        elif message[:1] == _END:
            running -= {_ended(pid) for pid in running & {int.from_bytes(message[1:], "big")}}
            control.sendall(_END)
        else:
            return


def _begun(control: socket.socket, descriptor: int, modules: list[str]) -> int:
    if any(name not in sys.modules for name in modules):
        for name in modules:
            import_module(name)
        gc.collect()
        gc.freeze()
    nursery = os.getpid()
    pid = os.fork()
    if pid:
        os.close(descriptor)
        return pid
    try:
        _end_with(nursery)
        os.setsid()
        control.close()
        import_module(modules[0]).serve(descriptor)
    finally:
        os._exit(1)


def _end_with(nursery: int) -> None:
    """What never looks at its socket would not hear that nobody is left."""
    if _LINUX:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != nursery:
        os._exit(1)


def _gone() -> set[int]:
    """Those that have ended by themselves; what they have begun ends too."""
    gone = set()
    with suppress(ChildProcessError):
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            gone.add(pid)
            _kill(os.killpg, pid)
    return gone


def _ended(pid: int) -> int:
    """End a process and what it has begun."""
    _kill(os.killpg, pid)
    _kill(os.kill, pid)
    os.waitpid(pid, 0)
    return pid


def _kill(end: Callable[[int, int], None], pid: int) -> None:
    with suppress(ProcessLookupError):
        end(pid, signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
