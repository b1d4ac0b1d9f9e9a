"""PostgreSQL and Valkey from wheels, run as child processes on one data folder: see README.md."""
