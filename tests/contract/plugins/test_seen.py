"""A package's Python that is seen without running it, and what has to be loaded instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from dangwu.plugins.apart.seen import seen
from dangwu.plugins.place import of_module

SHOWS = '''"""A table."""

from dangwu import Report, hookimpl

TITLE = "一览"


def _rows():
    raise RuntimeError("nobody runs this")


@hookimpl
def dangwu_reports(figures):
    return [Report(TITLE, ("甲",), _rows())]
'''
OTHERS = {
    "a check": SHOWS + "\n\n@hookimpl\ndef dangwu_check(step):\n    return []\n",
    "a class": SHOWS + "\n\nclass Mark:\n    pass\n",
    "code that runs": SHOWS + "\nprint(TITLE)\n",
    "its own modules": SHOWS.replace("from dangwu import", "from . import facets\nfrom dangwu import"),
    "no mark": SHOWS.replace("@hookimpl\n", ""),
    "an argument that is not given": SHOWS.replace("figures", "figure"),
    "one that is not awaited": SHOWS.replace("def dangwu_reports", "async def dangwu_reports"),
    "under another name": SHOWS + "\ndangwu_check = dangwu_reports\n",
    "no Python": SHOWS + "\n(",
    "none": '"""Nothing."""\n',
}


def put(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: str, policy: bytes) -> None:
    """A package that can be found, in a package."""
    folder = tmp_path / "shown_places" / name
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text('"""Places."""\n', "utf-8")
    (folder / "__init__.py").write_text(code, "utf-8")
    (folder / "policy.yaml").write_bytes(policy)
    monkeypatch.syspath_prepend(tmp_path)


def test_one_that_only_shows_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, monkeypatch, "one", SHOWS, b"plugin: one\r\n")
    found = seen(of_module("one", "shown_places.one"))
    assert found is not None
    assert (found.hooks, found.text) == (("dangwu_reports",), "plugin: one\n")
    assert found.where == "shown_places/one/policy.yaml"


@pytest.mark.parametrize("code", OTHERS.values(), ids=OTHERS.keys())
def test_whatever_else_has_to_be_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    put(tmp_path, monkeypatch, "other", code, b"plugin: other\n")
    assert seen(of_module("other", "shown_places.other")) is None
    assert seen(of_module("other", "shown_places.other:plugin")) is None
    assert seen(of_module("other", "shown_places.gone")) is None


def test_where_the_policy_cannot_be_read_loading_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, monkeypatch, "one", SHOWS, "题目".encode("gbk"))
    assert seen(of_module("one", "shown_places.one")) is None
