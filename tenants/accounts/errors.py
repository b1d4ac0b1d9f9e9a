"""Errors of signing in; everything else uses core.errors."""

from __future__ import annotations

from datetime import datetime

from core.errors import DomainError


class SignInFailed(DomainError):
    """Login or password is wrong, or the account is not active: one sentence for all, so that it tells nothing."""

    code = "sign-in-failed"


class BadToken(DomainError):
    """A token of the API that is unknown, over, or revoked: one sentence for all."""

    code = "bad-token"

    def __init__(self) -> None:
        super().__init__("令牌不正确、已到期或已撤销。请在“我的账号”的“接口令牌”中新建一个。")


class TooManyAttempts(DomainError):
    """Throttled; `retry_at` is when the next attempt is looked at."""

    code = "too-many-attempts"

    def __init__(self, retry_at: datetime) -> None:
        when = f"{retry_at:%H:%M}"
        super().__init__(
            f"登录尝试次数过多，已暂停受理。请于 {when} 之后再试；如忘记密码，请联系组织部管理员重置。"
        )
        self.retry_at = retry_at
