"""An address that leads nowhere: signed in, one is told so inside the layout; signed out, nothing is told."""

from __future__ import annotations

from typing import NoReturn

from litestar import get
from litestar.params import FromPath

from core.errors import NotFound


@get("/{rest:path}", include_in_schema=False)
async def lost(rest: FromPath[str]) -> NoReturn:
    """Always 404."""
    raise NotFound("没有找到您要的内容：网址可能抄错，也可能已经改动。请从左侧栏目重新进入。")
