"""What a person asks of the app with her own hands: commands, shortcuts, buttons, fields and forms."""

from __future__ import annotations

from standins.slack import controls, interactions
from standins.slack.delivery import Envelope
from standins.slack.desk import Desk
from standins.slack.eyes import Reply, Submission
from standins.slack.interactions import Place
from standins.slack.messages import Message
from standins.slack.methods_views import draw_view
from standins.slack.modals import STATEFUL, Values, View
from standins.slack.outcomes import hear, outcome
from standins.slack.wire import Json, NothingThere
from standins.slack.workspace import Channel, Person
from standins.slack.writing import Writing


class Hands(Writing):
    """One person of the workspace; every method returns once the app acknowledged, or raises."""

    def __init__(self, desk: Desk, person: Person) -> None:
        super().__init__(desk, person)
        self._chosen: dict[int, Values] = {}

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

    async def command(self, name: str, text: str = "", *, channel: Channel | None = None) -> Reply:
        """Type a slash command, by default in her direct messages with the bot; not possible in a thread."""
        if name not in self.desk.app.commands:
            raise NothingThere(f"{name} is not a valid command")
        room, before = channel or self.inbox_channel, len(self.desk.ephemerals)
        if self.id not in room.members:
            raise NothingThere(f"{self.person.name} is not in {room.name}")
        sent = self._typed(text, labelled=True) if self.desk.app.commands[name].get("should_escape") else text
        reply = await self._reply(*interactions.command(self.desk, self.person, name, sent, room), before)
        if reply.envelope.answer:
            hear(self.desk, reply.envelope.answer, room, self.id)
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

    async def choose(
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
        return outcome(self.desk, view, reply)

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
