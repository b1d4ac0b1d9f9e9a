"""The embedded Valkey (Redis protocol): started, waited for, and reached by a Unix socket."""

from __future__ import annotations

import signal
import socket
import time
from pathlib import Path

from deploy.embedded.addresses import VALKEY_SOCKET
from deploy.embedded.binaries import valkey_binary
from deploy.embedded.child import Child
from deploy.embedded.folder import DataFolder
from deploy.embedded.identity import Identity
from deploy.embedded.leftovers import end_leftovers
from deploy.problem import Problem

_LADDER = ((signal.SIGTERM, 15.0),)


class Valkey:
    """One server with its data in `folder.valkey`: every write is in its log within a second.

    Short of memory, it forgets what expires and was not used for longest, mostly drafts; the queue does not expire."""

    def __init__(self, folder: DataFolder, identity: Identity, *, fast: bool = False) -> None:
        self._folder, self._identity, self._fast = folder, identity, fast
        self._socket = folder.run / VALKEY_SOCKET

    def prepare(self) -> None:
        """Make its folder; end what an unclean stop has left: ending later, it would take the new one's socket with it."""
        self._folder.valkey.mkdir(mode=0o700, exist_ok=True)
        self._identity.own(self._folder.valkey)
        end_leftovers("valkey-server", self._folder.valkey, signal.SIGTERM)

    def start(self) -> Child:
        """Start the server without waiting for it."""
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self._folder.valkey),
            "appendonly": "no" if self._fast else "yes",
            "save": "",
            "maxmemory": "256mb",
            "maxmemory-policy": "volatile-lru",
        }
        argv = [
            str(valkey_binary()),
            *(word for name, value in options.items() for word in (f"--{name}", value)),
        ]
        log = self._folder.logs / "valkey.log"
        return Child("Valkey", argv, ladder=_LADDER, log=log, identity=self._identity, cwd=Path("/"))

    def wait(self, child: Child) -> None:
        """Until it answers. Raises Problem if it ends instead."""
        while not self._answers():
            if child.returncode is not None:
                raise Problem(
                    f"缓存服务器没有启动成功，最后的日志是：\n{child.last_words()}\n完整日志在 {child.log}。"
                )
            time.sleep(0.005)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(1)
            try:
                probe.connect(str(self._socket))
                probe.sendall(b"PING\r\n")
                return probe.recv(16).startswith(b"+PONG")
            except OSError:
                return False
