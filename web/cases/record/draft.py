"""What somebody has begun to type into the form of a step: kept on the server for seven days, encrypted, for him alone."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

import msgspec

from core.secrecy import vault
from tenants.database.session import current_session
from tenants.ground.redis import redis_client
from web.kit.clock import SHANGHAI
from web.kit.forms import Form
from web.kit.here import Here

KEPT_SECONDS = 7 * 24 * 3600
LARGEST = 64 * 1024
MOST = 30
"""Of one person: the one that was not touched for longest goes."""

_NOT_KEPT = frozenset({"_csrf_token", "attachments", "more", "version"})


class Draft(msgspec.Struct, frozen=True):
    """Values by field, the version of the case that was on the page, and when it was typed."""

    version: int
    at: datetime
    values: dict[str, list[str]]

    def form(self) -> Form:
        """The form with these values."""
        return Form(self.values)


def _key(here: Here, case_id: UUID, step: str) -> str:
    return f"draft:{here.county.id}:{here.actor.id}:{case_id}:{step}"


async def keep(here: Here, case_id: UUID, step: str, form: Form) -> bool:
    """Keep what was typed, an empty form not; False when it is too large to keep."""
    values: Mapping[str, list[str]] = {
        name: typed for name in form.names() if name not in _NOT_KEPT and (typed := form.values(name))
    }
    if not any(one.strip() for typed in values.values() for one in typed):
        await discard(here, case_id, step)
        return True
    version = form.value("version")
    draft = Draft(int(version) if version.isdecimal() else 0, datetime.now(SHANGHAI), dict(values))
    key, plain = _key(here, case_id, step), msgspec.json.encode(draft)
    if len(plain) > LARGEST:
        return False
    await redis_client().set(key, b64encode(vault().seal(key, plain)).decode(), ex=KEPT_SECONDS)
    await _make_room(here, key)
    return True


async def _make_room(here: Here, key: str) -> None:
    """Note which drafts he has, and forget those beyond MOST."""
    redis, mine = redis_client(), f"drafts:{here.county.id}:{here.actor.id}"
    async with redis.pipeline(transaction=True) as pipe:
        pipe.zadd(mine, {key: datetime.now(SHANGHAI).timestamp()})
        pipe.expire(mine, KEPT_SECONDS)
        pipe.zrange(mine, 0, -MOST - 1)
        pipe.zremrangebyrank(mine, 0, -MOST - 1)
        *_, oldest, _ = await pipe.execute()
    if oldest:
        await redis.delete(*oldest)


async def kept(here: Here, case_id: UUID, step: str) -> Draft | None:
    """His draft, if there is one that still opens."""
    key = _key(here, case_id, step)
    sealed = await redis_client().get(key)
    if not sealed:
        return None
    try:
        return msgspec.json.decode(vault().open(key, b64decode(sealed)), type=Draft)
    except (ValueError, msgspec.DecodeError):
        await redis_client().delete(key)
        return None


def discard_once_kept(here: Here, case_id: UUID, step: str) -> None:
    """Forget it when what was made of it has been committed: should that fail, what was typed is still there."""
    current_session().after_commit(partial(discard, here, case_id, step))


async def discard(here: Here, case_id: UUID, step: str) -> None:
    """Forget it."""
    await redis_client().delete(_key(here, case_id, step))
