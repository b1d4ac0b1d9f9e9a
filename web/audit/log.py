"""The log of acts, a page of it at a time, and the kinds of acts that it can be narrowed to."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from litestar.params import QueryParameter

from core.errors import Invalid
from core.ledger.verbs import ACTS, READINGS, SIGN_INS, VERBS
from tenants.audit import Entry, entries
from web.kit.here import Here
from web.kit.paging import PAGE, Pager, decode_key, key_uuid
from web.kit.query import Text, day_asked, one_of


def _of(*beginnings: str) -> tuple[str, ...]:
    return tuple(verb for verb in VERBS if verb.startswith(beginnings))


_EXPORTS, _PEOPLE = _of("export."), _of("person.", "people.", "own-link.")
_OTHERS = {*SIGN_INS, *READINGS, *ACTS, *_EXPORTS, *_PEOPLE, *_of("policy.", "paper.")}
KINDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "": ("全部", tuple(VERBS)),
    "policies": ("政策", _of("policy.")),
    "papers": ("文书", _of("paper.")),
    "people": ("名册", _PEOPLE),
    "accounts": ("账号与权限", tuple(verb for verb in VERBS if verb not in _OTHERS)),
    "sign-ins": ("登录", SIGN_INS),
    "acts": ("办理", ("act.done",)),
    "readings": ("查阅和导出", (*READINGS, *_EXPORTS)),
    "denied": ("越权被拒", ("act.denied",)),
}
"""Kind → its title, and the verbs that belong to it."""

Kind = Annotated[str, QueryParameter(max_length=20)]


class LogAsked(msgspec.Struct, frozen=True):
    """What of the log is asked for: a kind of acts ("" for all), and the days from and to which."""

    kind: str
    since: date | None
    until: date | None


def log_asked(kind: Kind = "", since: Text = "", until: Text = "") -> LogAsked:
    """Litestar dependency `asked`. Raises Invalid for what is no kind, no day, or no span of days."""
    asked = LogAsked(one_of("kind", kind, KINDS), day_asked(since), day_asked(until))
    if asked.since and asked.until and asked.until < asked.since:
        sentence = "截止日期早于起始日期。请改正其中一个。"
        raise Invalid(sentence, code="day", fields={"until": sentence})
    return asked


async def log_page(here: Here, asked: LogAsked, after: str | None) -> Pager[Entry]:
    """A page of the log. Raises Forbidden, Invalid."""
    _, verbs = KINDS[asked.kind]
    key = decode_key(after)
    before = key_uuid(key[0]) if key else None
    rows = await entries(
        here.actor, verbs=verbs, since=asked.since, until=asked.until, before=before, limit=PAGE + 1
    )
    return Pager.of(rows, lambda row: (row.id,), after)
