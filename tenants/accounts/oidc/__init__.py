"""Signing in through a provider of the county's choice (OpenID Connect)."""
