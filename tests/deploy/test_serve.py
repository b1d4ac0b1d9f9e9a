"""`dangwu serve` as it is typed: it comes up, survives accidents, stops on Ctrl-C, and comes up again."""

from __future__ import annotations

import asyncio
import io
import os
import re
import signal
import socket
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path

import asyncpg
import httpx
import psutil
import pytest

from deploy.commands import register
from deploy.embedded.servers import running
from deploy.port import answers
from tenants.queue.broker import COURTESY
from tests.conftest import Database
from tests.waiting import PATIENCE_SECONDS, until

pytestmark = pytest.mark.servers
RESTARTED = "意外停止，已重新启动。"
DANGWU = str(Path(sys.executable).with_name("dangwu"))


class Running:
    """A `dangwu serve` of its own data folder and port."""

    process: subprocess.Popen[bytes]

    def __init__(self, data: Path, port: int, **settings: str) -> None:
        self.data, self.port = data, port
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("DANGWU_")}
        self.environment |= {"DANGWU_DATA": str(data), "DANGWU_PORT": str(port), **settings}
        self.said = data.with_name("said.txt")
        self.start()

    def start(self) -> None:
        """Start it, for the first time or again on the same data, and wait until it says that it is there."""
        for log in (self.data / "logs").glob("*.log"):
            log.unlink()
        with self.said.open("w") as out:
            self.process = subprocess.Popen([DANGWU, "serve"], env=self.environment, stdout=out, stderr=out)
        until(lambda: "按 Ctrl-C 停止。" in self.said.read_text() or self.process.poll() is not None)
        assert self.process.poll() is None, self.said.read_text()

    def children(self, word: str = "") -> list[psutil.Process]:
        """Its descendants with `word` in their command line."""
        below = psutil.Process(self.process.pid).children(recursive=True)
        found = []
        for child in below:
            with suppress(psutil.NoSuchProcess):  # one may end while they are looked at
                if child.status() != "zombie" and word in " ".join(child.cmdline()):
                    found.append(child)
        return found

    def web(self) -> tuple[psutil.Process, psutil.Process]:
        """The process that keeps the pages' one ready, and that one."""
        one, other = self.children("deploy.web")
        return (one, other) if other.ppid() == one.pid else (other, one)

    def is_complete(self) -> bool:
        """Whether worker and relay, which start after the pages, are at work."""
        logs = self.data / "logs"
        return "daily sweep called" in text(logs / "relay.log") and "ready for action" in text(
            logs / "worker.log"
        )

    def has_replaced(self, word: str, killed: psutil.Process) -> bool:
        """Whether another process does the work of the one that was killed."""
        return not killed.is_running() and any(child.pid != killed.pid for child in self.children(word))

    def dangwu(self, *words: str, **changed: str) -> subprocess.CompletedProcess[str]:
        """Another command on the same data."""
        environment = self.environment | changed
        return subprocess.run([DANGWU, *words], env=environment, capture_output=True, text=True, check=False)

    def beside(self, *words: str) -> subprocess.CompletedProcess[str]:
        """As `dangwu`, in this process: another one takes a second of the processor to start."""
        parser, out, err = ArgumentParser("dangwu"), io.StringIO(), io.StringIO()
        register(parser.add_subparsers())
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name in [name for name in os.environ if name.startswith("DANGWU_")]:
                patch.delenv(name)
            for name, value in self.environment.items():
                patch.setenv(name, value)
            arguments = parser.parse_args(words)
            code = arguments.run(arguments)
        return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())

    def stop(self, number: signal.Signals = signal.SIGINT) -> None:
        """End it as a terminal would; nothing of it may be left."""
        if self.process.poll() is None:
            left = self.children()
            self.process.send_signal(number)
            assert self.process.wait(PATIENCE_SECONDS) == 0, self.said.read_text()
            alive = psutil.wait_procs(left, timeout=PATIENCE_SECONDS)[1]
            assert [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []


def text(file: Path) -> str:
    """The file's text; nothing if there is none yet."""
    return file.read_text() if file.exists() else ""


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _sweeps(data: Path) -> list[tuple[str, str | None]]:
    """The finished tasks of the one county by name, each with its failure."""
    found = running(data)
    assert found
    connection = await asyncpg.connect(found.database_url)
    try:
        county = await connection.fetchval("select id from county")
        async with connection.transaction():
            await connection.execute("select enter_county($1)", county)
            rows = await connection.fetch("select task, failure from task_run where finished_at is not null")
        return sorted((row["task"], row["failure"]) for row in rows)
    finally:
        await connection.close()


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The platform on a data folder and a port of its own."""
    running = Running(tmp_path_factory.mktemp("serve") / "data", free_port())
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def serving(started: Running) -> Running:
    """The platform, running and complete, whatever the test before has done to it."""
    if started.process.poll() is not None:
        started.start()
    until(started.is_complete)
    return started


def test_it_answers_and_other_commands_join_it(serving: Running) -> None:
    assert f"党务平台已启动：http://127.0.0.1:{serving.port}/" in serving.said.read_text()
    assert answers("127.0.0.1", serving.port)
    behind = min(serving.web()[0].nice() + COURTESY, 19)  # pages come first; nothing comes after 19
    until(lambda: max(one.nice() for one in serving.children("dramatiq")) == behind)
    assert serving.dangwu("migrate").stdout == "数据库已是最新版本。\n"
    opened = serving.beside("counties", "yakeshi", "牙克石市", "--admin", "王秀兰")
    assert "牙克石市已开通。第一位管理员：王秀兰，登录名 admin，初始密码 " in opened.stdout
    assert serving.beside("counties").stdout == "yakeshi\t牙克石市\n"
    again = serving.beside("counties", "yakeshi", "牙克石市", "--admin", "王秀兰")
    assert (again.returncode, again.stdout) == (1, "")
    assert "代号为“yakeshi”的县已经开通。" in again.stderr
    first = re.findall(r"初始密码 ([^。\s]+)。", opened.stdout)[0]
    assert _signs_in(serving, "yakeshi", "admin", first)
    helped = serving.beside("counties", "yakeshi", "--reset", "admin")
    assert helped.stdout.startswith("admin 的新初始密码 "), helped.stderr
    second = helped.stdout.split()[2].partition("。")[0]
    assert [_signs_in(serving, "yakeshi", "admin", word) for word in (first, second)] == [False, True]
    refused = serving.beside("counties", "yakeshi", "--reset", "bieren")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "“bieren”不是该县在用的组织部管理员账号" in refused.stderr
    assert "请写明是哪个县" in serving.beside("counties", "--reset", "admin").stderr


def _signs_in(serving: Running, county: str, login: str, password: str) -> bool:
    with httpx.Client(base_url=f"http://127.0.0.1:{serving.port}") as made:
        token = re.findall(r'name="_csrf_token" value="([0-9a-f]+)"', made.get("/sign-in").text)[0]
        typed = {"_csrf_token": token, "county": county, "login": login, "password": password, "next": "/"}
        return made.post("/sign-in", data=typed).status_code == 303


def test_a_second_one_is_refused(serving: Running) -> None:
    for refused, sentence in (
        (serving.beside("serve"), "端口"),
        (serving.dangwu("serve", DANGWU_PORT=str(free_port())), "正被另一个正在运行的"),
    ):
        assert refused.returncode == 1
        assert sentence in refused.stderr
        assert "Traceback" not in refused.stderr


def test_it_stops_in_order_and_sweeps_when_it_starts_again(serving: Running) -> None:
    serving.stop(signal.SIGTERM)
    assert "正在停止……" in serving.said.read_text()
    assert not answers("127.0.0.1", serving.port)
    serving.start()
    assert answers("127.0.0.1", serving.port)
    once = [("clear_files", None), ("sweep_county", None)]
    # What else the night or the morning brings depends on the hour.
    until(lambda: [one for one in asyncio.run(_sweeps(serving.data)) if one in once] == once)


@pytest.mark.parametrize(
    "words", [("deploy.web", "dramatiq", "deploy.relay"), ("valkey-server", "bin/postgres")]
)
def test_what_is_killed_comes_back(serving: Running, words: tuple[str, ...]) -> None:
    fallen = serving.said.read_text().count(RESTARTED)
    for word in words:
        killed = serving.children(word)[0]
        killed.kill()
        until(lambda word=word, killed=killed: serving.has_replaced(word, killed))  # type: ignore[misc]
        until(lambda: answers("127.0.0.1", serving.port))
    # Of those that lost their server one may have fallen too.
    until(lambda: serving.said.read_text().count(RESTARTED) >= fallen + len(words))


def test_a_process_that_serves_is_replaced_by_the_one_that_keeps_it_ready(serving: Running) -> None:
    until(lambda: len(serving.children("deploy.web")) == 2)
    keeper, killed = serving.web()
    fallen = serving.said.read_text().count(RESTARTED)
    killed.kill()
    until(lambda: not killed.is_running() and len(serving.children("deploy.web")) == 2)
    until(lambda: answers("127.0.0.1", serving.port))
    assert keeper.is_running()
    assert serving.said.read_text().count(RESTARTED) == fallen


def test_the_pages_go_on_while_their_keeper_is_replaced(serving: Running) -> None:
    until(lambda: len(serving.children("deploy.web")) == 2)
    keeper, left = serving.web()
    keeper.kill()
    until(lambda: answers("127.0.0.1", serving.port))
    while left.is_running():
        # A connection that waits at the one that ends is reset, and begun anew by every browser and proxy.
        asked = (answers("127.0.0.1", serving.port) for _ in range(2))
        assert any(asked) or not left.is_running()
    until(lambda: answers("127.0.0.1", serving.port))
    assert serving.has_replaced("deploy.web", keeper)


@pytest.mark.trial
def test_at_rest_it_takes_no_more_memory_than_a_small_machine_has(started: Running) -> None:
    """Fresh: what is shared between processes is counted once. It was 598 MB."""
    started.stop()
    started.start()
    until(started.is_complete)
    until(lambda: not started.children("deploy.sweep"))
    tree = [psutil.Process(started.process.pid), *started.children()]
    assert sum(process.memory_full_info().pss for process in tree) < 400 * 1024 * 1024


@pytest.mark.trial
def test_what_hangs_is_replaced(serving: Running) -> None:
    """Every process of the pages, then of the worker, stopped where it is."""
    for word, again in (
        ("deploy.web", lambda: answers("127.0.0.1", serving.port)),
        ("dramatiq", serving.is_complete),
    ):
        (serving.data / "logs" / "worker.log").write_text("")
        stopped = serving.children(word)
        for process in stopped:
            process.suspend()
        until(lambda stopped=stopped: not any(process.is_running() for process in stopped))  # type: ignore[misc]
        if word == "dramatiq":
            assert answers("127.0.0.1", serving.port), "the pages went on"
        until(again)
    assert "没有反应，已强行结束。" in serving.said.read_text()


def test_hosted_parts_run_on_servers_of_their_own(own_database: Database, tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DANGWU_")} | {
        "DANGWU_DATABASE_URL": own_database.app_url,
        "DANGWU_OWNER_DATABASE_URL": own_database.owner_url,
        "DANGWU_REDIS_URL": own_database.redis_url,
        "DANGWU_SECRET": os.environ["DANGWU_SECRET"],
        "DANGWU_DATA": str(tmp_path),
        "DANGWU_PORT": str(port := free_port()),
    }
    subprocess.run([DANGWU, "migrate"], env=environment, check=True)
    log = tmp_path / "log"
    with log.open("w") as out:
        words = (["serve", "--web-only"], ["worker", "--threads", "1"], ["relay"])
        parts = [subprocess.Popen([DANGWU, *part], env=environment, stdout=out, stderr=out) for part in words]
    until(lambda: answers("127.0.0.1", port))
    until(lambda: "daily sweep called" in text(log) and "ready for action" in text(log))
    for part in parts:
        part.terminate()
    assert [part.wait(PATIENCE_SECONDS) for part in parts] == [0, 0, 0], text(log)


@pytest.mark.trial
def test_a_worker_that_keeps_dying_never_stops_the_pages(serving: Running) -> None:
    """After the third fall it is tried later and later; the pages answer, and say what stands still."""
    health = f"http://127.0.0.1:{serving.port}/healthz"

    def killed_once_more() -> bool:
        for worker in serving.children("dramatiq"):
            worker.kill()
        assert answers("127.0.0.1", serving.port)
        return "后台任务接连意外停止，10 秒后再试" in serving.said.read_text()

    until(killed_once_more)
    assert httpx.get(health).text == "degraded\n后台任务接连意外停止，过一会儿再试；平台的其他部分照常运行。"
    until(lambda: serving.children("dramatiq"))
    assert serving.process.poll() is None
    until(lambda: httpx.get(health).text == "ok")
