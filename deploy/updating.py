"""Bringing the database up to date, with what can go wrong said to the operator."""

from __future__ import annotations

import asyncpg

from core.errors import DomainError
from deploy.problem import Problem
from migrations.migrate import MigrationFailed, migrate
from tenants.database import vault
from tenants.ground.clock import today
from tenants.ground.environment import NotConfigured
from tenants.policies.settle import settle


async def update() -> list[str]:
    """Run the migrations that have not run yet, see that the secret is the one of before, then keep the installed texts of
    policies; a sentence for each thing done.

    Raises Problem; the database is then as it was, or as the migrations have left it.
    """
    try:
        done = await migrate()
        await vault.begin()
        return [*([f"数据库已升级：{'、'.join(done)}。"] if done else []), *await settle(today())]
    except DomainError as refused:
        raise Problem(refused.sentence) from refused
    except (NotConfigured, MigrationFailed) as error:
        raise Problem(str(error)) from error
    except (OSError, asyncpg.InterfaceError) as error:
        raise Problem(
            f"不能连接数据库（{error}）。请检查 DANGWU_OWNER_DATABASE_URL，并确认数据库正在运行。"
        ) from error
    except asyncpg.PostgresError as error:
        raise Problem(f"数据库升级没有完成，数据未作改动。数据库的答复是：{error}") from error
