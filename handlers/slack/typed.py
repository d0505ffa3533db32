"""What people typed in Slack as plain text: unescaped once, mentions by name, links by their true target."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]
Names = Mapping[str, str]
"""A person's id -> the name to read for it."""

SEQUENCE = re.compile(r"<((?:[@#!]|[A-Za-z][A-Za-z0-9+.-]*:)[^<>]*)>")
MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^<>]*)?>")
SHORTCODES = re.compile(r":(?:[a-z0-9_+'-]+)(?:::skin-tone-\d)?:")
MOST_DEPTH = 8
MOST_MENTIONS = 10


def typed_text(message: Json, names: Names) -> str:
    """The words of a message object: from its rich text where it has some, else from its mrkdwn `text`."""
    rich = [block for block in _list(message, "blocks") if block.get("type") == "rich_text"]
    if rich:
        return without_lone_emoji("\n".join(line for block in rich for line in _rich(block, names)).strip())
    return without_lone_emoji(from_mrkdwn(str(message.get("text") or ""), names))


def from_mrkdwn(text: str, names: Names) -> str:
    """Escaped text with control sequences, as Slack stores what was typed, read once."""
    return unescaped(SEQUENCE.sub(lambda found: _sequence(found.group(1), names), text))


def unescaped(text: str) -> str:
    """The three entities Slack uses, in the one order that cannot unescape twice."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def without_lone_emoji(text: str) -> str:
    """Nothing where only emoji codes stand: `:tada: :tada:` is not words."""
    return "" if not SHORTCODES.sub("", text).strip() else text


def mentioned(message: Json) -> tuple[str, ...]:
    """The ids of the people a message mentions, each once, a few at most."""
    found = dict.fromkeys(MENTION.findall(str(message.get("text") or "")))
    return tuple(found)[:MOST_MENTIONS]


def _sequence(inside: str, names: Names) -> str:
    """One control sequence; still escaped, because the whole text is unescaped afterwards."""
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return f"@{names.get(target[1:]) or label or target[1:]}"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!date"):
        return label
    if target.startswith("!"):
        return label if label.startswith("@") else f"@{label or target[1:].split('^')[0]}"
    return _link(target.removeprefix("mailto:"), label)


def _link(target: str, label: str) -> str:
    """The label and the true target where they differ: no link may pretend."""
    return target if not label or label in {target, target.rsplit("://", maxsplit=1)[-1]} else f"{label} ({target})"


def _rich(block: Json, names: Names) -> Iterator[str]:
    for element in _list(block, "elements"):
        yield from _part(element, names)


def _part(element: Json, names: Names) -> Iterator[str]:
    if element.get("type") != "rich_text_list":
        yield _inline(element, names)
        return
    ordered = element.get("style") == "ordered"
    for place, item in enumerate(_list(element, "elements"), 1 + int(element.get("offset") or 0)):
        yield f"{f'{place}.' if ordered else '-'} {_inline(item, names)}"


def _inline(element: Json, names: Names, depth: int = 0) -> str:
    """A section, a quote or preformatted text: its elements one after another."""
    if depth > MOST_DEPTH:
        return ""
    draw = DRAWN.get(str(element.get("type")))
    if draw is not None:
        return draw(element, names)
    return "".join(_inline(child, names, depth + 1) for child in _list(element, "elements"))


def _emoji(element: Json, _: Names) -> str:
    codes = str(element.get("unicode") or "")
    try:
        return "".join(chr(int(code, 16)) for code in codes.split("-")) if codes else f":{element.get('name')}:"
    except (ValueError, OverflowError):
        return ""


DRAWN: Mapping[str, Callable[[Json, Names], str]] = {
    "text": lambda e, _: str(e.get("text") or ""),
    "emoji": _emoji,
    "link": lambda e, _: _link(str(e.get("url") or ""), str(e.get("text") or "")),
    "user": lambda e, names: f"@{names.get(str(e.get('user_id')), '') or e.get('user_id')}",
    "usergroup": lambda e, _: f"@{e.get('usergroup_id')}",
    "channel": lambda e, _: f"#{e.get('name') or e.get('channel_id')}",
    "broadcast": lambda e, _: f"@{e.get('range')}",
    "date": lambda e, _: str(e.get("fallback") or ""),
    "color": lambda e, _: str(e.get("value") or ""),
}


def _list(holder: Json, name: str) -> list[Json]:
    found = holder.get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
