"""The Teams SDK, taken in by one door: what it does by itself, and what we keep it from doing.

Why each precaution (microsoft-teams-apps 2.1.1):

* Importing it reads the nearest `.env` into the environment, our secrets and everybody's; so that is switched off.
* Its import warns of experimental parts, and warnings are errors where we test.
* `App` takes what it is not told from the environment (an id without a secret silently means a managed identity, and
  one variable opens the door to everybody) and warns of clients of its own; so its parts are put together here: the
  server that verifies tokens, the client that calls.
* Its router answers 500 to activities it does not know, to `data: null` and to a card's own refresh, and a turn that
  fails is a 500; so activities go from its verified front door straight to our inbox (`on_request`).
* Its token check takes two issuers: the Bot Framework, which signs what comes from Teams, and Entra, for agents we are
  none of. Whoever names an Entra tenant makes it fetch that tenant's keys. Only the first one is asked here.
* It fetches keys with a blocking call, whenever an unknown one is named; ours are fetched beside (`keys.py`).
* It tells no more of a refused secret than one word, and keeps a refused token; ours are asked for in `tokens.py`.
* Its client has no timeout; ours has one. It repeats nothing, and neither do we: the outbox does.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from pydantic import SecretStr

from handlers.teams.keys import Keys
from handlers.teams.tokens import Tokens

_BEFORE = os.environ.get("PYTHON_DOTENV_DISABLED")
os.environ["PYTHON_DOTENV_DISABLED"] = "1"
with warnings.catch_warnings():
    warnings.simplefilter("ignore", FutureWarning)
    from microsoft_teams.api import ClientCredentials
    from microsoft_teams.api.auth.cloud_environment import PUBLIC
    from microsoft_teams.apps.auth import TokenValidator
    from microsoft_teams.apps.http import HttpRequest, HttpResponse, HttpRouteHandler, HttpServer
    from microsoft_teams.common import Client, ClientOptions
if _BEFORE is None:
    del os.environ["PYTHON_DOTENV_DISABLED"]
else:
    os.environ["PYTHON_DOTENV_DISABLED"] = _BEFORE

__all__ = ["SERVICE_URL", "Client", "Sdk"]

TIMEOUT = 15.0
SERVICE_URL = "https://smba.trafficmanager.net/teams/"
Take = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
"""Gets a verified activity; gives `status` and, where there is one, `body`."""


class FrontDoor:
    """The SDK's HTTP server without a server: it keeps the SDK's handler, and our own route calls it."""

    def __init__(self) -> None:
        self._handler: HttpRouteHandler | None = None

    def register_route(self, method: str, path: str, handler: HttpRouteHandler) -> None:
        """Called by the SDK with the handler that verifies the token."""
        self._handler = handler

    def serve_static(self, path: str, directory: str) -> None:
        """Nothing is served."""

    async def start(self, port: int) -> None:
        """Ours runs already."""

    async def stop(self) -> None:
        """Ours stops by itself."""

    async def take(self, body: dict[str, Any], headers: dict[str, str]) -> HttpResponse:
        """One request, verified by the SDK, answered by the inbox behind it."""
        assert self._handler is not None
        return await self._handler(HttpRequest(body=body, headers=headers))


class Check:
    """The SDK's check of the Bot Framework's tokens, with keys that are fetched beside it."""

    def __init__(self, validator: TokenValidator, keys: Keys) -> None:
        self._validator = validator
        self._keys = keys
        validator._jwks_client = keys  # type: ignore[assignment]  # noqa: SLF001 - the one place where it fetches

    async def validate_token(self, raw_token: str, service_url: str | None = None) -> dict[str, Any]:
        """As the SDK's own; raises what it raises."""
        await self._keys.learn(raw_token)
        return await self._validator.validate_token(raw_token, service_url)


class Sdk:
    """The parts of the SDK that we use; keys and tokens come from `standin` where there is one."""

    def __init__(self, app_id: str, secret: SecretStr, tenant_id: str, take: Take, standin: str = "") -> None:
        self._take = take
        self._client = Client(ClientOptions(timeout=TIMEOUT))
        known = {"openid_metadata_url": f"{standin}v1/.well-known/openidconfiguration"} if standin else {}
        cloud = replace(PUBLIC, **known)
        entra = standin or f"{cloud.login_endpoint}/{tenant_id}/"
        self.token = Tokens(self._client.http, f"{entra}oauth2/v2.0/token", app_id, secret).token
        self.door = FrontDoor()
        server = HttpServer(self.door)
        server.on_request = self._on_request
        credentials = ClientCredentials(client_id=app_id, client_secret=secret.get_secret_value(), tenant_id=tenant_id)
        server.initialize(credentials, cloud, dangerously_allow_unauthenticated_requests=False)
        checked = TokenValidator.for_service(app_id, cloud=cloud)
        self._keys = Keys(self._client.http, checked.options.jwks_uri)
        server._token_validator = Check(checked, self._keys)  # type: ignore[assignment]  # noqa: SLF001 - else both issuers

    async def _on_request(self, event: Any) -> Any:  # noqa: ANN401 - the SDK's own types
        return await self._take(event.body.model_dump())

    @property
    def client(self) -> Client:
        """The SDK's HTTP client."""
        return self._client

    async def close(self) -> None:
        """Hangs up."""
        self._keys.close()
        await self._client.http.aclose()
