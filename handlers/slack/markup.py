"""Sentences as Slack's mrkdwn or plain text: the one place that escapes, so that what people typed stays words.

In mrkdwn three signs make control sequences (`&`, `<`, `>`): they become entities. Slack has no escape for the signs
that format (`*`, `_`, `~`, a back quote, `>` at a line's start), so where they could format they become their
look-alikes, one for one; nothing invisible is added. Every text object also says `verbatim`, so Slack makes no link or
mention out of bare words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from bot.text import clean, shorten
from bot.words import Mention, Moment, Part, Raw, RoomLink, Translator, Words

MOST_TYPED = 300
"""Characters of one typed text inside a sentence; an idea has its own limits where it is listed."""
LOOKALIKES = {"*": "\u2217", "_": "\u02cd", "~": "\u223c", "`": "\u02cb"}
AT_AN_EDGE = re.compile(r"`|(?<![^\W_])[*_~]+|[*_~]+(?![^\W_])")
QUOTES = re.compile(r"^(\s*)(>+)", re.MULTILINE)
PERSON = re.compile(r"[UW][A-Z0-9]+", re.ASCII)
ROOM = re.compile(r"[CG][A-Z0-9]+", re.ASCII)
TOKENS = {"date": "{date}", "time": "{time}", "day": "{date_long}"}


@lru_cache(maxsize=2_000)
def one_line(text: str, most: int = MOST_TYPED) -> str:
    """What somebody typed as one clean line of at most `most` characters; the end of a long text is rarely read.

    Remembered, because every voter's ballot and every drawing of a board shows the same ideas.
    """
    line = _line(text[: 4 * most])
    if len(line) <= most and len(text) > 4 * most:
        line = _line(text)
    return shorten(line, most)


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def escaped(text: str) -> str:
    """The three signs of Slack's control sequences as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(text: str) -> str:
    """What somebody typed, as mrkdwn that formats nothing, mentions nobody and hides no link."""
    quoteless = QUOTES.sub(lambda found: found[1] + "\u203a" * len(found[2]), text)
    calm = AT_AN_EDGE.sub(lambda found: "".join(LOOKALIKES[sign] for sign in found[0]), quoteless)
    return escaped(calm)


def mrkdwn(sentence: Iterable[Part], words: Translator, zone: str, *, mentions: bool = True) -> str:
    """A sentence as mrkdwn. `mentions` False names nobody: a posted message would notify them."""
    return "".join(_marked(part, words, zone, mentions) for part in sentence)


def plain(sentence: Iterable[Part], words: Translator, zone: str) -> str:
    """A sentence for a plain text object, where no sign means anything; moments are told in `zone`."""
    return "".join(one_line(part.text) if isinstance(part, Raw) else words.flat((part,), zone) for part in sentence)


def _marked(part: Part, words: Translator, zone: str, mentions: bool) -> str:
    match part:
        case Words(text):
            return escaped(text)
        case Raw(text):
            return typed(one_line(text))
        case Moment():
            return moment(part, words, zone)
        case Mention(person, name):
            known = mentions and PERSON.fullmatch(person)
            return f"<@{person}>" if known else typed(one_line(name)) or words.plain("person.somebody")
        case RoomLink(room, name):
            return f"<#{room}>" if ROOM.fullmatch(room) else typed(one_line(name or room))


def moment(at: Moment, words: Translator, zone: str) -> str:
    """A moment Slack tells in each reader's zone and language; in `zone` where it cannot."""
    tokens = TOKENS.get(at.style) or words.plain("moment.both", day=Words("{date_long}"), time=Words("{time}"))
    fallback = escaped(words.when(at, zone)).replace("|", "/")
    return f"<!date^{int(at.at.timestamp())}^{tokens}|{fallback}>"
