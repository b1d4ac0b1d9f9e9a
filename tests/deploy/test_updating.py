"""`dangwu migrate` where something is in its way: what that is, is said in a sentence, and the database stays as it was."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import asyncpg
import pytest

from tests.conftest import Database
from tests.deploy.test_commands import run

Typed = Callable[..., str]


@pytest.fixture
def migrate(
    own_database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Typed:
    """What it says with these settings; it must end with `code`."""
    for name in ("HOST", "PORT"):
        monkeypatch.setenv(f"DANGWU_{name}", "")

    def typed(code: int = 0, **settings: str) -> str:
        with monkeypatch.context() as here:
            for name, value in settings.items():
                here.setenv(f"DANGWU_{name.upper()}", value)
            assert run("migrate") == code
        printed = capsys.readouterr()
        return printed.out + printed.err

    return typed


async def _asked(made: Database, statement: str) -> object:
    root = await asyncpg.connect(made.superuser_url)
    try:
        return await root.fetchval(statement)
    finally:
        await root.close()


def test_what_is_in_the_way_of_an_upgrade_is_said(migrate: Typed, own_database: Database) -> None:
    migrate()
    assert migrate() == "数据库已是最新版本。\n"
    for wrong, sentence in (
        ({"owner_database_url": ""}, "DANGWU_OWNER_DATABASE_URL"),
        ({"owner_database_url": "postgresql://x@127.0.0.1:1/x"}, "请检查 DANGWU_OWNER_DATABASE_URL，并确认数据库正在运行"),
        ({"owner_database_url": "127.0.0.1:5432"}, "请检查 DANGWU_OWNER_DATABASE_URL"),
        ({"owner_database_url": own_database.app_url}, "数据库升级没有完成，数据未作改动。数据库的答复是："),
        ({"secret": "B" * 43 + "="}, "DANGWU_SECRET 或 DANGWU_CRYPTO 与开始使用这个数据库时的不同"),
        ({"crypto": "sm"}, "DANGWU_SECRET 或 DANGWU_CRYPTO 与开始使用这个数据库时的不同"),
    ):  # fmt: skip
        said = migrate(1, **wrong)
        assert sentence in said, wrong
        assert "Traceback" not in said
    # What has been done already cannot be done twice.
    asyncio.run(_asked(own_database, "delete from migration where name = '0002'"))
    known = asyncio.run(_asked(own_database, "select count(*) from migration"))
    assert "数据库升级没有完成，数据未作改动。" in migrate(1)
    assert asyncio.run(_asked(own_database, "select count(*) from migration")) == known
