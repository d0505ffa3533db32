"""What a person writes, and where she goes."""

from __future__ import annotations

from typing import Any

from standins.slack import posting
from standins.slack.delivery import Envelope
from standins.slack.eyes import Eyes
from standins.slack.messages import Message, rich_text, typed
from standins.slack.wire import NothingThere, token
from standins.slack.workspace import Channel


class Writing(Eyes):
    """A person who writes, reacts, comes and goes; each returns once the app acknowledged, or raises."""

    async def post(
        self,
        channel: Channel,
        text: str,
        *,
        thread_ts: str | Message | None = None,
        raw: bool = False,
        broadcast: bool = False,
        wait: bool = True,
        **as_is: Any,  # noqa: ANN401 - any field of a message, as a test needs it
    ) -> Message:
        """Post a message; `raw` skips the rewriting of what she typed, `as_is` sets fields of the message.

        `as_is`: blocks, client_msg_id, subtype, bot_id, app_id, files, username, metadata.
        """
        if self.id not in channel.members or channel.archived:
            raise NothingThere(f"{self.person.name} cannot write in {channel.name}")
        words = text if raw else self._typed(text)
        human = as_is.get("bot_id") is None
        message = Message(
            channel, self.desk.workspace.stamp(), self.id, words, team=self.desk.workspace.team,
            thread_ts=thread_ts.ts if isinstance(thread_ts, Message) else thread_ts, broadcast=broadcast,
        )  # fmt: skip
        message.client_msg_id = token(size=16) if human else None
        message.blocks = rich_text(words) if words and human else []
        for name, value in as_is.items():
            if value is not None:
                setattr(message, name, value)
        return await self._after(posting.file(self.desk, message), message, wait=wait)

    async def direct(self, text: str, *, wait: bool = True, **as_is: Any) -> Message:  # noqa: ANN401 - as in `post`
        """Write to the bot."""
        return await self.post(self.inbox_channel, text, wait=wait, **as_is)

    async def edit(self, message: Message, text: str, *, wait: bool = True) -> Message:
        """Change the words of a message of hers."""
        self._own(message)
        before = message.payload()
        message.text = self._typed(text)
        message.blocks = rich_text(message.text)
        message.edited = {"user": self.id, "ts": self.desk.workspace.stamp()}
        return await self._after(posting.change(self.desk, message, before), message, wait=wait)

    async def delete(self, message: Message, *, wait: bool = True) -> Message:
        """Take a message of hers away."""
        self._own(message)
        return await self._after(posting.remove(self.desk, message), message, wait=wait)

    async def react(self, message: Message, name: str, *, wait: bool = True) -> Message:
        """Put a reaction on a message."""
        told = posting.react(self.desk, self.id, message, name, add=True)
        return await self._after(told, message, wait=wait)

    async def unreact(self, message: Message, name: str, *, wait: bool = True) -> Message:
        """Take her reaction away."""
        told = posting.react(self.desk, self.id, message, name, add=False)
        return await self._after(told, message, wait=wait)

    async def invite_bot(self, channel: Channel) -> None:
        """Type `/invite @bot` in a channel."""
        await self.desk.postbox.wait(*posting.enter(self.desk, self.desk.bot.id, channel, self.id))

    async def remove_bot(self, channel: Channel) -> None:
        """Put the bot out of a channel."""
        await self.desk.postbox.wait(*posting.leave(self.desk, self.desk.bot.id, channel))

    async def join(self, channel: Channel) -> None:
        """Enter a channel."""
        await self.desk.postbox.wait(*posting.enter(self.desk, self.id, channel))

    async def leave(self, channel: Channel) -> None:
        """Leave a channel."""
        await self.desk.postbox.wait(*posting.leave(self.desk, self.id, channel))

    async def archive(self, channel: Channel) -> None:
        """Archive a channel."""
        prefix = "group" if channel.private else "channel"
        event = {"type": f"{prefix}_archive", "channel": channel.id, "user": self.id}
        here = self.desk.bot.id in channel.members
        channel.archived = True
        await self.desk.postbox.wait(*(self.desk.tell(event["type"], event) if here else []))

    def _typed(self, text: str, *, labelled: bool = False) -> str:
        people, channels = self.desk.workspace.people.values(), self.desk.workspace.channels.values()
        return typed(
            text,
            lambda name: next((p.id for p in people if p.name == name), None),
            lambda name: next((c.id for c in channels if c.name == name), None),
            labelled=labelled,
        )

    def _own(self, message: Message) -> None:
        if message.user != self.id or message.deleted:
            raise NothingThere(f"{message!r} is not for {self.person.name} to change")

    async def _after(self, told: list[Envelope], message: Message, *, wait: bool) -> Message:
        if wait:
            await self.desk.postbox.wait(*told)
        return message
