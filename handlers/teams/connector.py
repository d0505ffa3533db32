"""The Bot Connector as we call it: one method a call, at our pace, every failure a Trouble."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

from bot.domain.names import PersonId, TenantId
from bot.domain.people import Conversation
from handlers.platform import Ambiguous, MessageGone, RoomGone, Trouble
from handlers.teams.pace import MEMBERS, PATIENCE, REACTIONS, WINDOWS, Pace, Windows
from handlers.teams.sdk import Client
from handlers.teams.troubles import trouble

Json = dict[str, Any]
PAGE = 200
MOST_PAGES = 100
CHATS, SIGNS = "chats", "reactions"
"""What is counted for all conversations together."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: where, at whose pace, and what an answer says is missing that only says "not found"."""

    method: str
    at: Conversation
    path: str
    body: Json | None = None
    gate: str = ""
    windows: Windows = WINDOWS
    patience: float = PATIENCE
    missing: type[Trouble] = RoomGone


class Connector:
    """Calls the connector of each conversation's own service address."""

    def __init__(self, client: Client, token: Callable[[str], Awaitable[str]], pace: Pace) -> None:
        """`token`: gives a token, another one than the one it is given."""
        self._client = client
        self._token = token
        self._pace = pace

    async def send(self, to: Conversation, activity: Json, *, thread: str = "", patience: float = PATIENCE) -> str:
        """Posts a message; its id. In a channel `thread` is the first message of a thread."""
        place = f"{to.id};messageid={thread}" if thread else to.id
        targeted = "?isTargetedActivity=true" if (activity.get("recipient") or {}).get("isTargeted") else ""
        path = f"v3/conversations/{quote(place)}/activities{targeted}"
        answer = await self._do(Call("POST", to, path, activity, patience=patience))
        if not (id := answer.get("id")):
            raise Ambiguous("sent without an id")
        return str(id)

    async def update(self, to: Conversation, id: str, activity: Json) -> None:
        """Changes a message in place. Raises MessageGone where it is not there any more."""
        path = f"v3/conversations/{quote(to.id)}/activities/{quote(id)}"
        await self._do(Call("PUT", to, path, {**activity, "id": id}, missing=MessageGone))

    async def react(self, to: Conversation, id: str, sign: str, *, remove: bool) -> None:
        """Puts a reaction under a message, or takes it away."""
        path = f"v3/conversations/{quote(to.id)}/activities/{quote(id)}/reactions/{quote(sign)}"
        await self._do(Call("DELETE" if remove else "PUT", to, path, gate=SIGNS, windows=REACTIONS))

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
        answer = await self._do(Call("POST", at, "v3/conversations", body, gate=CHATS))
        return str(answer.get("id") or "")

    async def members(self, of: Conversation) -> AsyncIterator[list[Json]]:
        """Who is in a conversation, a page at a time."""
        token = ""
        for _ in range(MOST_PAGES):
            more = f"&continuationToken={quote(token)}" if token else ""
            path = f"v3/conversations/{quote(of.id)}/pagedmembers?pageSize={PAGE}{more}"
            answer = await self._do(Call("GET", of, path, gate=f"members {of.id}", windows=MEMBERS))
            yield [one for one in answer.get("members") or [] if isinstance(one, dict)]
            token = str(answer.get("continuationToken") or "")
            if not token:
                return

    async def member(self, of: Conversation, person: str) -> Json:
        """One member of a conversation. Raises RoomGone where they are not in it."""
        path = f"v3/conversations/{quote(of.id)}/members/{quote(person)}"
        return await self._do(Call("GET", of, path, gate=f"members {of.id}", windows=MEMBERS))

    async def upload(self, url: str, content: bytes) -> None:
        """Brings a file to the address Teams gave for it, which takes no token of ours."""
        whole = {"Content-Range": f"bytes 0-{len(content) - 1}/{len(content)}"}
        try:
            await self._client.request("PUT", url, headers=whole, content=content)
        except httpx.HTTPError as error:
            raise trouble(error, "") from error

    async def channels(self, of: Conversation) -> list[Json]:
        """The standard channels of a conversation's team; the general one has no name there."""
        path = f"v3/teams/{quote(of.team)}/conversations"
        answer = await self._do(Call("GET", of, path, gate=f"members {of.team}", windows=MEMBERS))
        return [one for one in answer.get("conversations") or [] if isinstance(one, dict)]

    async def greet(self) -> None:
        """Gets a token: whether the id and the secret are good. Raises TenantDead, Ambiguous."""
        await self._token("")

    async def _do(self, call: Call) -> Json:
        gate = call.gate or call.at.id
        async with self._pace.turn(gate, call.patience, call.windows):
            try:
                answer = await self._answer(call)
            except httpx.HTTPError as error:
                found = trouble(error, gate, call.missing)
                if (seconds := getattr(found, "seconds", None)) is not None:
                    self._pace.rest(gate, seconds)
                raise found from error
        held = answer.json() if answer.content else {}
        return held if isinstance(held, dict) else {}

    async def _answer(self, call: Call) -> httpx.Response:
        """A token that is refused is renewed, once: it may have been revoked before its end."""
        used = await self._token("")
        try:
            return await self._ask(call, used)
        except httpx.HTTPStatusError as refused:
            if refused.response.status_code != httpx.codes.UNAUTHORIZED:
                raise
        return await self._ask(call, await self._token(used))

    async def _ask(self, call: Call, token: str) -> httpx.Response:
        url = f"{call.at.service_url.rstrip('/')}/{call.path}"
        headers = {"Authorization": f"Bearer {token}"}
        return await self._client.request(call.method, url, headers=headers, json=call.body)
