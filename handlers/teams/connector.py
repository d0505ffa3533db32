"""The Bot Connector as we call it: one method a call, at our pace, every failure a Trouble."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import quote

import httpx

from bot.domain.names import PersonId, TenantId
from bot.domain.people import Conversation
from handlers.platform import Ambiguous, TenantDead
from handlers.teams.pace import PATIENCE, Pace
from handlers.teams.sdk import Client
from handlers.teams.troubles import trouble

Json = dict[str, Any]
PAGE = 200
MOST_PAGES = 100


class Connector:
    """Calls the connector of each conversation's own service address."""

    def __init__(self, client: Client, token: Callable[[], Awaitable[str]], pace: Pace) -> None:
        self._client = client
        self._token = token
        self._pace = pace

    async def send(self, to: Conversation, activity: Json, *, thread: str = "", patience: float = PATIENCE) -> str:
        """Posts a message; its id. In a channel `thread` is the first message of a thread."""
        await self._pace.turn(to.id, patience)
        place = f"{to.id};messageid={thread}" if thread else to.id
        targeted = "?isTargetedActivity=true" if (activity.get("recipient") or {}).get("isTargeted") else ""
        answer = await self._call("POST", to, f"v3/conversations/{quote(place)}/activities{targeted}", activity)
        if not (id := answer.get("id")):
            raise Ambiguous("sent without an id")
        return str(id)

    async def update(self, to: Conversation, id: str, activity: Json) -> None:
        """Changes a message in place."""
        await self._pace.turn(to.id)
        await self._call("PUT", to, f"v3/conversations/{quote(to.id)}/activities/{quote(id)}", {**activity, "id": id})

    async def react(self, to: Conversation, id: str, sign: str, *, remove: bool) -> None:
        """Puts a reaction under a message, or takes it away."""
        where = f"v3/conversations/{quote(to.id)}/activities/{quote(id)}/reactions/{quote(sign)}"
        await self._call("DELETE" if remove else "PUT", to, where)

    async def open(self, service_url: str, bot: str, person: str, tenant: str) -> str:
        """A person's own chat with the bot: the same one each time."""
        at = Conversation(TenantId(tenant), PersonId(person), "", service_url)
        body = {
            "bot": {"id": bot},
            "members": [{"id": person}],
            "tenantId": tenant,
            "isGroup": False,
            "channelData": {"tenant": {"id": tenant}},
        }
        answer = await self._call("POST", at, "v3/conversations", body)
        return str(answer.get("id") or "")

    async def members(self, of: Conversation) -> AsyncIterator[list[Json]]:
        """Who is in a conversation, a page at a time."""
        token = ""
        for _ in range(MOST_PAGES):
            more = f"&continuationToken={quote(token)}" if token else ""
            answer = await self._call("GET", of, f"v3/conversations/{quote(of.id)}/pagedmembers?pageSize={PAGE}{more}")
            yield [one for one in answer.get("members") or [] if isinstance(one, dict)]
            token = str(answer.get("continuationToken") or "")
            if not token:
                return

    async def member(self, of: Conversation, person: str) -> Json:
        """One member of a conversation. Raises RoomGone where they are not in it."""
        return await self._call("GET", of, f"v3/conversations/{quote(of.id)}/members/{quote(person)}")

    async def upload(self, url: str, content: bytes) -> None:
        """Brings a file to the address Teams gave for it, which takes no token of ours."""
        whole = {"Content-Range": f"bytes 0-{len(content) - 1}/{len(content)}"}
        try:
            await self._client.request("PUT", url, headers=whole, content=content)
        except httpx.HTTPError as error:
            raise trouble(error, "") from error

    async def channels(self, of: Conversation) -> list[Json]:
        """The standard channels of a conversation's team; the general one has no name there."""
        answer = await self._call("GET", of, f"v3/teams/{quote(of.team)}/conversations")
        return [one for one in answer.get("conversations") or [] if isinstance(one, dict)]

    async def greet(self) -> None:
        """Gets a token: whether the id and the secret are good. Raises TenantDead, Ambiguous."""
        await self._bearer()

    async def _call(self, method: str, at: Conversation, path: str, body: Json | None = None) -> Json:
        headers = {"Authorization": f"Bearer {await self._bearer()}"}
        url = f"{at.service_url.rstrip('/')}/{path}"
        try:
            answer = await self._client.request(method, url, headers=headers, json=body)
        except httpx.HTTPError as error:
            found = trouble(error, at.id)
            if (seconds := getattr(found, "seconds", None)) is not None:
                self._pace.rest(at.id, seconds)
            raise found from error
        held = answer.json() if answer.content else {}
        return held if isinstance(held, dict) else {}

    async def _bearer(self) -> str:
        try:
            return await self._token()
        except ValueError as refused:  # the SDK's word for a token it was not given
            known = "invalid_client" in str(refused) or "AADSTS" in str(refused)
            raise (TenantDead if known else Ambiguous)("no token") from refused
        except (httpx.HTTPError, OSError) as away:
            raise Ambiguous(type(away).__name__) from away
