"""The one Piccolo app: its migrations are raw SQL in versions/, so it lists no tables."""

from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig

APP_CONFIG = AppConfig(
    app_name="dangwu",
    migrations_folder_path=str(Path(__file__).parent / "versions"),
    table_classes=[],
)
