"""All tables of the platform, as ordered migrations: see README.md."""
