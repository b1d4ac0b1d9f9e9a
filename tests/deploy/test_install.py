"""Set-up says what it does; when a step fails, the program's own words and a sentence are read, and nothing goes on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution, distributions, packages_distributions
from pathlib import Path

import pytest

from deploy.install import STARTED, gone, phase
from deploy.lock import LOCK, ROOT, Locked, plain, unused
from deploy.programs import relay, web, worker
from deploy.settings import Settings


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


def _installed(folder: Path, name: str, url: str) -> Iterator[Distribution]:
    """A package as pip has it that was installed from that address."""
    info = folder / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "direct_url.json").write_text(json.dumps({"url": url, "dir_info": {"editable": True}}))
    return iter(distributions(path=[str(folder)]))


def test_a_package_whose_folder_is_gone_is_taken_out_and_no_other(tmp_path: Path) -> None:
    assert list(gone(distributions())) == []
    assert gone(_installed(tmp_path, "dangwu-old", f"file://{ROOT}/plugins/old")) == ["dangwu-old"]
    _installed(tmp_path, "dangwu-here", f"file://{ROOT}/plugins/national")
    _installed(tmp_path, "of-somebody", f"file://{tmp_path}/elsewhere")
    assert gone(distributions(path=[str(tmp_path)])) == ["dangwu-old"]


def test_what_every_program_starts_with_is_compiled() -> None:
    words = {word for program in (web(Settings()), worker(), relay()) for word in program.argv}
    named = {word for word in words if word == "dramatiq" or word.startswith(("web.", "deploy."))}
    assert named == {"deploy.web", "dramatiq", "web.worker", "deploy.relay"}
    assert named <= set(STARTED)


def test_every_program_starts_without_what_only_tests_install() -> None:
    absent = [
        name for name, of in packages_distributions().items() if unused() & {plain(each) for each in of}
    ]
    assert {"rich", "pygments"} <= set(absent)
    script = f"import sys; sys.modules.update(dict.fromkeys({absent})); import {', '.join(STARTED)}"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


MOST_MB = 270
"""Of what a running platform needs, without what Python compiles of it."""


def test_what_a_running_platform_needs_is_small_and_holds_no_tool_of_the_tests() -> None:
    locked = Locked.read(LOCK.read_text())
    run, tests = ({line.partition("==")[0].lower() for line in part} for part in (locked.run, locked.tests))
    assert {"pytest", "hypothesis", "mypy", "ruff", "playwright"} <= tests - run
    files = [
        Path(str(one.locate_file(f))) for name in run for one in [distribution(name)] for f in one.files or ()
    ]
    taken = sum(file.stat().st_size for file in files if file.suffix != ".pyc" and file.is_file())
    assert taken <= MOST_MB * 1_000_000
