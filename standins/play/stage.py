"""The stage of a played day: a room full of people, what is in front of each, and the story being told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from unicodedata import category

from standins.play.clock import PlayClock
from standins.play.day import Actor, Day
from standins.play.narration import day_of, narrate
from standins.play.transcript import Kind, Transcript
from standins.slack import Channel, Hands, Message, Reply, SlackStandin, View

Json = dict[str, Any]
Place = Message | View
COMMAND = "/ideahunt"
PATIENCE = 20.0
"""Seconds anything may take before the play gives up."""
BREATH = timedelta(seconds=3)
"""The board waits this long for more changes before it is drawn."""


class NotSeen(Exception):
    """Somebody looked for something that is not in front of them; the day cannot go on."""


@dataclass(slots=True)
class Stage:
    """Everything a scene needs. `tick` makes the bot's own clock strike; nothing else of the bot is touched."""

    slack: SlackStandin
    day: Day
    clock: PlayClock
    tick: Callable[[], Awaitable[object]]
    story: Transcript
    progress: Callable[[str, int, int], object]
    room: Channel = field(init=False)
    hands: dict[str, Hands] = field(init=False)
    numbers: dict[str, int] = field(default_factory=dict)
    """Key of an idea -> the number the bot shows for it."""
    readings: dict[str, int] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    """What was not as it should be."""

    def __post_init__(self) -> None:
        self.hands = {actor.key: self._enter(actor) for actor in self.day.cast}
        self.room = self.slack.channel(self.day.room, self.hands.values())

    def _enter(self, actor: Actor) -> Hands:
        return self.slack.person(actor.name, name=actor.name, locale=self.day.locale, tz=self.day.zone)

    # --- time ----------------------------------------------------------------------------------------------------

    async def at(self, moment: datetime) -> None:
        """Lets everything under way end, goes ahead to a moment, and lets the bot's clock strike."""
        await self.calm()
        self.clock.jump(moment)
        await self.tick()
        await self.calm()

    async def later(self, seconds: float) -> None:
        """A little later; what is under way may still be."""
        self.clock.jump(self.clock.now() + timedelta(seconds=seconds))

    async def calm(self) -> None:
        """Until the bot has said all it has to say."""
        self.clock.jump(self.clock.now() + BREATH)
        await self.tick()
        await self.slack.settle(PATIENCE)

    async def until(self, condition: Callable[[], object], wanted: str) -> None:
        """Waits for something to be there. Raises NotSeen."""
        try:
            await self.slack.until(condition, PATIENCE)
        except TimeoutError:
            raise NotSeen(wanted) from None

    # --- what is in front of people ------------------------------------------------------------------------------

    @property
    def board(self) -> Message:
        """The hunt's message: the bot's first one in the room. Raises NotSeen."""
        found = next((message for message in self.room.messages if message.bot_id), None)
        if found is None:
            raise NotSeen("the board")
        return found

    def said(self, who: str) -> Iterator[Message]:
        """What the bot said to somebody alone, newest first: in her own conversation or in passing."""
        hands = self.hands[who]
        direct = [message for message in hands.inbox() if message.bot_id and not message.deleted]
        passing = [message for message in hands.ephemerals() if not message.deleted]
        yield from sorted((*direct, *passing), key=lambda message: message.ts, reverse=True)

    def with_button(self, who: str, deed: str) -> Message:
        """The newest private message that offers this. Raises NotSeen."""
        for message in self.said(who):
            if any(_does(button, deed) for button in buttons(message.blocks)):
                return message
        raise NotSeen(f"a message to {who} with the button {deed}")

    # --- gestures ------------------------------------------------------------------------------------------------

    async def press(self, who: str, place: Place, deed: str, value: str | None = None) -> Reply:
        """Presses the button of a deed. Raises NotSeen when it is not offered here."""
        for button in buttons(place.blocks):
            if _does(button, deed) and value in (None, button.get("value")):
                return await self.hands[who].click(place, action_id=button["action_id"], value=button.get("value"))
        raise NotSeen(f"the button {deed} for {who}")

    async def type(self, who: str, words: str) -> Reply:
        """Types the command in the room."""
        return await self.hands[who].command(COMMAND, words, channel=self.room)

    async def form(self, who: str, reply: Reply) -> View:
        """The form that came up. Raises NotSeen."""
        await self.until(lambda: reply.view or self.hands[who].view, f"a form for {who}")
        found = reply.view or self.hands[who].view
        assert found is not None
        return found

    async def send(self, who: str, view: View) -> None:
        """Sends a form. Raises NotSeen with the form's own words when it is refused."""
        done = await self.hands[who].submit(view)
        if done.errors:
            raise NotSeen(f"a form of {who} was refused: {done.errors}")

    async def leave(self, who: str) -> None:
        """Closes whatever window is still open."""
        while (view := self.hands[who].view) is not None:
            await self.hands[who].close(view)

    # --- the story -----------------------------------------------------------------------------------------------

    def name(self, who: str) -> str:
        """Somebody's name."""
        return self.hands[who].person.real_name

    def heading(self, scene: str) -> None:
        """A new part of the story, on its day."""
        at = self.clock.now()
        day = day_of(self.day.language, self.day.zone, at)
        self.story.tell(at, Kind.TITLE, "", narrate(self.day.language, scene, day=day))

    def did(self, who: str, deed: str, **facts: object) -> None:
        """Somebody did something; `who` may be empty for somebody unnamed."""
        name = self.name(who) if who else narrate(self.day.language, "somebody")
        self.story.tell(self.clock.now(), Kind.DID, name, narrate(self.day.language, deed, **facts))

    def did_together(self, all_of: Sequence[str], deed: str) -> None:
        """Several people did the same."""
        names = ", ".join(map(self.name, all_of))
        self.story.tell(self.clock.now(), Kind.DID, names, narrate(self.day.language, deed))

    def saw(self, text: str, lines: int = 3) -> None:
        """What came in front of that person alone."""
        for line in self._shown(text)[:lines]:
            self.story.tell(self.clock.now(), Kind.SAW, "", line)

    def read(self, text: str, lines: int = 6) -> None:
        """What the room reads."""
        for line in self._shown(text)[:lines]:
            self.story.tell(self.clock.now(), Kind.ROOM, f"#{self.day.room}", line)

    def _shown(self, text: str) -> list[str]:
        """The lines of a message, without the question, which would be in each of them, and without its buttons."""
        question = self._question
        plain = (line.replace("*", "").strip() for line in text.splitlines())
        short = (line.replace(question, "…") for line in plain if line != question)
        return [line for line in short if line and not line.startswith(("[", "ideahunt"))]

    @property
    def _question(self) -> str:
        """The question as the bot keeps it: with plain spaces."""
        return " ".join(self.day.question.split())

    def strikes(self, what: str) -> None:
        """The clock strikes."""
        language = self.day.language
        day = day_of(language, self.day.zone, self.clock.now())
        self.story.tell(self.clock.now(), Kind.CLOCK, "", f"{day} — {narrate(language, f'clock.{what}')}")

    def happened(self, what: str, **facts: object) -> None:
        """Something happened by itself."""
        self.story.tell(self.clock.now(), Kind.CLOCK, "", narrate(self.day.language, what, **facts))

    def step(self, name: str, done: int, total: int) -> None:
        """How far a scene has come."""
        self.progress(narrate(self.day.language, f"step.{name}"), done, total)


def buttons(blocks: Iterable[object]) -> Iterator[Json]:
    """Every button, in reading order, folded ones included."""
    for thing in blocks:
        if isinstance(thing, dict):
            if thing.get("type") == "button":
                yield thing
            else:
                yield from buttons(thing.values())
        elif isinstance(thing, list):
            yield from buttons(thing)


def _does(button: Json, deed: str) -> bool:
    action = str(button.get("action_id"))
    return action == deed or action.startswith(f"{deed}:")


def letters(text: str) -> str:
    """A text as its letters and digits only: how two drawings of the same words are compared.

    Signs that only look like letters are left out: the bot shows them in the place of Slack's own signs.
    """
    return "".join(sign for sign in text.casefold() if category(sign) in {"Ll", "Lo", "Nd"})
