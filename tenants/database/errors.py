"""What can be wrong with a session, or with the database behind it: for authors and for the log, never for a user's screen."""

from __future__ import annotations


class DatabaseAway(ConnectionError):
    """No connection to PostgreSQL can be had: it restarts, or cannot be reached."""


class DatabaseBusy(Exception):
    """All connections that the caller may have are taken, and none came free in time."""


class ShareSpent(Exception):
    """One person has as many requests under way as he may, and none of them ended in time."""


class NoSession(RuntimeError):
    """A query was about to run outside a session: without one nobody knows whose rows it may see."""

    def __init__(self) -> None:
        super().__init__("数据库查询必须在会话之内执行：请先进入 county_session(县编号)。")


class NestedSession(RuntimeError):
    """A session was opened inside another one: two counties must never share a block of code."""

    def __init__(self) -> None:
        super().__init__("已在数据库会话之内，不能再打开另一个会话。需要部分撤销时请用 session.savepoint()。")


class NotCommitted(RuntimeError):
    """PostgreSQL answered COMMIT with a rollback, because an earlier statement had failed and the failure was swallowed."""

    def __init__(self) -> None:
        super().__init__("本次操作没有保存：其中一条语句已经失败。")
