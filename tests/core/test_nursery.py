"""Where processes come from: one that was ended is replaced, and nothing it has begun outlives what it was begun for."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator

import psutil
import pytest

from core.nursery import Nursery
from tests.waiting import until

SERVING = "tests.core.greedy"


@pytest.fixture(autouse=True)
def own() -> Iterator[None]:
    """A nursery of the test's own, begun when it is needed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Nursery, "_only", None)
        yield
        if Nursery._only is not None:
            Nursery._only.close()


def begun() -> tuple[Nursery, int, socket.socket]:
    """A process that waits, and beside it one that it has begun."""
    nursery, pid, connection = Nursery.begun(SERVING)
    assert connection.recv(1) == b"!"
    return nursery, pid, connection


def test_one_that_was_ended_is_replaced() -> None:
    first, _, connection = begun()
    connection.close()
    first.process.kill()
    second, pid, connection = begun()
    assert second is not first
    second.end(pid)
    assert connection.recv(1) == b""
    connection.close()


@pytest.mark.parametrize("asked", ["begin", "end"])
def test_one_that_does_not_hear_is_replaced(asked: str) -> None:
    first, pid, connection = begun()
    os.kill(first.process.pid, signal.SIGSTOP)
    first.control.settimeout(0.2)
    if asked == "end":
        first.end(pid)
        assert first.process.returncode == -signal.SIGKILL
    second, other, another = begun()
    assert second is not first
    assert first.process.returncode == -signal.SIGKILL
    first.end(pid)
    second.end(other)
    connection.close()
    another.close()


def test_what_is_ended_takes_along_what_it_has_begun() -> None:
    nursery, pid, connection = begun()
    below = psutil.Process(pid).children()
    assert len(below) == 1
    nursery.end(pid)
    until(lambda: not below[0].is_running() or below[0].status() == psutil.STATUS_ZOMBIE)
    assert not psutil.pid_exists(pid)
    connection.close()


def test_one_that_is_no_longer_wanted_ends_and_leaves_nothing() -> None:
    _, pid, connection = begun()
    below = psutil.Process(pid).children()
    connection.close()
    until(lambda: psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    nursery, other, connection = begun()
    assert not psutil.pid_exists(pid)
    until(lambda: not below[0].is_running() or below[0].status() == psutil.STATUS_ZOMBIE)
    nursery.end(other)
    connection.close()


def test_all_end_with_it() -> None:
    nursery, pid, connection = begun()
    nursery.close()
    assert not psutil.pid_exists(pid)
    connection.close()


def test_all_end_with_one_that_was_killed() -> None:
    """Also what never looks at its socket, which is still open."""
    nursery, pid, connection = begun()
    nursery.process.kill()
    until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    connection.close()


def test_all_end_when_whoever_asked_has_died_before_the_answer() -> None:
    nursery, pid, connection = begun()
    mine, theirs = socket.socketpair()
    with mine, theirs:
        socket.send_fds(nursery.control, [b"+" + SERVING.encode()], [theirs.fileno()])
        nursery.close()
    assert not psutil.pid_exists(pid)
    connection.close()


def test_an_interrupt_from_the_keyboard_leaves_it_alone() -> None:
    nursery, pid, connection = begun()
    assert os.getpgid(nursery.process.pid) != os.getpgid(0)
    assert os.getpgid(pid) not in (os.getpgid(0), os.getpgid(nursery.process.pid))
    connection.close()
