"""The platform's own work, written as if for one county: see README.md."""
