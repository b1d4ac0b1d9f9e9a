"""A new plugin: a package with a policy, a rehearsal, a test and a file for continuous integration, that passes at once."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from string import Template

from dangwu.errors import DangwuError
from dangwu.policy.entry import ID, LONGEST_ID


def create(name: str, title: str, above: Path, *, facet: bool) -> list[Path]:
    """Write the files of plugin `name` into a new folder below `above`; what was written.

    Raises DangwuError for a name that cannot be one, and where the folder is there already.
    """
    if not ID.match(name) or len(name) > LONGEST_ID:
        raise DangwuError([f"插件标识“{name}”应为小写字母、数字和连字符，例如 sunshine、sunshine-2026。"])
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
