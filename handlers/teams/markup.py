"""Sentences as the text of Adaptive Cards: the one place that escapes, so that what people typed stays words.

A TextBlock reads a part of Markdown, `{{DATE(…)}}`, `<at>…</at>` and HTML entities, and knows no escape that every
client honours. Where a typed sign could format, link, mention or be read as an entity, it becomes its look-alike, one
for one; nothing invisible is added.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache

from bot.domain.names import PersonId
from bot.text import clean, shorten
from bot.words import Mention, Moment, Part, Raw, RoomLink, Style, Translator, Words

MOST_TYPED = 300
"""Characters of one typed text inside a sentence; an idea has its own limits where it is listed."""
LOOKALIKES = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"}
AT_AN_EDGE = re.compile(r"`|(?<![^\W_])[*_~]+|[*_~]+(?![^\W_])")
AT_A_START = re.compile(r"^(\s*)([#>]+|[-+](?=\s)|\d+(?=[.)]\s))", re.MULTILINE)
STARTS = {"#": "\uff03", ">": "\u203a", "-": "\u2010", "+": "\uff0b"}
STAMP = re.compile(r"\{\{(?P<what>DATE|TIME)\((?P<at>[0-9T:-]+)Z(?:, (?P<how>\w+))?\)\}\}")
ENTITY = re.compile(r"&(?=#?\w+;)")
ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
COMMAND = "/ideahunt"
MENTION = "@ideahunt"


@lru_cache(maxsize=2_000)
def one_line(text: str, most: int = MOST_TYPED) -> str:
    """What somebody typed as one clean line of at most `most` characters."""
    line = _line(text[: 4 * most])
    if len(line) <= most and len(text) > 4 * most:
        line = _line(text)
    return shorten(line, most)


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def typed(text: str) -> str:
    """What somebody typed, as card text that formats nothing, mentions nobody and hides no link."""
    calm = ESCAPE.sub("\u2216", text)
    calm = AT_AN_EDGE.sub(lambda found: "".join(LOOKALIKES[sign] for sign in found[0]), calm)
    calm = AT_A_START.sub(_started, calm)
    calm = ENTITY.sub("\uff06", calm).replace("{{", "{\u200a{").replace("](", "]\u200a(")
    return calm.replace("<", "\u2039").replace(">", "\u203a")


def _started(found: re.Match[str]) -> str:
    signs = found[2]
    return found[1] + ("".join(STARTS[sign] for sign in signs) if not signs.isdigit() else f"{signs}\u200a")


def text(sentence: Iterable[Part], words: Translator, names: Mapping[PersonId, str]) -> str:
    """A sentence as card text. Nobody is notified: people are named, not mentioned."""
    return "".join(_marked(part, words, names) for part in sentence)


def plain(sentence: Iterable[Part], words: Translator, zone: str, names: Mapping[PersonId, str]) -> str:
    """A sentence where no sign means anything (titles, labels, summaries); moments are told in `zone`."""
    return "".join(_plain(part, words, zone, names) for part in sentence)


def _marked(part: Part, words: Translator, names: Mapping[PersonId, str]) -> str:
    match part:
        case Words(text):
            return text.replace(COMMAND, MENTION)
        case Raw(text):
            return typed(one_line(text))
        case Moment():
            return moment(part, words)
        case Mention():
            return typed(_named(part, words, names))
        case RoomLink():
            return typed(_room(part, words))


def _plain(part: Part, words: Translator, zone: str, names: Mapping[PersonId, str]) -> str:
    match part:
        case Words(text):
            return text.replace(COMMAND, MENTION)
        case Raw(text):
            return one_line(text)
        case Mention():
            return _named(part, words, names)
        case RoomLink():
            return _room(part, words)
        case _:
            return words.flat((part,), zone)


def _named(who: Mention, words: Translator, names: Mapping[PersonId, str]) -> str:
    return one_line(names.get(who.person, "") or who.name) or words.plain("person.somebody")


def _room(link: RoomLink, words: Translator) -> str:
    """A room's name. The id of a conversation, `19:…`, tells nobody anything."""
    return one_line(link.name or ("" if ":" in link.room else link.room)) or words.plain("room.nameless")


def moment(at: Moment, words: Translator) -> str:
    """A moment each client tells in its reader's own zone and language."""
    stamp = f"{at.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    day = f"{{{{DATE({stamp}, {'COMPACT' if at.style == 'date' else 'LONG'})}}}}"
    time = f"{{{{TIME({stamp})}}}}"
    if at.style == "time":
        return time
    return words.plain("moment.both", day=Words(day), time=Words(time)) if at.style == "both" else day


def dated(text: str, words: Translator, zone: str) -> str:
    """Card text for where Teams tells no moment of its own, in a notification: moments are told in `zone`."""

    def told(found: re.Match[str]) -> str:
        at = datetime.fromisoformat(found["at"]).replace(tzinfo=UTC)
        style: Style = "time" if found["what"] == "TIME" else "date" if found["how"] == "COMPACT" else "day"
        return words.flat((Moment(at, style),), zone)

    return STAMP.sub(told, text)
