"""The web service: loaded once by a process that serves nothing; those that serve are forked from it (granian).

Loading takes three seconds of a processor, which on a busy machine is ten. A process that serves and dies is replaced by
another fork, in a fraction of a second.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from tempfile import TemporaryDirectory

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from deploy.programs import MOST_CONNECTIONS
from tenants.ground.environment import FIGURES_FOLDER, LEDGER_KEY

KILL_SECONDS = 10
"""A process that does not end by itself when it is asked to is killed after that."""


def main(host: str, port: int, workers: int, silent_ms: int) -> None:
    """Serve until asked to end; ends by itself when its processes keep dying. `silent_ms`: see deploy/programs.py."""
    os.environ.pop(LEDGER_KEY, None)  # who writes entries must not be able to sign them
    with TemporaryDirectory(prefix="dangwu-figures-") as folder:
        os.environ[FIGURES_FOLDER] = folder
        _serve(host, port, workers, silent_ms)


def _serve(host: str, port: int, workers: int, silent_ms: int) -> None:
    gc.disable()  # hardly anything of what is loaded is garbage: once, at the end, is enough
    # Not before: what counts reads at its import where it is to count (tenants/ground/figures.py).
    from tenants.policies.plugins import installed
    from web.proxies import served

    if sys.platform.startswith("linux"):  # elsewhere what is forked may not use the system's libraries
        multiprocessing.set_start_method("fork")
        served()
        installed()
        gc.collect()
        gc.freeze()  # what is loaded stays: looking through it again would make each fork a copy of its own
    gc.enable()
    server = Granian(
        f"{served.__module__}:{served.__name__}",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        # Guessing the version, it would wait for the first byte without end; the proxy speaks HTTP/1.1 to us.
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=silent_ms),
        websockets=False,
        backlog=MOST_CONNECTIONS,
        log_level=LogLevels.warning,
        workers_kill_timeout=KILL_SECONDS,
        respawn_failed_workers=True,
        factory=True,
    )
    server.serve()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]))
