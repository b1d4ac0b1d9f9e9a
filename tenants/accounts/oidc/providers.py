"""The providers of a county: entered by whoever sees to its security, the secret sealed."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID, uuid4

import msgspec

from core.actor import Actor
from core.errors import Invalid, NotFound
from core.ledger.note import note
from core.secrecy import vault
from core.text import tidy
from tenants.accounts.security import whole_county
from tenants.database.session import current_session

CALLBACK = "/sign-in/oidc/callback"
NO_SUCH = "没有找到这个统一认证，或它已停用。"
_COLUMNS = "id, name, issuer, client_id, home, active"


class Provider(msgspec.Struct, frozen=True):
    """A provider: `issuer` is its address, `home` ours as browsers see it, `client_id` what it calls us."""

    id: UUID
    name: str
    issuer: str
    client_id: str
    home: str
    active: bool

    @property
    def host(self) -> str:
        """The one host that is called."""
        return urlsplit(self.issuer).hostname or ""

    @property
    def redirect_uri(self) -> str:
        """Where it sends browsers back to; has to be entered there."""
        return self.home + CALLBACK


async def providers(*, active: bool = True) -> list[Provider]:
    """Those of the county, by name; also those switched off with `active` False."""
    rows = await current_session().fetch(
        f"select {_COLUMNS} from oidc_provider where active or not $1 order by name, id", active
    )
    return [Provider(**dict(row)) for row in rows]


async def provider(provider_id: UUID) -> Provider:
    """One that is in use. Raises NotFound."""
    for one in await providers():
        if one.id == provider_id:
            return one
    raise NotFound(NO_SUCH)


async def secret_of(one: Provider) -> str:
    """What we prove ourselves with to it."""
    sealed: bytes = await current_session().fetchval("select secret from oidc_provider where id = $1", one.id)
    return vault().open(_field(one.id), sealed).decode()


async def add(actor: Actor, *, name: str, issuer: str, client_id: str, secret: str, home: str) -> UUID:
    """A further one. Raises Forbidden, Invalid (fields)."""
    whole_county(actor)
    name, issuer, home = tidy(name), issuer.strip(), home.strip().rstrip("/")
    fields = {field: f"请填写{title}。" for field, title, value in (
        ("name", "名称", name), ("client_id", "client_id", client_id), ("secret", "client_secret", secret)) if not value
    }  # fmt: skip
    for field, value in (("issuer", issuer), ("home", home)):
        if not _is_address(value):
            fields[field] = "请填写完整的地址，例如 https://sso.example.gov.cn，不带查询部分。"
    if fields:
        raise Invalid("".join(fields.values()), fields=fields)
    made = uuid4()
    await current_session().execute(
        "insert into oidc_provider (id, name, issuer, client_id, secret, home, by_id, by_name)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        made, name, issuer, client_id, vault().seal(_field(made), secret.encode()), home, actor.id, actor.name,
    )  # fmt: skip
    await note(actor, "security.provider-added", "county", current_session().county_id, issuer=issuer)
    return made


async def switch(actor: Actor, provider_id: UUID, active: bool) -> None:
    """Off: nobody signs in through it from now on; on again. Raises Forbidden, NotFound."""
    if all(one.id != provider_id for one in await providers(active=False)):
        raise NotFound(NO_SUCH)
    whole_county(actor)
    await current_session().execute("update oidc_provider set active = $2 where id = $1", provider_id, active)
    await note(
        actor,
        "security.provider-switched",
        "county",
        current_session().county_id,
        provider=provider_id,
        active=active,
    )


def _field(provider_id: UUID) -> str:
    return f"oidc.secret {provider_id}"


def _is_address(text: str) -> bool:
    """Plain http is entered for tests and for this very machine; ground/outgoing connects to no other by it."""
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        return False
    whole = (
        parts.scheme in ("http", "https") and bool(parts.hostname) and text.isascii() and text.isprintable()
    )
    return whole and not (parts.query or parts.fragment or parts.username or " " in text)
