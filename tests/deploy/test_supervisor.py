"""Programs that fall over: restarted, but not for ever; and stopped together."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.problem import Problem
from deploy.supervisor import Program, Supervisor
from tests.waiting import until

STAYS = Program("stays", "常驻", (sys.executable, "-c", "import time; time.sleep(600)"))
FALLS = Program("falls", "易倒", (sys.executable, "-c", "raise SystemExit('因为缺少文件')"))


def test_what_ends_again_and_again_ends_the_platform_with_its_last_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor = Supervisor(logs=tmp_path)
    supervisor.start(STAYS)
    supervisor.start(FALLS)
    try:
        with pytest.raises(Problem) as gave_up:
            until(supervisor.check)
    finally:
        supervisor.stop()
    assert gave_up.value.sentence.startswith("易倒一分钟内多次意外停止，平台已停止运行。完整日志在 ")
    assert gave_up.value.sentence.endswith("因为缺少文件")
    assert capsys.readouterr().out.count("易倒意外停止，已重新启动。") == 3


def test_while_starting_nothing_may_end(tmp_path: Path) -> None:
    supervisor = Supervisor(logs=tmp_path)
    supervisor.start(FALLS)
    with pytest.raises(Problem, match=r"易倒没有启动成功（退出码 1）[\s\S]*因为缺少文件"):
        until(supervisor.require_running)


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
