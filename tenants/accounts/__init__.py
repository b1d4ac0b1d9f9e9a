"""Accounts, roles, rights, passwords, signing in."""
