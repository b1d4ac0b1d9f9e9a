"""Programs that fall over or hang: replaced, each by itself; and stopped together."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest
import redis

from deploy import part, pulses
from deploy.embedded.child import Child
from deploy.embedded.servers import Servers
from deploy.problem import Problem
from deploy.supervisor import Program, Supervisor
from tenants.ground import pulse
from tests.waiting import until

STAYS = Program(
    "stays", "常驻", (sys.executable, "-c", "import time; print('here', flush=True); time.sleep(600)")
)
FALLS = Program("falls", "易倒", (sys.executable, "-c", "raise SystemExit('因为缺少文件')"))


@pytest.fixture
def supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    """It waits for fractions of a second where in service it waits for seconds and minutes."""
    monkeypatch.setattr(part, "SHORTEST_PAUSE", 0.1)
    monkeypatch.setattr(part, "STEADY_SECONDS", 3.0)
    monkeypatch.setattr(pulses, "STOPPED_SECONDS", 0.5)
    monkeypatch.setattr(pulses, "SILENT_SECONDS", 6.0)
    monkeypatch.setattr("deploy.supervisor.LADDER", ((signal.SIGTERM, 1.0), (signal.SIGKILL, 5.0)))
    made = Supervisor(logs=tmp_path)
    try:
        yield made
    finally:
        made.stop()


def troubles(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the pages would be told."""
    monkeypatch.setenv(pulse.FOLDER, str(supervisor._pulses.folder))
    return pulse.troubles()


def test_what_falls_again_and_again_is_tried_later_and_the_others_go_on(
    supervisor: Supervisor,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Until it stays: then all is well again."""
    mended = tmp_path / "mended"
    code = f"import os, time; os.path.exists({str(mended)!r}) or exit('因为缺少文件'); time.sleep(600)"
    supervisor.start(STAYS)
    supervisor.start(Program("falls", "易倒", (sys.executable, "-c", code)))
    said = ""

    def heard(words: str) -> bool:
        nonlocal said
        supervisor.check()
        said += capsys.readouterr().out
        return words in said

    until(lambda: heard("易倒接连意外停止，0 秒后再试；平台的其他部分照常运行。完整日志在 "))
    assert said.count("易倒意外停止，已重新启动。") == 3
    assert said.rstrip().endswith("因为缺少文件")
    assert troubles(supervisor, monkeypatch) == ["易倒接连意外停止，过一会儿再试；平台的其他部分照常运行。"]
    mended.touch()
    until(lambda: heard("易倒已恢复运行。"))
    assert troubles(supervisor, monkeypatch) == []
    assert "常驻" not in said
    supervisor.require_running()


def test_the_pauses_grow_to_a_measure() -> None:
    fallen = part.Restarts()
    fallen.started(0.0)
    assert [fallen.pause(now) for now in range(11)] == [0, 0, 0, 5, 10, 20, 40, 80, 160, 300, 300]
    assert fallen.pause(60.0) == 0, "it had recovered"


def test_a_stopped_process_is_replaced(
    supervisor: Supervisor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It would hear SIGTERM only when it goes on."""
    supervisor.start(STAYS)
    log = tmp_path / "stays.log"
    until(lambda: "here" in log.read_text())
    psutil.Process(supervisor._parts[0].child.pid).suspend()

    def replaced() -> bool:
        supervisor.check()
        return log.read_text().count("here") == 2

    until(replaced)
    assert "没有反应，已强行结束。\n常驻意外停止，已重新启动。" in capsys.readouterr().out


@pytest.mark.servers
def test_a_stopped_server_is_replaced_with_what_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The embedded ones give no signs of life; that they are stopped is seen all the same."""
    monkeypatch.setattr(pulses, "STOPPED_SECONDS", 0.5)
    monkeypatch.setattr("deploy.embedded.valkey._LADDER", ((signal.SIGTERM, 1.0),))
    with Servers(tmp_path / "data") as servers:
        supervisor = Supervisor(servers)
        for stopped in servers.children:
            psutil.Process(stopped.pid).suspend()

            def replaced(stopped: Child = stopped) -> bool:
                supervisor.check()
                return stopped not in servers.children

            until(replaced)
        assert redis.Redis.from_url(servers.addresses.redis_url).ping()
        assert asyncio.run(_answers(servers.addresses.database_url)) == 1
        supervisor.stop()


async def _answers(url: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval("select 1")
    finally:
        await connection.close()


def test_a_process_that_gives_no_more_signs_of_life_is_replaced(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    """One that never gave any is left alone; one that gives them too."""
    code = """
import asyncio, os, time
from tenants.ground.pulse import beat
async def main():
    beating = asyncio.create_task(beat())
    print("here", flush=True)
    while not os.path.exists("{hang}"):
        await asyncio.sleep(0.05)
    time.sleep(600)
asyncio.run(main())
""".replace("{hang}", str(tmp_path / "hang"))
    supervisor.start(STAYS)
    supervisor.start(Program("hangs", "停滞", (sys.executable, "-c", code)))
    stays, hangs = tmp_path / "stays.log", tmp_path / "hangs.log"

    def begun(times: int) -> bool:
        supervisor.check()
        return hangs.read_text().count("here") == times

    until(lambda: begun(1))
    until(lambda: begun(1) and _signs(supervisor))
    first = _signs(supervisor)
    until(lambda: begun(1) and _signs(supervisor) > first + pulses.SILENT_SECONDS)
    (tmp_path / "hang").touch()
    until(lambda: begun(2))
    assert stays.read_text().count("here") == 1


def _signs(supervisor: Supervisor) -> float:
    """When the last sign of life was given."""
    return max((file.stat().st_mtime for file in supervisor._pulses.folder.iterdir()), default=0.0)


def test_while_starting_nothing_may_end(tmp_path: Path) -> None:
    supervisor = Supervisor(logs=tmp_path)
    supervisor.start(FALLS)
    with pytest.raises(Problem, match=r"易倒没有启动成功（退出码 1）[\s\S]*因为缺少文件"):
        until(supervisor.require_running)
    supervisor.stop()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_first_signal_stops_in_order_and_a_second_does_not_disturb(number: signal.Signals) -> None:
    script = """
import time
from deploy.interrupt import interruptible
with interruptible():
    try:
        print("ready", flush=True)
        time.sleep(600)
    finally:
        input()
        print("tidied", flush=True)
"""
    argv, pipe = [sys.executable, "-c", script], subprocess.PIPE
    with subprocess.Popen(argv, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        assert process.stdout.readline() == "正在停止……\n"
        process.send_signal(number)
        assert process.communicate("go on\n")[0] == "tidied\n"
    assert process.returncode == 0
