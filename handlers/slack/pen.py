"""A pen: writes sentences and buttons of the catalogue for one reader, as Slack's text and elements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot.domain.hunt import Hunt
from bot.domain.names import RoomId, sign
from bot.screens import Button, Deed, IdeaLine
from bot.words import Fact, Key, Mention, Raw, RoomLink, Translator, Words
from handlers.desk import wire
from handlers.naming import Names
from handlers.slack import blocks, markup
from handlers.slack.blocks import Json

MOST_LINE = 140
"""Characters of an idea in a list of the board."""
MOST_READ = 600
"""Characters of an idea where it is read in full."""
MOST_ACTIONS = 25


@dataclass(frozen=True, slots=True)
class Pen:
    """For one language and one zone. `mentions`: people may be named without being notified."""

    words: Translator
    zone: str = "UTC"
    mentions: bool = True
    names: Names = field(default_factory=dict)
    """Of people who are not in this workspace: they cannot be mentioned."""

    def say(self, key: str, /, **facts: Fact) -> str:
        """A sentence as mrkdwn."""
        return markup.mrkdwn(self.words.say(key, **facts), self.words, self.zone, mentions=self.mentions)

    def plain(self, key: str, /, **facts: Fact) -> str:
        """A sentence as plain text."""
        return markup.plain(self.words.say(key, **facts), self.words, self.zone)

    def section(self, key: str, /, **facts: Fact) -> Json:
        """A sentence as a paragraph."""
        return blocks.section(self.say(key, **facts))

    def context(self, key: str, /, **facts: Fact) -> Json:
        """A sentence in small print."""
        return blocks.context(self.say(key, **facts))

    def button(self, wanted: Button, place: int = 0) -> Json:
        """A deed as a button, with its question before where it asks for one; `number` in its facts is read aloud."""
        label = self.plain(wanted.label or f"button.{wanted.deed.value}", **wanted.facts)
        confirm = self._confirm(wanted, label) if wanted.confirm else None
        style = "primary" if wanted.main else ""
        number = wanted.facts.get("number")
        spoken = self.plain("spoken.idea", label=Words(label), number=number) if number else ""
        return blocks.button(wire.deed_action(wanted.deed, place), label, wanted.target, style, confirm, spoken)

    def buttons(self, wanted: Iterable[Button]) -> list[Json]:
        """A row of deeds; only the first main one is main."""
        row: list[Json] = []
        for place, one in enumerate(list(wanted)[:MOST_ACTIONS]):
            drawn = self.button(one, place)
            if any(other.get("style") for other in row):
                drawn.pop("style", None)
            row.append(drawn)
        return blocks.actions(row)

    def pager(self, page: int, pages: int) -> list[Json]:
        """[Previous] page 2 of 6 [Next]; nothing for one page."""
        if pages < 2:  # noqa: PLR2004 - one page needs no turning
            return []
        turns = [("page.previous", page - 1)] * (page > 1) + [("page.next", page + 1)] * (page < pages)
        row = [blocks.button(wire.turn_action(to), self.plain(key), str(to)) for key, to in turns]
        return [self.context("page.of", page=page, pages=pages), *blocks.actions(row)]

    def idea(self, line: IdeaLine, most: int = MOST_LINE) -> str:
        """An idea in a list as mrkdwn: its number, its headline, and who stands behind it."""
        told = [self.numbered(line.number, line.headline, most)]
        if line.voices > 1:
            told.append(self.say("idea.voices", n=line.voices))
        if line.author is not None and self.mentions:
            told.append(self.say("idea.author", author=Mention(line.author, self.names.get(line.author, ""))))
        return " · ".join(told)

    def numbered(self, number: int, text: str, most: int = MOST_LINE) -> str:
        """A number in bold and what somebody typed, as mrkdwn; our own words where nothing may be shown."""
        shown = markup.one_line(text, most)
        return f"*{sign(number)}* {markup.typed(shown) if shown else self.say('idea.no_text')}"

    def headline(self, line: IdeaLine, most: int = MOST_LINE) -> Raw | Words:
        """What a list shows of an idea; our own words where its text is not to be shown."""
        shown = markup.one_line(line.headline, min(most, markup.MOST_TYPED))
        return Raw(shown) if shown else Words(self.words.plain("idea.no_text"))

    def note_facts(self, facts: Mapping[str, object]) -> dict[str, Fact]:
        """The facts of a Note: `deed` is a key, `room` a room, people have their names, `n` is there for plurals."""
        held = {name: self._named(fact) if isinstance(fact, Mention) else fact for name, fact in facts.items()}
        if isinstance(deed := held.get("deed"), str):
            held["deed"] = Key(deed)
        if isinstance(room := held.get("room"), str):
            held["room"] = RoomLink(RoomId(room))
        numbers = (held[name] for name in ("n", "least", "most", "cap", "used", "total", "left") if name in held)
        return {"n": next((one for one in numbers if isinstance(one, int)), 0), **held}

    def _named(self, who: Mention) -> Mention:
        return replace(who, name=self.names.get(who.person, who.name))

    def _confirm(self, wanted: Button, label: str) -> Json:
        key = f"confirm.{wanted.deed.value}"
        asked = self.plain(key if self.words.has(key) else "confirm.other", **wanted.facts)
        return blocks.confirmation(self.plain("ask.title"), asked, label, self.plain("ask.no"))


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
