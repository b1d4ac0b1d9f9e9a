"""Response headers that every answer carries, whoever produced it."""

from __future__ import annotations

from litestar.types import Message, Scope

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

HEADERS = {
    "content-security-policy": CSP,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}

# Pages show personal data on shared office machines: nothing may stay in a cache.
UNCACHED = (b"cache-control", b"no-store")

# Whoever has come by https comes by https from then on.
HSTS = (b"strict-transport-security", b"max-age=31536000")

_RAW = [(name.encode(), value.encode()) for name, value in HEADERS.items()]


async def add_headers(message: Message, scope: Scope) -> None:
    """Litestar `before_send` hook: also reaches answers that were made outside the route's own middleware.

    Runs for every answer, so it works on the raw headers; nobody else sets the ones in HEADERS.
    """
    if message["type"] != "http.response.start":
        return
    given = [_secured(each, scope) for each in message["headers"]]
    if _by_https(scope):
        given.append(HSTS)
    cached = any(name.lower() == b"cache-control" for name, _ in given)
    message["headers"] = [*given, *_RAW] if cached else [*given, *_RAW, UNCACHED]


def _secured(header: tuple[bytes, bytes], scope: Scope) -> tuple[bytes, bytes]:
    """A cookie goes back by https only, once it was given out by https (also behind any proxy that says so)."""
    name, value = header
    if name.lower() != b"set-cookie" or b"; secure" in value.lower():
        return header
    return (name, value + b"; Secure") if _by_https(scope) else header


def _by_https(scope: Scope) -> bool:
    # The scheme is right behind trusted proxies only; a forged header harms nobody but its sender.
    return scope["scheme"] == "https" or any(
        name == b"x-forwarded-proto" and value.strip().lower() == b"https" for name, value in scope["headers"]
    )
