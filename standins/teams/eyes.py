"""What people see: posts with their cards, dialogs, and what an invoke was answered."""

from __future__ import annotations

from dataclasses import dataclass, field

from standins.teams import cards
from standins.teams.wire import Json


@dataclass
class Post:
    """A message in a conversation. `to`: the only person who sees it, where it is targeted."""

    id: str
    author: str
    text: str = ""
    cards: list[Json] = field(default_factory=list)
    root: str = ""
    """The first message of its thread; its own id where it begins one."""
    to: str = ""
    edits: int = 0
    gone: bool = False
    summary: str = ""
    files: list[Json] = field(default_factory=list)
    """File cards: one that asks, or one of a file that is there."""
    reactions: set[str] = field(default_factory=set)
    """The signs the bot put under it."""

    @property
    def said(self) -> str:
        """Everything one reads in it, a line each."""
        return "\n".join([self.text, *(text for card in self.cards for text in cards.texts(card))])

    @property
    def buttons(self) -> list[Json]:
        """Its actions."""
        return [button for card in self.cards for button in cards.buttons(card)]

    def button(self, title: str) -> Json:
        """The action of this title. Raises LookupError with the titles that are there."""
        return found(self.buttons, title)


@dataclass
class TaskShown:
    """A dialog in front of a person; what they typed lies in `typed` until they press."""

    title: str
    card: Json
    typed: dict[str, str] = field(default_factory=dict)
    extension: str = ""
    """The command of the message extension it was opened by."""
    answers: Json = field(default_factory=dict)
    """The value of the invoke that opened it, for what a message extension repeats on submit."""

    @property
    def said(self) -> str:
        """Everything one reads in it, a line each."""
        return "\n".join([self.title, *cards.texts(self.card)])

    @property
    def buttons(self) -> list[Json]:
        """Its actions."""
        return cards.buttons(self.card)

    @property
    def inputs(self) -> dict[str, Json]:
        """Its inputs, by id."""
        return cards.inputs(self.card)

    def button(self, title: str) -> Json:
        """The action of this title. Raises LookupError with the titles that are there."""
        return found(self.buttons, title)

    def fill(self, id: str, value: object) -> None:
        """Types or chooses. Raises LookupError for an input that is not there, ValueError for what cannot be chosen."""
        if id not in self.inputs:
            raise LookupError(f"no input {id}; there are {sorted(self.inputs)}")
        asked = self.inputs[id]
        if asked["type"] == "Input.ChoiceSet" and "choices.data" not in asked:  # else the client looks it up
            offered = {str(one["value"]) for one in asked["choices"]}
            if value and set(str(value).split(",")) - offered:
                raise ValueError(f"{id} offers {sorted(offered)}")
        if asked["type"] == "Input.Text" and len(str(value)) > asked.get("maxLength", 1_000_000):
            raise ValueError(f"{id} takes {asked['maxLength']} characters")
        self.typed[id] = str(value)

    def values(self) -> Json:
        """What the client sends: every input by its id, as text; an empty one is left out, as Teams does."""
        held = {id: self.typed.get(id, str(one.get("value", ""))) for id, one in self.inputs.items()}
        return {id: value for id, value in held.items() if value != ""}


@dataclass
class Answer:
    """What an activity was answered: the status, the body, and the dialog it opened or closed."""

    status: int
    body: Json
    task: TaskShown | None = None
    toast: str = ""

    @property
    def said(self) -> str:
        """Everything one reads of it."""
        return self.task.said if self.task else self.toast


def found(buttons: list[Json], title: str) -> Json:
    """The one action of a title. Raises LookupError."""
    for button in buttons:
        if button.get("title") == title:
            return button
    raise LookupError(f"no button {title!r}; there are {[button.get('title') for button in buttons]}")
