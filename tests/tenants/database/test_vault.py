"""A process does not work with another secret, or by other algorithms, than its database was begun with."""

from __future__ import annotations

import pytest

from tenants.database import vault
from tenants.database.session import owner_session
from tenants.ground.environment import NotConfigured

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("one_connection")]

OTHER = "b3RoZXIgc2VjcmV0IG9mIHRoZSB0ZXN0cywgMzIgYnl0ZXMh"


@pytest.mark.parametrize(("name", "value"), [("DANGWU_SECRET", OTHER), ("DANGWU_CRYPTO", "sm")])
async def test_whoever_starts_with_another_secret_or_algorithm_is_stopped(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is written that the others could not read; with those of before, all goes on."""
    try:
        await vault.begin()
        with monkeypatch.context() as changed:
            changed.setenv(name, value)
            with pytest.raises(NotConfigured, match="改回原来的值"):
                await vault.begin()
            with pytest.raises(NotConfigured, match=name):
                await vault.check()
        await vault.begin()
        await vault.check()
    finally:
        async with owner_session() as session:
            await session.execute("delete from installation")
        vault.install()
