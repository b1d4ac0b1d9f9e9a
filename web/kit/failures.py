"""Failures that nobody has decided on: what they mean for the person at the screen. What is not listed here is a defect."""

from __future__ import annotations

import asyncpg
import msgspec
from redis import exceptions as redis

from tenants.database.errors import DatabaseBusy, ShareSpent
from tenants.ground.space import no_space


class Failure(msgspec.Struct, frozen=True):
    """How a failure is answered; with `retry_after` (seconds) it passes by itself."""

    status: int
    code: str
    sentence: str
    retry_after: int | None = None


AWAY = Failure(
    503,
    "unavailable",
    "系统的数据库或缓存暂时连不上，正在恢复。请一分钟后再试；如果刚才提交过内容，请先核对是否已经保存，再决定是否重新提交。",
    retry_after=60,
)
FULL = Failure(
    503,
    "full",
    "现在同时办理的人太多，排队等候了一会儿仍未轮到，这次没有办理。请过几秒再试。",
    retry_after=5,
)
ONE_AT_A_TIME = Failure(
    429,
    "one-at-a-time",
    "您同时提交或打开的内容太多，前面的还没有办完，这一项没有办理。请等前面的办完再试。",
    retry_after=5,
)
NO_SPACE = Failure(
    503,
    "no-space",
    "服务器的磁盘已经写满，这次没有保存；已有的内容可以照常查看。请马上告诉平台运行维护人员清理磁盘，清理以后再重新提交。",
    retry_after=60,
)
CROWDED = Failure(
    409, "busy", "有人正在同时办理相关的事项，您提交的内容这次没有保存。请稍等几秒，再提交一次。"
)
UNSTORABLE = Failure(
    422,
    "characters",
    "内容里有不能保存的字符（常见于从别处复制来的隐藏字符），没有保存。请删去后重新填写。",
)
TOO_LARGE = Failure(
    422,
    "range",
    "有一项数字、日期或者文字超出了系统能保存的范围，没有办理。请核对年份、数量和长度后重新提交。",
)
UNREADABLE = Failure(
    400, "unreadable", "提交的内容不是正确的 UTF-8 文字，或者层次太深，没有办理。请检查后重新提交。"
)

_KINDS: tuple[tuple[tuple[type[BaseException], ...], Failure], ...] = (
    ((DatabaseBusy,), FULL),
    ((ShareSpent,), ONE_AT_A_TIME),
    (
        (
            asyncpg.PostgresConnectionError,
            asyncpg.OperatorInterventionError,
            asyncpg.TooManyConnectionsError,
            redis.ConnectionError,
            redis.TimeoutError,
            redis.OutOfMemoryError,
            ConnectionError,
            TimeoutError,
        ),
        AWAY,
    ),
    ((asyncpg.TransactionRollbackError, asyncpg.LockNotAvailableError), CROWDED),
    ((asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError), UNSTORABLE),
    # A figure or a day that Python or a column cannot hold, a text that no index can.
    (
        (
            OverflowError,
            asyncpg.NumericValueOutOfRangeError,
            asyncpg.DatetimeFieldOverflowError,
            asyncpg.ProgramLimitExceededError,
        ),
        TOO_LARGE,
    ),
    # What is sent decides how deep a decoder goes; nothing of ours recurses by itself.
    ((UnicodeError, RecursionError), UNREADABLE),
)


def failure_of(error: BaseException) -> Failure | None:
    """What the error, or one behind which it came up, means; None for a defect."""
    seen: BaseException | None = error
    while seen is not None:
        if no_space(seen):
            return NO_SPACE
        for kinds, failure in _KINDS:
            if isinstance(seen, kinds):
                return failure
        seen = seen.__cause__ or seen.__context__
    return None
