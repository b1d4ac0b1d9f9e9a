"""What can be wrong with a policy, a combination or a record: always a list of whole sentences (part of the public API)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from itertools import islice

MISDEEDS = (Exception, SystemExit)
"""What the code of a plugin is held to have failed by: one that ends the process would end ours, and nobody would be told."""


class DangwuError(Exception):
    """Problems in plain Chinese, each a sentence that says where, what was expected and what to do."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


class PolicyError(DangwuError):
    """A policy file cannot be used as it stands."""


class CodeError(PolicyError):
    """The Python of a plugin fails when it is loaded; the cause is what it raised."""


class ConflictError(DangwuError):
    """Policies that cannot be in force together."""


class EvidenceError(DangwuError):
    """A record's evidence does not have the form that its facet asks for."""


class FormError(EvidenceError):
    """Evidence that cannot even be read: an unknown field or word, or something of the wrong type."""


class RehearsalError(DangwuError):
    """A rehearsal cannot be read."""


class Unanswered(Exception):
    """A plugin's Python gave no answer that counts: its step is held; `why` in a few words."""

    def __init__(self, plugin: str, why: str) -> None:
        super().__init__(f"{plugin}: {why}")
        self.plugin, self.why = plugin, why


def at(error: BaseException) -> str:
    """`，x.py 第 5 行`: where a plugin's code raised; no values, which may be somebody's data. Empty when it was not there.

    The first frame is that of whoever called the plugin and caught the error.
    """
    where, line, trace = "", 0, error.__traceback__ and error.__traceback__.tb_next
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        package = str(trace.tb_frame.f_globals.get("__name__", "")).partition(".")[0]
        if package not in _NOT_THE_PLUGINS and where in ("", file):
            where, line = file, trace.tb_lineno
        trace = trace.tb_next
    parts = where.replace("\\", "/").split("/")
    # Of a package its name too: every one has a file of that name.
    name = "/".join(parts[-2:] if parts[-1] == "__init__.py" else parts[-1:])
    return f"，{name} 第 {line} 行" if where else ""


_NOT_THE_PLUGINS = ("dangwu", "pluggy", "importlib")


def nearest(word: str, words: Iterable[str], titles: Mapping[str, str] | None = None) -> str:
    """`，是不是“X”` for the nearest known word, or nothing; also for the Chinese title of one, written in its place."""
    for known, title in (titles or {}).items():
        if word == title:
            return f"，是不是“{known}”（{title}）"
    found = get_close_matches(
        word[:60], list(islice(words, 500)), n=1, cutoff=0.6 if len(word) > 2 else 0.5
    )  # never the whole of a huge list
    return f"，是不是“{found[0]}”" if found else ""
