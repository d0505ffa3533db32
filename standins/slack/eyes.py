"""What a person sees: her modals, her home page, what was shown to her alone, and what came of a gesture."""

from __future__ import annotations

from dataclasses import dataclass, field

from standins.slack.delivery import Envelope
from standins.slack.desk import Desk
from standins.slack.messages import Message
from standins.slack.modals import View
from standins.slack.wire import Json
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


class Eyes:
    """One person of the workspace, and what is in front of her now."""

    def __init__(self, desk: Desk, person: Person) -> None:
        self.desk = desk
        self.person = person

    def __repr__(self) -> str:
        return f"<{self.person.name} {self.id}>"

    @property
    def id(self) -> str:
        """Give the identifier Slack knows the person by."""
        return self.person.id

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
