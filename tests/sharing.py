"""The tests shared out among processes: `pytest --processes 4`. All are gathered once, and the processes forked from that one.

A process runs the tests of a file one after the other, so that what they share is set up once, and those that need the demo
counties as if they were one file: seeding these takes longer than a hundred other tests. A process that dies fails the test it
was at, and another goes on behind that.
"""

from __future__ import annotations

import warnings
from collections import deque
from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection, Pipe, wait
from multiprocessing.process import BaseProcess
from typing import Any

import msgspec
import pytest

DEMO = ("tests/browser/", "tests/deploy/test_demo.py")
"""Where the tests stand that need the demo counties."""

LONG = ("tests/web/workbench/test_links.py", "tests/web/cases/test_levels.py", "tests/plugins/test_walks.py")
"""Whole files of a quarter of a minute and more: begun last, one would keep the other processes waiting at the end."""

_fork = get_context("fork")

Group = tuple[int, ...]
"""The places of tests among those that were gathered. An empty one ends a process."""


def groups(tests: Sequence[str]) -> list[Group]:
    """What has to run in one process, in the order in which it is handed out. `tests` are named as pytest names them."""
    found: dict[str, list[int]] = {}
    for place, name in enumerate(tests):
        file = name.partition("::")[0]
        found.setdefault("demo" if file.startswith(DEMO) else file, []).append(place)
    return [tuple(group) for group in found.values()]


class Ended(msgspec.Struct, frozen=True):
    """What a process says of a test that has ended: its reports, and with which words pytest's hook hears of its warnings."""

    reports: list[dict[str, Any]]
    warnings: list[dict[str, Any]]


class Teller:
    """In a process: instead of being printed, what becomes of a test is told to the process that it was forked from."""

    def __init__(self, config: pytest.Config, told: Connection) -> None:
        self.config, self.told = config, told
        self.reports: list[dict[str, Any]] = []
        self.warnings: list[dict[str, Any]] = []
        config.pluginmanager.unregister(name="terminalreporter")
        config.pluginmanager.register(self)
        self.warnings.clear()  # those of before the fork, of which a new plugin hears too

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Of its setting up, of itself, of its tearing down."""
        made = self.config.hook.pytest_report_to_serializable(config=self.config, report=report)
        self.reports.append(made)

    def pytest_warning_recorded(
        self, warning_message: warnings.WarningMessage, when: str, nodeid: str, location: object
    ) -> None:
        """By its words: of what else a warning holds not everything can be sent."""
        one = warning_message
        text = f"{one.category.__name__}: {one.message}"
        said = warnings.WarningMessage(text, Warning, one.filename, one.lineno)
        self.warnings.append({"warning_message": said, "when": when, "nodeid": nodeid, "location": location})

    def end(self) -> None:
        """Tell of the test that has ended."""
        self.told.send(Ended(self.reports, self.warnings))
        self.reports, self.warnings = [], []


def _work(session: pytest.Session, told: Connection, others: Sequence[Connection], group: Group) -> None:
    """What a process does: the tests of `group`, then those of the groups that it is given."""
    for other in others:  # whose end would not be noticed as long as we have it too
        other.close()
    config = session.config
    config.workerinput = {}  # type: ignore[attr-defined]  # so pytest sees who is not to write what is kept of a run
    capture = config.pluginmanager.getplugin("capturemanager")
    capture.stop_global_capturing()  # into the file of all processes
    capture.start_global_capturing()
    capture.suspend_global_capture()
    teller, left = Teller(config, told), deque(group)
    try:
        while left and not session.shouldfail:
            item = session.items[left.popleft()]
            if not left:  # what is torn down behind a test depends on which comes next
                told.send(None)
                left.extend(told.recv())
            following = session.items[left[0]] if left else None
            config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            teller.end()
    except (KeyboardInterrupt, EOFError, ConnectionError):
        pass  # nobody wants to hear any more
    finally:
        config.hook.pytest_sessionfinish(session=session, exitstatus=pytest.ExitCode.OK)


class Process(msgspec.Struct):
    """One of the processes, and the tests that it has been given and not yet told of."""

    begun: BaseProcess
    left: deque[int]


class Sharing:
    """The processes, and what waits for them."""

    def __init__(self, session: pytest.Session) -> None:
        self.session, self.hook = session, session.config.hook
        self.waiting = deque(groups([item.nodeid for item in session.items]))
        self.processes: dict[Connection, Process] = {}

    def run(self, most: int) -> None:
        """All tests, in so many processes. Raises as pytest does where a failure ends the run."""
        try:
            for _ in range(min(most, len(self.waiting))):
                self._begin(self.waiting.popleft())
            while self.processes:
                for one in wait([*self.processes]):
                    assert isinstance(one, Connection)
                    self._hear(one)
        finally:
            for connection, process in self.processes.items():
                connection.close()
                process.begun.join()

    def _begin(self, group: Group) -> None:
        ours, told = Pipe()
        begun = _fork.Process(target=_work, args=(self.session, told, [ours, *self.processes], group))
        begun.start()
        told.close()
        self.processes[ours] = Process(begun, deque(group))

    def _hear(self, connection: Connection) -> None:
        process = self.processes[connection]
        try:
            said: Ended | None = connection.recv()
            if said is None:
                group = self.waiting.popleft() if self.waiting else ()
                process.left.extend(group)
                connection.send(group)
                return
        except (EOFError, ConnectionError):
            del self.processes[connection]
            connection.close()
            self._gone(process)
        else:
            self._report(process.left.popleft(), said)

    def _gone(self, process: Process) -> None:
        process.begun.join()
        how = f"The process ended with exit code {process.begun.exitcode}."
        if not process.left:
            if process.begun.exitcode:
                raise RuntimeError(f"{how} It had run all its tests.")
            return
        place = process.left.popleft()
        item = self.session.items[place]
        died = pytest.TestReport(item.nodeid, item.location, {}, "failed", how, "call")
        made = self.hook.pytest_report_to_serializable(config=self.session.config, report=died)
        if process.left:
            self._begin(tuple(process.left))
        self._report(place, Ended([made], []))

    def _report(self, place: int, ended: Ended) -> None:
        item, config = self.session.items[place], self.session.config
        self.hook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
        for made in ended.reports:
            report = self.hook.pytest_report_from_serializable(config=config, data=made)
            self.hook.pytest_runtest_logreport(report=report)
        self.hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        for words in ended.warnings:
            self.hook.pytest_warning_recorded.call_historic(kwargs=words)
        if self.session.shouldfail:
            raise self.session.Failed(self.session.shouldfail)
        if self.session.shouldstop:
            raise self.session.Interrupted(self.session.shouldstop)


def pytest_addoption(parser: pytest.Parser) -> None:
    """How many processes run the tests."""
    parser.addoption("--processes", type=int, default=1, help="share the tests out among so many processes")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Several processes, where that is asked for and nothing went wrong with gathering; else as always."""
    processes: int = session.config.getoption("processes")
    if processes < 2 or session.testsfailed or session.config.option.collectonly:
        return None
    Sharing(session).run(processes)
    return True
