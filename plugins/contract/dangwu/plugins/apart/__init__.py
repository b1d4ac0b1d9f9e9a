"""A plugin's Python that runs in another process: what it says of itself, its stand-in here, and the calls between both."""

from dangwu.plugins.apart import limits
from dangwu.plugins.apart.answering import answer
from dangwu.plugins.apart.code import Code, code_of
from dangwu.plugins.apart.seen import seen
from dangwu.plugins.apart.standin import plugin_of, stand_in
from dangwu.plugins.apart.wire import Answer, Call, packed, plain, unpacked
from dangwu.plugins.discovery import Found, Outside
from dangwu.plugins.place import Place

__all__ = [
    "Answer",
    "Call",
    "Code",
    "Found",
    "Outside",
    "Place",
    "answer",
    "code_of",
    "limits",
    "packed",
    "plain",
    "plugin_of",
    "seen",
    "stand_in",
    "unpacked",
]
