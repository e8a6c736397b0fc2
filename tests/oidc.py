"""A real OpenID provider for tests: Authlib's own authorization server, over real HTTP, with keys, PKCE and nonces."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify, redirect, request
from joserfc.jwk import KeySet, RSAKey
from werkzeug.serving import make_server

from tests.ports import free_port

CLIENT_ID, CLIENT_SECRET = "lotsen", "a-long-client-secret"


class Client(ClientMixin):
    """Lotsen, as the provider knows it."""

    def __init__(self, redirect_uri: str) -> None:
        self.redirect_uri = redirect_uri

    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method in {"client_secret_basic", "client_secret_post"}

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Code:
    """An authorization code."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)

    def get_redirect_uri(self) -> str:
        return str(self.redirect_uri)

    def get_scope(self) -> str:
        return str(self.scope)

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int | None:
        return None

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None

    def is_expired(self) -> bool:
        return False


class Provider:
    """The provider; whoever comes is signed in as `claims` say. `asked` keeps what was sent to it."""

    def __init__(self, redirect_uri: str) -> None:
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.claims: dict[str, Any] = {"sub": "1", "email": "kim@celle.example", "email_verified": True}
        self.refuse: str | None = None
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"}, private=True)
        self.signing_key = self.key
        self.codes: dict[str, Code] = {}
        self.asked: list[dict[str, str]] = []
        self.client = Client(redirect_uri)
        self.app = self._application()

    def _application(self) -> Flask:
        app, provider = Flask("provider"), self
        server = AuthorizationServer(app, lambda client_id: self.client if client_id == CLIENT_ID else None, _forget)

        class CodeGrant(grants.AuthorizationCodeGrant):
            TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")

            def save_authorization_code(self, code: str, request: Any) -> Code:
                payload = request.payload
                provider.codes[code] = Code(
                    code=code, redirect_uri=payload.redirect_uri, scope=payload.scope, nonce=payload.data.get("nonce"),
                    code_challenge=payload.data.get("code_challenge"),
                    code_challenge_method=payload.data.get("code_challenge_method"), user="kim",
                )  # fmt: skip
                return provider.codes[code]

            def query_authorization_code(self, code: str, client: Client) -> Code | None:
                return provider.codes.get(code)

            def delete_authorization_code(self, authorization_code: Code) -> None:
                provider.codes.pop(authorization_code.code)

            def authenticate_user(self, authorization_code: Code) -> str:
                return str(authorization_code.user)

        class IdToken(OpenIDCode):
            def exists_nonce(self, nonce: str, request: Any) -> bool:
                return any(code.nonce == nonce for code in provider.codes.values())

            def resolve_client_private_key(self, client: Client) -> Any:
                return provider.signing_key

            def get_client_claims(self, client: Client) -> dict[str, Any]:
                return {"iss": provider.issuer}

            def get_client_algorithm(self, client: Client) -> str:
                return "RS256"

            def generate_user_info(self, user: str, scope: str) -> UserInfo:
                return UserInfo(provider.claims)

        server.register_grant(CodeGrant, [IdToken(require_nonce=True), CodeChallenge(required=True)])

        @app.get("/.well-known/openid-configuration")
        def metadata() -> Any:
            return jsonify(
                issuer=provider.issuer,
                authorization_endpoint=f"{provider.issuer}/authorize",
                token_endpoint=f"{provider.issuer}/token",
                jwks_uri=f"{provider.issuer}/jwks",
                response_types_supported=["code"],
                subject_types_supported=["public"],
                id_token_signing_alg_values_supported=["RS256"],
                code_challenge_methods_supported=["S256"],
            )

        @app.get("/jwks")
        def jwks() -> Any:
            return jsonify(KeySet([provider.key]).as_dict(private=False))

        @app.get("/authorize")
        def authorize() -> Any:
            provider.asked.append(request.args.to_dict())
            if provider.refuse:
                target, state = request.args["redirect_uri"], request.args["state"]
                return redirect(f"{target}?error={provider.refuse}&state={state}")
            grant = server.get_consent_grant(end_user="kim")
            return server.create_authorization_response(grant_user="kim", grant=grant)

        @app.post("/token")
        def token() -> Any:
            return server.create_token_response()

        return app


def _forget(_token: Any, _request: Any) -> None:
    """Access tokens are not looked at again."""


@contextmanager
def running(redirect_uri: str) -> Iterator[Provider]:
    """Run a provider until the block ends."""
    provider = Provider(redirect_uri)
    server = make_server("127.0.0.1", provider.port, provider.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
