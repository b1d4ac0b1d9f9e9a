"""Both embedded servers on one data folder, as one thing to start and stop."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.embedded.addresses import Addresses, addresses
from deploy.embedded.binaries import postgres_binaries, valkey_binary
from deploy.embedded.child import Child
from deploy.embedded.folder import DataFolder
from deploy.embedded.identity import Identity, choose
from deploy.embedded.postgres import Postgres
from deploy.embedded.valkey import Valkey


class Servers:
    """`with Servers(data) as servers:` runs PostgreSQL and Valkey on the folder `data`; `servers.addresses` says where.

    Start it in the main thread: the servers end when the thread that started them does. `fast` gives up
    durability for speed (tests). Raises Problem with a sentence for the operator.
    """

    addresses: Addresses
    identity: Identity

    def __init__(self, data: Path, *, fast: bool = False) -> None:
        self._folder, self._fast = DataFolder(data), fast
        self._running: list[tuple[Postgres | Valkey, Child]] = []

    @property
    def children(self) -> tuple[Child, ...]:
        """The running servers, in the order in which they were started."""
        return tuple(child for _, child in self._running)

    def start(self) -> Addresses:
        """Take the folder and start both; nothing is left running if that fails."""
        self._folder.acquire()
        try:
            self.addresses = self._start()
        except BaseException:
            self.stop()
            raise
        return self.addresses

    def stop(self) -> None:
        """Stop both, the last started first, and give the folder back."""
        while self._running:
            self._running[-1][1].stop()
            self._running.pop()
        self._folder.release()

    def revive(self) -> tuple[str, ...]:
        """Start again what has ended by itself; the names of these servers."""
        ended = [(server, child) for server, child in self._running if child.returncode is not None]
        for server, child in ended:
            child.stop()
            server.prepare()
            place = self._running.index((server, child))
            self._running[place] = (server, server.start())
            server.wait(self._running[place][1])
        return tuple(child.name for _, child in ended)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start(self) -> Addresses:
        folder, secrets = self._folder, self._folder.secrets()
        self.identity = identity = choose(folder.path, [postgres_binaries() / "postgres", valkey_binary()])
        identity.own(folder.run)
        postgres = Postgres(folder, identity, secrets, fast=self._fast)
        for server in (Valkey(folder, identity, fast=self._fast), postgres):
            server.prepare()
            self._running.append((server, server.start()))
        for server, child in self._running:
            server.wait(child)
        postgres.bootstrap()
        return addresses(folder.run, secrets)


def running(data: Path) -> Addresses | None:
    """Where the servers are that another process runs on `data` now; None if nobody does."""
    folder = DataFolder(data)
    instance = folder.running()
    return None if instance is None else addresses(Path(instance.run), folder.secrets())
