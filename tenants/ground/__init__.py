"""Addresses, the clock, Redis and files: what everything stands on."""
