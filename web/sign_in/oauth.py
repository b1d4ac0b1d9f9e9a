"""The token endpoint of OAuth 2.0 for programs (RFC 6749 §4.4, client credentials): what a client asks, Authlib judges."""

from __future__ import annotations

import hmac
from collections.abc import Collection

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.errors import UnsupportedGrantTypeError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6749.util import extract_basic_authorization
from litestar import Controller, Response, post

from core.errors import NotFound
from tenants.accounts import bearer
from tenants.accounts.errors import BadToken
from tenants.accounts.tokens import ACCESS_SECONDS
from tenants.database.session import county_session
from web.frame.intake import LARGEST_SIGN_IN
from web.kit.clock import today_of
from web.kit.requests import Request

METHODS = ["client_secret_basic", "client_secret_post"]


class _Client(ClientMixin):
    """A client whose secret has been looked at."""

    def __init__(self, presented: bearer.Presented, scopes: frozenset[str]) -> None:
        self.presented, self.scopes = presented, scopes

    def check_client_secret(self, client_secret: str) -> bool:
        return hmac.compare_digest(client_secret, self.presented.secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in METHODS and endpoint == "token"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == ClientCredentialsGrant.GRANT_TYPE

    def get_allowed_scope(self, scope: Collection[str] | str) -> str:
        return " ".join(sorted(self.scopes & set(scope.split() if isinstance(scope, str) else scope)))


class _Grant(ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS


class _Asked(OAuth2Request):
    """A request of the token endpoint. That it came by TLS is the proxy's to see to, as for all of the platform."""

    def __init__(self, form: dict[str, str], authorization: str) -> None:
        super().__init__(
            "POST", "https://dangwu/api/v1/oauth/token", headers={"Authorization": authorization}
        )
        self.payload = BasicOAuth2Payload(form)
        self.sent = form
        self.authorization = {"Authorization": authorization}

    @property
    def form(self) -> dict[str, str]:
        """What was sent."""
        return self.sent


class _Server(AuthorizationServer):
    """Knows one client at most: that of the request."""

    def __init__(self, client: _Client | None) -> None:
        super().__init__(scopes_supported=sorted(client.scopes) if client else [])
        self._client = client

    def query_client(self, client_id: str) -> _Client | None:  # type: ignore[override]
        return self._client

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""

    def judged(self, asked: _Asked) -> frozenset[str]:
        """What the client may have of what it asks. Raises OAuth2Error."""
        if not _Grant.check_token_endpoint(asked):
            raise UnsupportedGrantTypeError(asked.sent.get("grant_type", ""))
        _Grant(asked, self).validate_token_request()
        assert self._client is not None
        wanted = asked.sent.get("scope")
        return self._client.scopes & frozenset(wanted.split()) if wanted else self._client.scopes


class OAuthApi(Controller):
    """/api/v1/oauth."""

    path = "/oauth"
    tags = ["登录"]

    @post(
        "/token",
        status_code=200,
        request_max_body_size=LARGEST_SIGN_IN,
        exclude_from_csrf=True,
        summary="程序客户端取得访问令牌（OAuth 2.0 client credentials）",
        description="表单：grant_type=client_credentials，可带 scope（能力代号，空格分开）；客户端用 HTTP Basic 或表单证明身份。",
    )
    async def token(self, request: Request) -> Response[dict[str, object]]:
        """An access token of an hour, for a client that shows its secret."""
        sent = await request.form()
        form = {name: value for name, value in sent.items() if isinstance(value, str)}
        asked = _Asked(form, request.headers.get("authorization", ""))
        try:
            return _answer(200, await _issue(request, asked))
        except OAuth2Error as refused:
            status, body, headers = refused()
            return _answer(status, dict(body), dict(headers))


async def _issue(request: Request, asked: _Asked) -> dict[str, object]:
    try:
        presented = _credentials(asked)
    except BadToken:
        _Server(None).judged(asked)
        raise
    async with county_session(presented.county_id):
        opened = await _opened(request, presented)
        scopes = _Server(_Client(presented, opened.scopes) if opened else None).judged(asked)
        assert opened is not None  # else it is judged to be an unknown client
        token = await bearer.fetch(presented, opened, scopes, request.client.host if request.client else "")
        await bearer.fetched(presented, opened.account_id)
    return {
        "access_token": token, "token_type": "Bearer", "expires_in": ACCESS_SECONDS, "scope": " ".join(sorted(scopes)),
    }  # fmt: skip


async def _opened(request: Request, presented: bearer.Presented) -> bearer.Opened | None:
    try:
        opened = await bearer.look(presented, client=True)
        await bearer.owner_of(opened, today_of(request.app.state))
    except (BadToken, NotFound):
        return None
    return opened


def _credentials(asked: _Asked) -> bearer.Presented:
    client_id, secret = extract_basic_authorization(asked.authorization)
    if not client_id:
        client_id, secret = asked.form.get("client_id", ""), asked.form.get("client_secret", "")
    return bearer.read_client(client_id, secret or "")


def _answer(
    status: int, body: dict[str, object], headers: dict[str, str] | None = None
) -> Response[dict[str, object]]:
    kept = {name: value for name, value in (headers or {}).items() if name.lower() == "www-authenticate"}
    return Response(body, status_code=status, headers={**kept, "cache-control": "no-store"})
