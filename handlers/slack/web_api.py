"""Slack's Web API as we call it: in our own pace, with a deadline, every refusal sorted into a trouble."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.platform import Ambiguous, TooLong, Trouble, Wait
from handlers.slack.pace import PATIENCE, Pace
from handlers.slack.troubles import trouble

Json = dict[str, Any]
DEADLINE = 10.0
"""Seconds for one call; a letter's lease is 60."""
BETWEEN_POSTS = 1.0
PAGE = 200
MOST_PAGES = 100
A_MINUTE: Mapping[str, int] = {
    **dict.fromkeys(("chat.update", "reactions.add", "conversations.history", "conversations.replies"), 45),
    **dict.fromkeys(("conversations.join", "conversations.info"), 45),
    **dict.fromkeys(("reactions.remove", "pins.add", "users.list"), 18),
    **dict.fromkeys(("views.open", "views.push", "views.update", "views.publish"), 90),
    **dict.fromkeys(("users.info", "chat.postEphemeral", "conversations.members"), 90),
    "chat.postMessage": 270,
}
"""Calls a minute, a tenth below Slack's tiers (20, 50, 100) so that its clock and ours need not agree."""


class WebApi:
    """One workspace's Web API. Nothing is repeated here: a repeated post is two posts."""

    def __init__(self, client: AsyncWebClient, pace: Pace) -> None:
        self._client = client
        self._pace = pace

    async def call(
        self,
        method: str,
        *,
        room: str = "",
        deadline: float = DEADLINE,
        patience: float = PATIENCE,
        **args: Any,  # noqa: ANN401 - whatever the method takes
    ) -> Json:
        """The answer of a method. Raises a Trouble. `room` is the room a post goes to."""
        gate = room or method
        await self._turn(method, room, patience)
        try:
            answer = await asyncio.wait_for(self._ask(method, args), deadline)
        except SlackApiError as refused:
            raise self._noted(trouble(method, refused, gate)) from None
        except (SlackRequestError, aiohttp.ClientError, TimeoutError, OSError) as cut:
            raise Ambiguous(type(cut).__name__) from None
        except (AttributeError, ValueError) as strange:  # the SDK on a body that is no object
            raise Ambiguous(f"unreadable answer: {type(strange).__name__}") from None
        return answer

    async def pages(self, method: str, key: str, **args: Any) -> AsyncIterator[list[Any]]:  # noqa: ANN401
        """The pages of a list, as the cursor gives them. Raises TooLong where more would follow than are read."""
        cursor = ""
        for _ in range(MOST_PAGES):
            more: dict[str, Any] = {"cursor": cursor} if cursor else {}
            answer = await self.call(method, limit=PAGE, patience=DEADLINE, **more, **args)
            yield list(answer.get(key) or [])
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return
        raise TooLong(f"{method}: more than {MOST_PAGES} pages")

    async def _turn(self, method: str, room: str, patience: float) -> None:
        if method == "chat.postMessage" and room:
            await self._pace.turn(room, BETWEEN_POSTS, patience)
        if most := A_MINUTE.get(method):
            await self._pace.window(method, most, patience)

    async def _ask(self, method: str, args: Mapping[str, object]) -> Json:
        call = getattr(self._client, SPELT.get(method, method.replace(".", "_")))
        answer = await call(**args)
        return dict(answer.data)

    def _noted(self, found: Trouble) -> Trouble:
        """A pause Slack asked for is kept by every later caller."""
        if isinstance(found, Wait):
            self._pace.rest(found.gate, found.seconds)
        return found


SPELT: Mapping[str, str] = {"files.upload": "files_upload_v2"}
