"""How Teams brings an activity to the bot: signed, five seconds for an invoke, and again where it failed."""

from __future__ import annotations

from typing import Any

import aiohttp

from standins.teams import cards
from standins.teams.desk import Desk
from standins.teams.eyes import Answer, TaskShown
from standins.teams.tenant import Chat, Kind, Person
from standins.teams.wire import Json, Refused

INVOKE_WITHIN = 5.0
TRIES = 3
"""An invoke is brought at most three times."""
SERVER_ERROR = 500
MOST_TOAST = 1_000


class Delivery:
    """Speaks to the bot."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Hangs up."""
        if self._session is not None:
            await self._session.close()

    # --- bringing

    async def send(self, activity: Json, token: str | None = None) -> Answer:
        """Brings an activity once."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        self._desk.sent.append(activity)
        signed = self._desk.keys.token(self._desk.tenant.app_id, self._desk.base_url) if token is None else token
        headers = {"Authorization": f"Bearer {signed}"} if signed else {}
        async with self._session.post(self._desk.endpoint, json=activity, headers=headers) as answer:
            found: Any = None
            if answer.content_type == "application/json" and await answer.read():
                found = await answer.json()
            if answer.status >= SERVER_ERROR:
                self._desk.breach("server_error", f"{activity.get('type')} {activity.get('name', '')}: {answer.status}")
            return Answer(answer.status, found if isinstance(found, dict) else {})

    async def tell(self, activity: Json) -> Answer:
        """Brings an event or a message."""
        return await self.send(activity)

    async def invoke(self, activity: Json) -> Answer:
        """Brings an invoke until it is answered well, three times at most; reads the dialog in the answer."""
        answer = await self.send(activity)
        for _ in range(TRIES - 1):
            if answer.status < SERVER_ERROR:
                break
            answer = await self.send(activity)
        return self._read(answer)

    def _read(self, answer: Answer) -> Answer:
        task = answer.body.get("task")
        if not isinstance(task, dict):
            if answer.body and "composeExtension" not in answer.body and "statusCode" not in answer.body:
                self._desk.breach("bad_invoke", f"an invoke is answered with {sorted(answer.body)}")
            return answer
        match task.get("type"):
            case "message":
                answer.toast = str(task.get("value"))
                if not answer.toast or len(answer.toast) > MOST_TOAST:
                    self._desk.breach("bad_invoke", "a message of a dialog without words, or with too many")
            case "continue":
                answer.task = self._shown(task.get("value"))
            case other:
                self._desk.breach("bad_invoke", f"task type {other}")
        return answer

    def _shown(self, value: object) -> TaskShown | None:
        if not isinstance(value, dict) or not value.get("title"):
            self._desk.breach("bad_invoke", "a dialog without a title")
            return None
        attached = value.get("card") or {}
        if attached.get("contentType") != cards.CARD:
            self._desk.breach("bad_invoke", "a dialog without a card")
            return None
        try:
            return TaskShown(str(value["title"]), cards.check(attached.get("content")))
        except Refused as refused:
            self._desk.breach("bad_card", f"{refused.code} {refused.message}")
            return None

    # --- activities

    def activity(self, kind: str, chat: Chat, person: Person, **more: object) -> Json:
        """What every activity holds."""
        tenant = self._desk.tenant
        now = tenant.clock()
        conversation: Json = {"id": chat.id, "conversationType": chat.kind.value, "tenantId": tenant.id}
        if chat.kind is not Kind.PERSONAL:
            conversation["isGroup"] = True
        data: Json = {"tenant": {"id": tenant.id}}
        if chat.kind is Kind.CHANNEL:
            data |= {"teamsChannelId": chat.id, "teamsTeamId": chat.team}
            data |= {
                "channel": {"id": chat.id, "name": chat.name},
                "team": {"id": chat.team, "name": f"Team {chat.name}"},
            }
        return {
            "type": kind,
            "id": tenant.message_id(),
            "timestamp": now.isoformat().replace("+00:00", "Z"),
            "localTimezone": person.zone,
            "serviceUrl": self._desk.base_url,
            "channelId": "msteams",
            "from": {"id": person.id, "name": person.name, "aadObjectId": person.object_id},
            "conversation": conversation,
            "recipient": {"id": tenant.bot_id, "name": tenant.bot_name},
            "channelData": data,
            "locale": person.locale,
            "entities": [{"type": "clientInfo", "locale": person.locale, "platform": "Web", "timezone": person.zone}],
            **more,
        }

    async def installed(self, chat: Chat, by: Person, *, added: bool) -> None:
        """Adding and removing is told by two activities, in this order."""
        chat.installed = added
        bot = {"id": self._desk.tenant.bot_id, "name": self._desk.tenant.bot_name}
        changed: Json = {"membersAdded" if added else "membersRemoved": [bot]}
        await self.tell(self.activity("conversationUpdate", chat, by, **changed))
        await self.tell(self.activity("installationUpdate", chat, by, action="add" if added else "remove"))
