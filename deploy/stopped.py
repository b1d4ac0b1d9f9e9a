"""`dangwu plugins reset NAME`: let a plugin run again whose own code was stopped."""

from __future__ import annotations

from deploy.inside import inside
from deploy.problem import Problem
from tenants.database.session import owner_session
from tenants.policies.strangers import stamp


async def reset(plugin: str) -> str:
    """What to print. Raises Problem for a plugin that was not stopped."""
    async with inside(), owner_session() as session:
        if not await stamp.reset(session, plugin):
            stopped = await session.fetch(
                "select plugin from plugin_code where tripped is not null order by plugin"
            )
            names = "、".join(row["plugin"] for row in stopped) or "（没有）"
            raise Problem(f"插件“{plugin}”没有停止运行。已停止运行的有：{names}。")
    return f"插件“{plugin}”可以重新运行，有关档案在下一次巡检时重新核算。"
