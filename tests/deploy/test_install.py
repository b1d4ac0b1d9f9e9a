"""Set-up says what it does; when a step fails, the program's own words and a sentence are read, and nothing goes on."""

from __future__ import annotations

import sys

import pytest

from deploy.install import phase


def test_a_phase_is_announced_and_its_warnings_are_shown(capfd: pytest.CaptureFixture[str]) -> None:
    script = """
import sys
print("WARNING: Location 'file:///x/' is ignored: it is neither a file nor a directory.", file=sys.stderr)
print("WARNING: Retrying after connection broken", file=sys.stderr)
"""
    phase("安装甲（约一分钟）", [sys.executable, "-c", script])
    said = capfd.readouterr()
    assert said.out.startswith("安装甲（约一分钟）……\n  完成，用时 ")
    assert said.err == "WARNING: Retrying after connection broken\n"


def test_a_phase_that_fails_ends_set_up_with_a_sentence(capfd: pytest.CaptureFixture[str]) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "no-such-package-here==1"]
    with pytest.raises(
        SystemExit, match=r"“安装乙”没有完成（退出码 1），原因见上。排除后再执行一次同样的命令即可"
    ):
        phase("安装乙", pip)
    assert "No matching distribution found for no-such-package-here==1" in capfd.readouterr().err
