"""Two demo counties, the same on every machine: see README.md."""

from deploy.demo.seeding import seed

__all__ = ["seed"]
