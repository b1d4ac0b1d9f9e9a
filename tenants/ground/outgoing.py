"""Calls to servers that a county has named: that host and no other, never inwards, by TLS, with a deadline, of a size.

What a county types is an address that this machine connects to: without these bounds it could ask our own servers.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx

from tenants.ground.traces import span

SECONDS = 10.0
MOST_BYTES = 512 * 1024
VARIABLE = "DANGWU_INTRANET"
"""Networks, by commas, that the operator lets such calls go to though they are not public: the county's own."""

Address = IPv4Address | IPv6Address


class OutgoingRefused(Exception):
    """The call was not made, or its answer not read; the sentence says why."""


async def fetch(
    method: str,
    url: str,
    *,
    host: str,
    form: dict[str, str] | None = None,
    auth: tuple[str, str] | None = None,
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> httpx.Response:
    """The answer, whatever its status; redirects are not followed. Raises OutgoingRefused."""
    transport = _Guarded(host)
    try:
        with span(method, "CLIENT", http__request__method=method, server__address=host) as made:
            async with (
                asyncio.timeout(SECONDS),
                httpx.AsyncClient(
                    transport=transport, trust_env=False, follow_redirects=False, timeout=SECONDS
                ) as client,
            ):
                answer = await client.request(
                    method,
                    url,
                    data=form,
                    auth=auth,
                    content=content,
                    headers={"accept": "application/json", "accept-encoding": "identity", **(headers or {})},
                )
            if made is not None:
                made.set_attribute("http.response.status_code", answer.status_code)
            return answer
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, TimeoutError) as failure:
        raise OutgoingRefused(f"连不上 {host}（{type(failure).__name__}）。") from failure


class _Guarded(httpx.AsyncBaseTransport):
    """Connects to an address that has been looked at, so that no second answer of a name server is believed."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of the one host."""
        if request.url.host != self._host:
            raise OutgoingRefused(f"地址不在 {self._host} 上，没有连接。")
        address = await _permitted(request.url)
        request.extensions = {**request.extensions, "sni_hostname": self._host}
        request.url = request.url.copy_with(host=str(address))
        answer = await self._inner.handle_async_request(request)
        if answer.headers.get("content-encoding", "identity") != "identity":
            # What is packed grows a thousandfold when it is opened, past any bound on what was read.
            await answer.aclose()
            raise OutgoingRefused(f"{self._host} 的回答是压缩过的，没有读。")
        body = b""
        async for part in answer.aiter_raw():
            body += part
            if len(body) > MOST_BYTES:
                await answer.aclose()
                raise OutgoingRefused(f"{self._host} 的回答太长，没有读完。")
        await answer.aclose()
        return httpx.Response(answer.status_code, headers=answer.headers, content=body, request=request)

    async def aclose(self) -> None:
        """Close what is open."""
        await self._inner.aclose()


async def _permitted(url: httpx.URL) -> Address:
    port = url.port or (443 if url.scheme == "https" else 80)
    found = await asyncio.get_running_loop().getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not addresses or not all(map(_allowed, addresses)):
        raise OutgoingRefused(f"{url.host} 在内网。确需连接时，请平台运行维护人员把它的网段列为可以连接的。")
    if url.scheme != "https" and not all(one.is_loopback for one in addresses):
        raise OutgoingRefused(f"{url.host} 的地址不是 https 开头，没有连接。")
    return addresses[0]


def _allowed(address: Address) -> bool:
    plain = _inner(address)
    named = [each for each in map(str.strip, os.environ.get(VARIABLE, "").split(",")) if each]
    return _public(plain) or any(plain in ip_network(each) for each in named)


def _public(address: Address) -> bool:
    """Also not what was for a site alone once (fec0::/10), nor an IPv4 address written out as IPv6 (::a.b.c.d, in ::/8)."""
    inward = isinstance(address, IPv6Address) and (address.is_site_local or address.is_reserved)
    return address.is_global and not address.is_multicast and not inward


_NAT64 = ip_network("64:ff9b::/96")


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 one only carries: by such a one a private host is reached as well."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1] or address
