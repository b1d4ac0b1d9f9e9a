"""Where the processes for plugins' Python come from: `python -m tenants.policies.strangers.nursery SOCKET`.

It knows `dangwu`, runs no plugin and has no thread, so that a new process is a fork of a few milliseconds. Over its socket it
takes `+` with the socket of the process to be and answers with the process id; and `-` with a process id to end. When the
socket closes it ends whatever it has begun.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from contextlib import suppress

from tenants.policies.strangers.worker import serve

PID = 8
BEGIN, END = b"+", b"-"


def main(descriptor: str) -> None:
    """Serve until the socket closes."""
    with socket.socket(fileno=int(descriptor)) as control:
        os.chdir("/")
        gc.freeze()
        running: set[int] = set()
        while True:
            message, sockets, _, _ = socket.recv_fds(control, 1 + PID, 1)
            if message == BEGIN:
                pid = _begun(control, sockets[0])
                running.add(pid)
                control.sendall(pid.to_bytes(PID, "big"))
            elif message[:1] == END:
                running -= {_ended(pid) for pid in running & {int.from_bytes(message[1:], "big")}}
                control.sendall(END)
            else:
                break
    for pid in running:
        _ended(pid)


def _begun(control: socket.socket, descriptor: int) -> int:
    pid = os.fork()
    if pid:
        os.close(descriptor)
        return pid
    try:
        control.close()
        serve(descriptor)
    finally:
        os._exit(1)


def _ended(pid: int) -> int:
    """End a process and what it has begun."""
    for end in (os.killpg, os.kill):
        with suppress(ProcessLookupError):
            end(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return pid


if __name__ == "__main__":
    main(*sys.argv[1:])
