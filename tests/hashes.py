"""Quick hashes: people sign in a thousand times here, and hashing as the product does it is slow on purpose."""

from __future__ import annotations

from argon2 import PasswordHasher

from tenants.accounts import passwords


def quick_hashes() -> None:
    """From now on in this process; what was hashed so before is not outdated."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
