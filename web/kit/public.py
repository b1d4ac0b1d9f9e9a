"""What can be seen without signing in. Everything else needs a signed-in person: deny by default."""

from __future__ import annotations

PUBLIC: frozenset[tuple[str, str]] = frozenset(
    {
        ("GET", "/sign-in"),
        ("POST", "/sign-in"),
        ("GET", "/sign-in/left"),
        ("GET", "/sign-in/code"),
        ("POST", "/sign-in/code"),
        ("GET", "/sign-in/oidc"),
        ("GET", "/sign-in/oidc/{county}/{provider_id}"),
        ("GET", "/sign-in/oidc/callback"),
        ("GET", "/sign-in/oidc/confirm"),
        ("POST", "/sign-in/oidc/confirm"),
        ("POST", "/sign-in/oidc/{county}/{provider_id}/logout"),
        ("GET", "/sign-in/operator/{county}/{ticket}"),
        ("POST", "/sign-in/operator/{county}/{ticket}"),
        ("POST", "/api/v1/session"),
        ("POST", "/api/v1/oauth/token"),
        ("GET", "/api/v1/openapi.json"),
        ("GET", "/healthz"),
        ("GET", "/metrics"),
        ("GET", "/letters/{token}"),
        ("GET", "/calendar/{token}"),
        ("GET", "/own"),
        ("POST", "/own"),
        ("GET", "/own/{token}"),
        ("POST", "/own/{token}"),
        ("GET", "/static/{file_path}"),
    }
)
"""(method, path template without the types of its parameters): a test compares this list with the routes."""


def is_public(method: str, template: str) -> bool:
    """Whether the route may be used by anybody; HEAD and OPTIONS follow GET, as they show no more."""
    plain = "GET" if method == "HEAD" else method
    return method == "OPTIONS" or (plain, template.rstrip("/") or "/") in PUBLIC
