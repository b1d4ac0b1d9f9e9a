"""What Piccolo looks for: the engine, and the one app whose migrations it runs (found through PICCOLO_CONF)."""

from __future__ import annotations

from piccolo.conf.apps import AppRegistry

from tenants.database.engine import SessionEngine

DB = SessionEngine()
APP_REGISTRY = AppRegistry(apps=["migrations.piccolo_app"])
