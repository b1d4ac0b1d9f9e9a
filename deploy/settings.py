"""All settings, read from environment variables; the table in settings.md is compared with this file by a test."""

from __future__ import annotations

import os
import re
import shutil
from base64 import b64decode
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

import msgspec

from core.secrecy import USUAL, Crypto
from deploy.problem import Problem
from tenants.ground.environment import LEAST_LOG_DAYS, LOG_DAYS
from tenants.ground.mail import is_address, server

PREFIX = "DANGWU_"
SECRET_BYTES = 32
ALIKE = 0.8
"""Of two names (difflib); what else begins so may be of other programs."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One process's settings; field `x_y` is read from DANGWU_X_Y.

    Without a `database_url` the platform runs its own servers in `data` (embedded); `host` and `port` are where the pages are
    served; `plugins` is a folder with further plugins; `floor` names those plugins that belong to the floor, by commas;
    `secret` is base64 of 32 bytes, `crypto` the algorithms that it serves, `new_secret` and `new_crypto` what they are
    changed for (`dangwu secret change`); also base64 is `ledger_key`, by which a worker signs
    the ledger; `trusted_proxies` are addresses and networks, by commas, whose X-Forwarded-For and X-Forwarded-Proto are
    believed; `clamd` is where a virus scanner listens; `office` is LibreOffice's program; after `log_days` readings and
    sign-ins are removed from the ledger; `intranet` are networks, by commas, that calls to providers of sign-ins may go to
    although they are not public; `smtp` is where mail is handed in (smtp://, smtps://), `mail_from` whom it comes from,
    `home` the platform's address as people open it; `hook_hosts` are hosts, by commas, to which counties may push notices;
    `backup_to` is whom backups are sealed for (age1…), `backup_database_url` of servers that are not embedded a role that
    reads all rows (to restore: the database's administrator). `metrics_token` is what Prometheus shows for `/metrics`
    (without one only this machine reads it), `log_format` text or json.
    """

    database_url: str | None = None
    owner_database_url: str | None = None
    redis_url: str | None = None
    data: Path = Path(".dangwu")
    host: str = "127.0.0.1"
    port: int = 8000
    plugins: Path | None = None
    floor: str | None = None
    secret: str | None = None
    crypto: Crypto = USUAL
    new_secret: str | None = None
    new_crypto: Crypto | None = None
    ledger_key: str | None = None
    new_ledger_key: str | None = None
    trusted_proxies: str | None = None
    clamd: str | None = None
    office: str | None = None
    log_days: int = LOG_DAYS
    intranet: str | None = None
    smtp: str | None = None
    mail_from: str | None = None
    home: str | None = None
    hook_hosts: str | None = None
    backup_to: str | None = None
    backup_database_url: str | None = None
    metrics_token: str | None = None
    log_format: Literal["text", "json"] = "text"

    @classmethod
    def read(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """The settings in `environ` (default: this process's). Raises Problem, naming the variable that is wrong."""
        given = os.environ if environ is None else environ
        _refuse_misspelt(given, cls.__struct_fields__)
        values = {field: given[name] for field in cls.__struct_fields__ if given.get(name := variable(field))}
        try:
            read = msgspec.convert(values, cls, strict=False, dec_hook=_path)
        except msgspec.ValidationError as error:
            field = str(error).rsplit("$.", 1)[-1].rstrip("`")
            raise Problem(
                f"环境变量 {variable(field)} 的值“{values.get(field, '')}”不正确。请按 deploy/settings.md 修改。"
            ) from error
        read.check()
        return read

    @property
    def embedded(self) -> bool:
        """Whether the platform runs its own servers."""
        return self.database_url is None

    def environment(self) -> dict[str, str]:
        """The variables that give another process these settings."""
        values = {field: getattr(self, field) for field in self.__struct_fields__}
        return {variable(field): str(value) for field, value in values.items() if value is not None}

    def check(self) -> None:
        """Raise Problem if settings contradict each other."""
        if not 1 <= self.port <= 65535:
            raise Problem(f"端口 DANGWU_PORT={self.port} 不正确。请填写 1 到 65535 之间的数。")
        if self.plugins is not None and not self.plugins.is_dir():
            raise Problem(f"插件目录 {self.plugins} 不存在。请建立该目录，或修改 DANGWU_PLUGINS。")
        for name in ("secret", "new_secret", "ledger_key", "new_ledger_key"):
            if (given := getattr(self, name)) is not None and not _is_secret(given):
                raise Problem(
                    f"{variable(name)} 不正确：应为 32 字节随机数的 base64 编码，可用 openssl rand -base64 32 生成。"
                )
        for name in ("trusted_proxies", "intranet"):
            for each in filter(None, map(str.strip, (getattr(self, name) or "").split(","))):
                if not _is_network(each):
                    raise Problem(
                        f"{variable(name)} 中的“{each}”不是 IP 地址或网段。请写成 127.0.0.1 或 10.0.0.0/8，多个用逗号分开。"
                    )
        if self.clamd is not None and not re.fullmatch(r"unix:///.+|tcp://[^/:]+:\d{1,5}", self.clamd):
            raise Problem(
                f"DANGWU_CLAMD={self.clamd} 不正确。请写成 unix:///路径 或 tcp://主机:端口（clamd 的监听地址）。"
            )
        if self.office is not None and shutil.which(self.office) is None:
            raise Problem(
                f"DANGWU_OFFICE={self.office} 不是可以运行的程序。请写成 LibreOffice 的 soffice 的完整路径。"
            )
        if self.log_days < LEAST_LOG_DAYS:
            raise Problem(
                f"DANGWU_LOG_DAYS={self.log_days} 不正确。日志至少留存六个月（网络安全法），请填写 {LEAST_LOG_DAYS} 以上的天数。"
            )
        self._check_mail()
        missing = [name for name in ("redis_url", "secret") if not self.embedded and not getattr(self, name)]
        if missing:
            names = "、".join(map(variable, missing))
            raise Problem(
                f"已设置 DANGWU_DATABASE_URL（使用外部数据库），还须同时设置 {names}。请按 deploy/settings.md 补上。"
            )

    def _check_mail(self) -> None:
        try:
            found = server(self.smtp or "")
        except ValueError:
            raise Problem(
                "DANGWU_SMTP 不正确。请写成 smtp://用户名:密码@主机:587 或 smtps://用户名:密码@主机:465。"
            ) from None
        if self.mail_from is not None and not is_address(self.mail_from):
            raise Problem(f"DANGWU_MAIL_FROM={self.mail_from} 不是一个邮箱地址。")
        if self.home is not None and not re.fullmatch(r"https?://[^/\s]+/?", self.home):
            raise Problem(f"DANGWU_HOME={self.home} 不正确。请写成 https://dangwu.example.gov.cn，不带路径。")
        if found is not None and not (self.mail_from and self.home):
            raise Problem(
                "设了 DANGWU_SMTP，还须设 DANGWU_MAIL_FROM（发件地址）和 DANGWU_HOME（邮件里链接的网址）。"
            )


def variable(field: str) -> str:
    """The environment variable of a field."""
    return f"{PREFIX}{field.upper()}"


def _refuse_misspelt(given: Mapping[str, str], fields: Sequence[str]) -> None:
    """Raise Problem for a variable that is called almost as a setting: passed over, it would leave things as they are."""
    for name in given:
        field = name.removeprefix(PREFIX).lower()
        if not name.startswith(PREFIX) or field in fields or not given[name]:
            continue
        if like := get_close_matches(field, fields, n=1, cutoff=ALIKE):
            raise Problem(
                f"没有 {name} 这个设置，最接近的是 {variable(like[0])}。请按 deploy/settings.md 改正名称。"
            )


def _is_secret(text: str) -> bool:
    try:
        return len(b64decode(text, validate=True)) == SECRET_BYTES
    except ValueError:
        return False


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _path(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str):
        return Path(value).expanduser()
    raise NotImplementedError(kind)
