"""What a person can do in Slack, with her own hands, and what she then sees."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from standins.slack import controls, interactions, posting, responses
from standins.slack.delivery import Envelope
from standins.slack.desk import Desk
from standins.slack.elements import MODAL
from standins.slack.interactions import Place
from standins.slack.messages import Message, rich_text, typed
from standins.slack.methods_views import check_view, draw_view
from standins.slack.modals import STATEFUL, Values, View
from standins.slack.wire import Json, NothingThere, Refused, token
from standins.slack.workspace import Channel, Person


@dataclass(slots=True, repr=False)
class Reply:
    """What came of a command, a shortcut, a click or a choice; read again, it tells what is there now."""

    desk: Desk
    person: str
    envelope: Envelope
    trigger: str
    before: int

    def __repr__(self) -> str:
        return f"<reply to {self.envelope}>"

    @property
    def acked(self) -> bool:
        """Say whether the app acknowledged in time."""
        return self.envelope.acked.is_set()

    @property
    def text(self) -> str:
        """Give the text of the acknowledgement, empty when it said nothing."""
        return str(self.envelope.answer.get("text", ""))

    @property
    def blocks(self) -> list[Json]:
        """Give the blocks of the acknowledgement."""
        return list(self.envelope.answer.get("blocks", []))

    @property
    def ephemerals(self) -> list[Message]:
        """List what was shown to this person alone since."""
        return [m for m in self.desk.ephemerals[self.before :] if m.ephemeral_for == self.person]

    @property
    def view(self) -> View | None:
        """Give the modal that was opened for this person in answer, as it is now."""
        stack = self.desk.views.stack(self.person)
        return next((view for view in stack if view.by_trigger == self.trigger), None)


@dataclass(slots=True)
class Submission:
    """What came of a submitted modal."""

    closed: bool
    errors: dict[str, str] = field(default_factory=dict)
    view: View | None = None
    reply: Reply | None = None


class Hands:
    """One person of the workspace; every method returns once the app acknowledged, or raises."""

    def __init__(self, desk: Desk, person: Person) -> None:
        self.desk = desk
        self.person = person
        self._chosen: dict[int, Values] = {}

    def __repr__(self) -> str:
        return f"<{self.person.name} {self.id}>"

    @property
    def id(self) -> str:
        """Give the identifier Slack knows the person by."""
        return self.person.id

    # What she sees --------------------------------------------------------------------------------

    @property
    def view(self) -> View | None:
        """Give the modal in front of her, as Slack holds it now."""
        return self.desk.views.top(self.id)

    @property
    def home(self) -> View | None:
        """Give her home page of the app, None before it was published."""
        return self.desk.views.homes.get(self.id)

    def ephemerals(self, channel: Channel | None = None) -> list[Message]:
        """List what was shown to her alone, in one channel or everywhere."""
        mine = [message for message in self.desk.ephemerals if message.ephemeral_for == self.id]
        return [message for message in mine if channel in (None, message.channel)]

    @property
    def inbox_channel(self) -> Channel:
        """Give her direct messages with the bot."""
        return self.desk.workspace.direct(self.id, self.desk.bot.id)

    def inbox(self) -> list[Message]:
        """List the messages between her and the bot."""
        return self.inbox_channel.messages

    # What she writes ------------------------------------------------------------------------------

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
        if self.id not in channel.members:
            raise NothingThere(f"{self.person.name} is not in {channel.name}")
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
        before = message.payload()
        message.text = self._typed(text)
        message.blocks = rich_text(message.text)
        message.edited = {"user": self.id, "ts": self.desk.workspace.stamp()}
        return await self._after(posting.change(self.desk, message, before), message, wait=wait)

    async def delete(self, message: Message, *, wait: bool = True) -> Message:
        """Take a message of hers away."""
        return await self._after(posting.remove(self.desk, message), message, wait=wait)

    async def react(self, message: Message, name: str, *, wait: bool = True) -> Message:
        """Put a reaction on a message."""
        told = posting.react(self.desk, self.id, message, name, add=True)
        return await self._after(told, message, wait=wait)

    async def unreact(self, message: Message, name: str, *, wait: bool = True) -> Message:
        """Take her reaction away."""
        told = posting.react(self.desk, self.id, message, name, add=False)
        return await self._after(told, message, wait=wait)

    # Where she goes -------------------------------------------------------------------------------

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

    async def open_home(self, tab: str = "home") -> View | None:
        """Open the app's page; give the home view once the app published it."""
        event: Json = {
            "type": "app_home_opened", "user": self.id, "channel": self.inbox_channel.id, "tab": tab,
            "event_ts": self.desk.workspace.stamp(),
        }  # fmt: skip
        if self.home is not None and tab == "home":
            event["view"] = draw_view(self.desk, self.home)
        await self.desk.postbox.wait(*self.desk.tell("app_home_opened", event))
        await self.desk.until(lambda: self.desk.quiet, timeout=self.desk.timing.patience)
        return self.home

    # What she asks the app ------------------------------------------------------------------------

    async def command(self, name: str, text: str = "", *, channel: Channel | None = None) -> Reply:
        """Type a slash command, by default in her direct messages with the bot; not possible in a thread."""
        if name not in self.desk.app.commands:
            raise NothingThere(f"{name} is not a valid command")
        room, before = channel or self.inbox_channel, len(self.desk.ephemerals)
        if self.id not in room.members:
            raise NothingThere(f"{self.person.name} is not in {room.name}")
        reply = await self._reply(*interactions.command(self.desk, self.person, name, text, room), before)
        if reply.envelope.answer:
            self._hear(reply.envelope.answer, room)
        return reply

    async def global_shortcut(self, callback_id: str) -> Reply:
        """Choose a shortcut of the app from the menu of shortcuts."""
        self._declared(callback_id, "global")
        before = len(self.desk.ephemerals)
        return await self._reply(*interactions.shortcut(self.desk, self.person, callback_id, None), before)

    async def message_shortcut(self, callback_id: str, message: Message) -> Reply:
        """Choose a shortcut of the app from the menu of a message."""
        self._declared(callback_id, "message")
        before = len(self.desk.ephemerals)
        return await self._reply(*interactions.shortcut(self.desk, self.person, callback_id, message), before)

    async def click(
        self, place: Place, text: str | None = None, *, action_id: str | None = None, value: str | None = None
    ) -> Reply:
        """Press a button, named by its words, its action or its value; a confirmation is confirmed."""
        block, element = controls.button(self._current(place), self.id, text, action_id, value)
        taken = {name: element[name] for name in ("type", "text", "action_id", "value", "style") if name in element}
        return await self._act(place, taken | {"block_id": block["block_id"]})

    async def choose(  # noqa: PLR0913 - the ways a person finds a field
        self,
        place: Place,
        action_id: str | None = None,
        option: object = None,
        *,
        block: str | None = None,
        label: str | None = None,
        value: object = None,
    ) -> Reply | None:
        """Choose in a menu, tick, pick a date…; None when Slack keeps the choice until the form is sent."""
        wanted = option if value is None else value
        found, element = controls.field(self._current(place), action_id, block, label, wanted)
        drawn = controls.chosen(element, wanted)
        if element["type"] in STATEFUL:
            controls.keep(self._values(place), found, element, drawn)
        if found["type"] == "input" and not found.get("dispatch_action"):
            return None
        named = {"action_id": element["action_id"], "block_id": found["block_id"]}
        if "placeholder" in element:
            named["placeholder"] = element["placeholder"]
        return await self._act(place, drawn | named)

    async def fill(
        self,
        view: View,
        block: str | None = None,
        value: object = None,
        *,
        label: str | None = None,
        action_id: str | None = None,
    ) -> None:
        """Fill a field in, by its block, its label or its action; nothing is sent."""
        found, element = controls.field(self._current(view), action_id, block, label, value)
        controls.keep(view.values, found, element, controls.chosen(element, value))

    async def submit(self, view: View) -> Submission:
        """Press the button that sends a form; the client refuses an incomplete one by itself."""
        self._current(view)
        if errors := controls.unfit(view):
            return Submission(closed=False, errors=errors, view=view)
        before = len(self.desk.ephemerals)
        reply = await self._reply(*interactions.submission(self.desk, self.person, view), before)
        return self._outcome(view, reply)

    async def close(self, view: View, *, everything: bool = False) -> None:
        """Close a modal: Cancel goes back to the one below, the cross (`everything`) closes them all."""
        self._current(view)
        gone = list(reversed(self.desk.views.stack(self.id))) if everything or view.definition.get(
            "clear_on_close") else [view]  # fmt: skip
        told = []
        for each in gone:
            told.append(interactions.closing(self.desk, self.person, each, cleared=len(gone) > 1))
            self.desk.views.pop(each)
        await self.desk.postbox.wait(*filter(None, told))

    # ----------------------------------------------------------------------------------------------

    def _typed(self, text: str) -> str:
        people, channels = self.desk.workspace.people.values(), self.desk.workspace.channels.values()
        return typed(
            text,
            lambda name: next((p.id for p in people if p.name == name), None),
            lambda name: next((c.id for c in channels if c.name == name), None),
        )

    def _declared(self, callback_id: str, kind: str) -> None:
        if not self.desk.app.shortcut(callback_id, kind):
            raise NothingThere(f"the manifest declares no {kind} shortcut {callback_id}")

    def _current(self, place: Place) -> Place:
        gone = not place.open if isinstance(place, View) else place.deleted
        theirs = isinstance(place, View) and place.person != self.id
        if gone or theirs or (isinstance(place, Message) and place.ephemeral_for not in (None, self.id)):
            raise NothingThere(f"{self.person.name} has not got this in front of her")
        return place

    def _values(self, place: Place) -> Values:
        return place.values if isinstance(place, View) else self._chosen.setdefault(id(place), {})

    async def _act(self, place: Place, taken: Json) -> Reply:
        before = len(self.desk.ephemerals)
        sent = interactions.action(self.desk, self.person, place, taken, self._values(place))
        return await self._reply(*sent, before)

    async def _reply(self, envelope: Envelope, trigger: str, before: int) -> Reply:
        await self.desk.postbox.wait(envelope)
        return Reply(self.desk, self.id, envelope, trigger, before)

    async def _after(self, told: list[Envelope], message: Message, *, wait: bool) -> Message:
        if wait:
            await self.desk.postbox.wait(*told)
        return message

    def _hear(self, answer: Json, room: Channel) -> None:
        if not answer.keys() & {"text", "blocks", "attachments"} or answer == {"text": ""}:
            return
        try:
            responses.say(self.desk, answer, room, self.id)
        except Refused as refused:
            self.desk.breach("bad_ack", f"the answer to a command is refused: {refused.facts}")

    def _outcome(self, view: View, reply: Reply) -> Submission:
        answer, views = reply.envelope.answer, self.desk.views
        match answer.get("response_action"):
            case None:
                views.pop(view)
            case "clear":
                views.clear(self.id)
            case "errors":
                return self._errors(view, answer, reply)
            case "update" | "push" as how:
                return self._redrawn(view, how, answer, reply)
            case other:
                self.desk.breach("bad_ack", f"unknown response_action {other}")
        return Submission(closed=not view.open, view=self.view, reply=reply)

    def _errors(self, view: View, answer: Json, reply: Reply) -> Submission:
        errors = answer.get("errors") or {}
        asked = {block["block_id"] for block in view.blocks if block["type"] == "input"}
        if not errors or errors.keys() - asked:
            self.desk.breach("bad_ack", f"errors for {sorted(errors)}, the inputs are {sorted(asked)}")
        return Submission(closed=False, errors=dict(errors), view=view, reply=reply)

    def _redrawn(self, view: View, how: str, answer: Json, reply: Reply) -> Submission:
        try:
            definition = check_view(answer.get("view"), MODAL)
            shown = self.desk.views.update(view, definition) if how == "update" else self.desk.views.push(
                self.id, definition, view.here)  # fmt: skip
        except Refused as refused:
            self.desk.breach("bad_ack", f"{how} is refused: {refused.error} {refused.facts}")
            return Submission(closed=False, view=view, reply=reply)
        return Submission(closed=False, view=shown, reply=reply)
