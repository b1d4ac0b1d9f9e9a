"""`python -m deploy.install run|tests`: fill the environment with the versions of requirements.lock, and say what is done.

`make` runs it with the environment's own Python before anything is installed: nothing but the standard library here.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path
from urllib.parse import unquote

from deploy.lock import LOCK, ROOT, Locked, plain, unused

TOOL = (sys.executable, "-m", "pip", "--disable-pip-version-check")
PIP = (*TOOL, "install", "--quiet", "--no-compile", "--no-deps")
"""pip would compile every module there is (73 MB); what the platform imports as it starts is a quarter of that. And it would
fetch what libraries ask for and nothing here imports: the lock is complete without."""
STARTED = (
    "deploy.commands",
    "deploy.web",
    "web.app",
    "web.proxies",
    "dramatiq",
    "dramatiq.cli",
    "web.worker",
    "deploy.relay",
    "deploy.sweep",
)
"""What the platform's programs import as they start, and with it nearly all that they ever do (deploy/programs.py)."""
NOISE = re.compile(r"WARNING: Location '.*' is ignored: it is neither a file nor a directory\.")
"""What pip says, once for each package, of places in its own settings that are not there."""


def phase(said: str, argv: Sequence[str]) -> None:
    """Say what is done, do it, say how long it took. Ends with a sentence if it fails; the program's own words come first."""
    print(f"{said}……", flush=True)
    begun = time.monotonic()
    with subprocess.Popen(argv, cwd=ROOT, stderr=subprocess.PIPE, text=True, errors="replace") as running:
        assert running.stderr
        for line in running.stderr:
            if not NOISE.match(line):
                print(line, end="", file=sys.stderr, flush=True)
    if running.returncode:
        raise SystemExit(
            f"“{said}”没有完成（退出码 {running.returncode}），原因见上。"
            "排除后再执行一次同样的命令即可，已经装好的不会重装。"
        )
    print(f"  完成，用时 {time.monotonic() - begun:.0f} 秒", flush=True)


def gone(installed: Iterable[Distribution]) -> list[str]:
    """The packages that nothing needs: what is never imported, and what was installed from a folder of ours that is no more.

    Left in place, one that was renamed or merged into another would bring its plugin a second time.
    """
    idle = unused() - {plain(line) for line in Locked.read(LOCK.read_text()).tests}
    addresses = ((one.name, json.loads(one.read_text("direct_url.json") or "{}")) for one in installed)
    places = ((name, Path(unquote(said.get("url", "")).removeprefix("file://"))) for name, said in addresses)
    return [
        name
        for name, at in places
        if plain(name) in idle or (ROOT in at.parents and not (at / "pyproject.toml").exists())
    ]


def install_run() -> None:
    """What a running platform needs, and our own packages."""
    locked = Locked.read(LOCK.read_text())
    pinned, ours = locked.run, [word for line in locked.ours for word in line.split()]
    phase(
        f"安装运行所需的 {len(pinned)} 个软件包（约 120 MB，一般一两分钟，网络慢或机器忙时更久）",
        [*PIP, *pinned],
    )
    if old := gone(distributions()):
        phase(f"取下用不到的 {len(old)} 个软件包", [*TOOL, "uninstall", "--quiet", "--yes", *old])
    # Built by the pinned hatchling of the environment: pip would fetch another one for each package, of any version.
    phase(
        f"安装平台和 {len(locked.ours) - 1} 个政策包（约十秒）",
        [*PIP, "--no-build-isolation", *ours],
    )
    # Here, because later nobody might be allowed to write what he has compiled: in an image, or as a service of its own user.
    phase("编译启动要用到的程序（约十秒）", [sys.executable, "-c", f"import {', '.join(STARTED)}"])
    # pip comes compiled (8 MB), and whoever runs the platform seldom calls it.
    for compiled in Path(str(distribution("pip").locate_file("pip"))).rglob("__pycache__"):
        shutil.rmtree(compiled)


def install_tests() -> None:
    """What checks and tests need besides."""
    pinned = Locked.read(LOCK.read_text()).tests
    phase(f"安装检查和测试用的 {len(pinned)} 个软件包（约 100 MB，一般一分钟）", [*PIP, *pinned])


if __name__ == "__main__":
    {"run": install_run, "tests": install_tests}[sys.argv[1]]()
