"""A pen: writes sentences and buttons of the catalogue for one reader, as text and actions of a card."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.hunt import Hunt
from bot.domain.names import PersonId, RoomId, sign
from bot.screens import Button, Deed, IdeaLine
from bot.words import Fact, Key, Mention, Raw, RoomLink, Translator, Words
from handlers.desk import wire
from handlers.desk.wire import Form, ViewState
from handlers.teams import elements, markup
from handlers.teams.elements import Json

MOST_LINE = 140
"""Characters of an idea in a list of the board."""
MOST_READ = 600
"""Characters of an idea where it is read in full."""
DO, TO, ASK, FACTS, INSIDE = "do", "to", "ask", "facts", "in"
"""What a button's data holds: what it does, what about, whether to ask first (of what), and the dialog it stands in."""
SUBMIT, CLOSE = "submit", "close"
DAY = "day:"
"""Before a field's name in a form's state: the day as it was typed."""
FETCH: Mapping[str, str] = {"type": "task/fetch"}
MOST_TARGET = 1_500


@dataclass(frozen=True, slots=True)
class Inside:
    """The dialog a button stands in: its form, what it must remember, and a name of its own."""

    form: Form
    state: ViewState
    id: str

    def pack(self) -> list[str]:
        """As a button carries it."""
        return [wire.callback(self.form), self.state.pack(), self.id]


@dataclass(frozen=True, slots=True)
class Pen:
    """For one language and one zone. `inside`: the dialog it draws; None for a message, whose buttons open dialogs."""

    words: Translator
    zone: str = "UTC"
    names: Mapping[PersonId, str] = field(default_factory=dict)
    inside: Inside | None = None

    def say(self, key: str, /, **facts: Fact) -> str:
        """A sentence as card text."""
        return markup.text(self.words.say(key, **facts), self.words, self.names)

    def plain(self, key: str, /, **facts: Fact) -> str:
        """A sentence as plain text."""
        return markup.plain(self.words.say(key, **facts), self.words, self.zone, self.names)

    def text(self, key: str, /, **facts: Fact) -> Json:
        """A sentence as a paragraph."""
        return elements.text(self.say(key, **facts))

    def small(self, key: str, /, **facts: Fact) -> Json:
        """A sentence in small print."""
        return elements.small(self.say(key, **facts))

    # --- buttons

    def does(self, label: str, do: str, to: str = "", *, main: bool = False, inputs: bool = False) -> Json:
        """A button that does `do` about `to`. On a message it opens a dialog; in a dialog it is sent from there."""
        data: Json = {DO: do, TO: to[:MOST_TARGET]}
        data |= {"msteams": dict(FETCH)} if self.inside is None else {INSIDE: self.inside.pack()}
        return elements.submit(label, data, main=main, inputs=inputs)

    def button(self, wanted: Button, *, main: bool = False) -> Json:
        """A deed as a button; `number` in its facts is read aloud with it."""
        label = self.plain(wanted.label or f"button.{wanted.deed.value}", **wanted.facts)
        drawn = self.does(label, wire.deed_action(wanted.deed), wanted.target, main=main)
        if wanted.confirm:
            drawn["data"] |= {ASK: True, FACTS: dict(wanted.facts)}
        number = wanted.facts.get("number")
        return {**drawn, "tooltip": self.plain("spoken.idea", label=Words(label), number=number)} if number else drawn

    def buttons(self, wanted: Iterable[Button]) -> list[Json]:
        """Rows of deeds; only the first main one is main."""
        there = list(wanted)
        first = next((place for place, one in enumerate(there) if one.main), -1)
        return elements.rows([self.button(one, main=place == first) for place, one in enumerate(there)])

    def submits(self, form: Form) -> list[Json]:
        """The button that sends a form."""
        return elements.rows([self.does(self.plain(f"submit.{form.value}"), SUBMIT, main=True, inputs=True)])

    def pager(self, page: int, pages: int, *, inputs: bool = False) -> list[Json]:
        """[Previous] page 2 of 6 [Next]; nothing for one page. `inputs`: what is typed is sent along."""
        if pages < 2:  # noqa: PLR2004 - one page needs no turning
            return []
        turns = [("page.previous", page - 1)] * (page > 1) + [("page.next", page + 1)] * (page < pages)
        row = [self.does(self.plain(key), wire.turn_action(to), inputs=inputs) for key, to in turns]
        return [self.small("page.of", page=page, pages=pages), *elements.rows(row)]

    # --- ideas

    def idea(self, line: IdeaLine, most: int = MOST_LINE) -> str:
        """An idea in a list: its number, its headline, and who stands behind it."""
        told = [self.numbered(line.number, line.headline, most)]
        if line.voices > 1:
            told.append(self.say("idea.voices", n=line.voices))
        if line.author is not None:
            told.append(self.say("idea.author", author=Mention(line.author)))
        return " · ".join(told)

    def numbered(self, number: int, text: str, most: int = MOST_LINE) -> str:
        """A number in bold and what somebody typed; our own words where nothing may be shown."""
        shown = markup.one_line(text, most)
        return f"**{sign(number)}** {markup.typed(shown) if shown else self.say('idea.no_text')}"

    def headline(self, line: IdeaLine, most: int = MOST_LINE) -> Raw | Words:
        """What a list shows of an idea; our own words where its text is not to be shown."""
        shown = markup.one_line(line.headline, min(most, markup.MOST_TYPED))
        return Raw(shown) if shown else Words(self.words.plain("idea.no_text"))

    def note_facts(self, facts: Mapping[str, object]) -> dict[str, Fact]:
        """The facts of a Note: `deed` is a key, `room` a room, and `n` is there for plurals."""
        held = dict(facts)
        if isinstance(deed := held.get("deed"), str):
            held["deed"] = Key(deed)
        if isinstance(room := held.get("room"), str):
            held["room"] = RoomLink(RoomId(room))
        numbers = (held[name] for name in ("n", "least", "most", "cap", "used", "total", "left") if name in held)
        return {"n": next((one for one in numbers if isinstance(one, int)), 0), **held}


BOLD = re.compile(r"\*\*(.+?)\*\*")


def summary(told: Sequence[str]) -> str:
    """The words of a notification: what the card says, without its signs; its moments are told where it is sent."""
    return " ".join(BOLD.sub(r"\1", line) for line in told if line)


def lead_buttons(hunt: Hunt, *, voters: int = 0, eligible: int = 0) -> list[Button]:
    """What a facilitator may do with the hunt as a whole at its present stage."""
    turnout = {"voters": voters, "eligible": eligible}
    close = Button(Deed.CLOSE_VOTE, hunt.id, confirm=True, facts=turnout)
    by_phase = {
        "draft": [Button(Deed.RETRY, hunt.id, main=True)],
        "collecting": [Button(Deed.REVEAL, hunt.id, main=True, confirm=True)],
        "revealed": [Button(Deed.OPEN_VOTE, hunt.id, main=True), Button(Deed.COLLECT_AGAIN, hunt.id)],
        "voting": [close, Button(Deed.RULES, hunt.id), Button(Deed.PAPERS, hunt.id)],
        "closed": [],
    }
    end = [] if hunt.phase.value in {"voting", "closed"} else [Button(Deed.CLOSE_HUNT, hunt.id, confirm=True)]
    return [*by_phase[hunt.phase.value], *end]
