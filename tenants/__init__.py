"""Counties, accounts, and the policies that each county adopts: see README.md."""

from __future__ import annotations

import os

# Piccolo looks its engine up by this name; whoever opens a session has imported this package before.
os.environ.setdefault("PICCOLO_CONF", "migrations.piccolo_conf")
