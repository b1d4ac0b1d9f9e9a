"""A new plugin: a package with a policy, a rehearsal, a test and a file for continuous integration, that passes at once."""

from __future__ import annotations

from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from string import Template

from dangwu.errors import DangwuError, PolicyError
from dangwu.plugins.discovery import GROUP
from dangwu.policy.entry import ID, LONGEST_ID, TAKEN
from dangwu.text.reader import read

LONGEST_TITLE = 100


def create(name: str, title: str, above: Path, *, facet: bool) -> list[Path]:
    """Write the files of plugin `name` into a new folder below `above`; what was written.

    Raises DangwuError for a name or title that cannot be one, and where the folder is there already; OSError.
    """
    if not ID.match(name) or len(name) > LONGEST_ID:
        most = f"，最多 {LONGEST_ID} 个" if len(name) > LONGEST_ID else ""
        said = f"应为小写字母、数字和连字符{most}，例如 sunshine、sunshine-2026。"
        raise DangwuError([f"插件标识“{name[:LONGEST_ID]}”{said}"])
    if name in TAKEN:
        raise DangwuError([f"平台有一个页面叫“{name}”，叫这个名的插件，页面就打不开了。请换一个标识。"])
    if name in {point.name for point in entry_points(group=GROUP)}:
        raise DangwuError([f"已经安装了叫“{name}”的插件，同名的两个哪个也不能用。请换一个标识。"])
    if not _plain(title):
        raise DangwuError(
            [f"名称应写成一行，最多 {LONGEST_TITLE} 字，不用英文引号、冒号等符号，例如 阳光县“公示十天”。"]
        )
    root = above / f"dangwu-{name}"
    if root.exists():
        raise DangwuError([f"{root} 已经有了，不覆盖。请换一个标识，或在别的文件夹里新建。"])
    package = f"dangwu_{name.replace('-', '_')}"
    words = {"name": name, "title": title, "package": package}
    made = []
    for place, parts in _files(package, facet=facet).items():
        file = root / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(_filled(part, words) for part in parts), "utf-8")
        made.append(file)
    return made


def _plain(title: str) -> bool:
    """Whether a title can stand as it is in YAML, in TOML and in Python."""
    if not 0 < len(title) <= LONGEST_TITLE or set(title) & {*'"\\'}:
        return False
    try:
        return bool(read(f"title: {title}\n", "") == {"title": title})
    except PolicyError:
        return False


def _files(package: str, *, facet: bool) -> dict[str, tuple[str, ...]]:
    """Each file's place, and the parts of the skeleton of which it is made."""
    own = "-facet" if facet else ""
    more = {f"{package}/rehearsals/visits.yaml": ("rehearsal-facet.yaml",)} if facet else {}
    return {
        "pyproject.toml": ("pyproject.toml",),
        "README.md": ("README.md",),
        f"{package}/__init__.py": (f"init{own}.py",),
        f"{package}/policy.yaml": ("policy.yaml", *(["policy-facet.yaml"] if facet else [])),
        f"{package}/rehearsals/notice.yaml": ("rehearsal.yaml",),
        **more,
        "tests/test_plugin.py": (f"test{own}.py",),
        ".github/workflows/check.yaml": ("ci.yaml",),
    }


def _filled(part: str, words: dict[str, str]) -> str:
    text = (files("dangwu.author.skeleton") / f"{part}.txt").read_text(encoding="utf-8")
    return Template(text).substitute(words)


__all__ = ["create"]
