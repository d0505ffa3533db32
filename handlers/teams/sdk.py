"""The Teams SDK, taken in by one door: what it does by itself, and what we keep it from doing.

Why each precaution (microsoft-teams-apps 2.1.1):

* Importing it reads the nearest `.env` into the environment, our secrets and everybody's; so that is switched off.
* Its import warns of experimental parts, and warnings are errors where we test.
* `App` takes what it is not told from the environment (an id without a secret silently means a managed identity, and
  one variable opens the door to everybody) and warns of clients of its own; so its parts are put together here: the
  server that verifies tokens, the manager that gets ours, the client that calls.
* Its router answers 500 to activities it does not know, to `data: null` and to a card's own refresh, and a turn that
  fails is a 500; so activities go from its verified front door straight to our inbox (`on_request`).
* Checking a token fetches Microsoft's keys with a blocking call; on the event loop it would hold up Slack's three
  seconds, so it runs in a thread.
* Its client has no timeout; ours has one. It repeats nothing, and neither do we: the outbox does.
"""

from __future__ import annotations

import asyncio
import os
import warnings
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import SecretStr

_BEFORE = os.environ.get("PYTHON_DOTENV_DISABLED")
os.environ["PYTHON_DOTENV_DISABLED"] = "1"
with warnings.catch_warnings():
    warnings.simplefilter("ignore", FutureWarning)
    from microsoft_teams.api import ClientCredentials, TokenCredentials
    from microsoft_teams.api.auth.cloud_environment import PUBLIC
    from microsoft_teams.apps.http import HttpRequest, HttpResponse, HttpRouteHandler, HttpServer
    from microsoft_teams.apps.token_manager import TokenManager
    from microsoft_teams.common import Client, ClientOptions
if _BEFORE is None:
    del os.environ["PYTHON_DOTENV_DISABLED"]
else:
    os.environ["PYTHON_DOTENV_DISABLED"] = _BEFORE

__all__ = ["SERVICE_URL", "Client", "Sdk"]

T = TypeVar("T")
TIMEOUT = 15.0
SERVICE_URL = "https://smba.trafficmanager.net/teams/"
Take = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
"""Gets a verified activity; gives `status` and, where there is one, `body`."""
Token = Callable[[], Awaitable[str]]


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


class Threaded:
    """The SDK's token check, run where it may block."""

    def __init__(self, validator: Any) -> None:  # noqa: ANN401 - the SDK's own class, by its one method
        self._validator = validator
        self._threads = ThreadPoolExecutor(2, "teams-token")

    async def validate_token(self, raw_token: str, service_url: str | None = None) -> dict[str, Any]:
        """As the SDK's own; raises what it raises."""
        checked = self._validator.validate_token(raw_token, service_url)
        return await asyncio.get_running_loop().run_in_executor(self._threads, _driven, checked)

    def close(self) -> None:
        """No more checks."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _driven(work: Coroutine[Any, Any, T]) -> T:
    """A coroutine that awaits nothing, run to its end without a loop."""
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    raise RuntimeError("the SDK's token check waits for something now")


class Sdk:
    """The parts of the SDK that we use; keys and tokens come from `standin` where there is one."""

    def __init__(self, app_id: str, secret: SecretStr, tenant_id: str, take: Take, standin: str = "") -> None:
        self._standin = standin
        self._take = take
        self._secret = secret
        self._app_id = app_id
        self._held = ""
        self._client = Client(ClientOptions(timeout=TIMEOUT))
        keys = {"openid_metadata_url": f"{standin}v1/.well-known/openidconfiguration"} if standin else {}
        cloud = replace(PUBLIC, **keys)
        credentials = (
            TokenCredentials(client_id=app_id, tenant_id=tenant_id, token=self._standin_token)
            if standin
            else ClientCredentials(client_id=app_id, client_secret=secret.get_secret_value(), tenant_id=tenant_id)
        )
        self._tokens = TokenManager(credentials, cloud)
        self._scope = cloud.bot_scope
        self.door = FrontDoor()
        server = HttpServer(self.door)
        server.on_request = self._on_request
        server.initialize(credentials, cloud, dangerously_allow_unauthenticated_requests=False)
        self._check = Threaded(server._token_validator)  # noqa: SLF001 - the one place where it can be made to wait aside
        server._token_validator = self._check  # type: ignore[assignment]  # noqa: SLF001 - the same

    async def _on_request(self, event: Any) -> Any:  # noqa: ANN401 - the SDK's own types
        return await self._take(event.body.model_dump())

    async def token(self) -> str:
        """A token to call the connector with; the SDK keeps it until it ends. Raises ValueError where it is refused."""
        return str(await self._tokens.get_app_token(self._scope))

    async def _standin_token(self, scope: object, tenant: object) -> str:
        """From the stand-in, by the same grant; the SDK keeps Microsoft's tokens, but not these."""
        if self._held:
            return self._held
        form = {
            "grant_type": "client_credentials",
            "client_id": self._app_id,
            "client_secret": self._secret.get_secret_value(),
        }
        answer = await self._client.http.post(f"{self._standin}oauth2/v2.0/token", data=form)
        if answer.is_error:
            raise ValueError("invalid_client")
        self._held = str(answer.json()["access_token"])
        return self._held

    @property
    def client(self) -> Client:
        """The SDK's HTTP client."""
        return self._client

    async def close(self) -> None:
        """Hangs up."""
        self._check.close()
        await self._client.http.aclose()
