"""What a person would read: blocks and mrkdwn as plain lines, and who would be pinged by them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from standins.slack.wire import Json

SEQUENCE = re.compile(r"<([^<>|\n]+)(?:\|([^<>\n]*))?>")
PING = re.compile(r"<(?:!(?:channel|here|everyone)|@[UW][A-Z0-9]+|!subteam\^[A-Z0-9]+)(?:\|[^<>]*)?>")


def plain(text: str) -> str:
    """Read mrkdwn: control sequences by their label, entities as characters."""

    def label(match: re.Match[str]) -> str:
        target, shown = match.groups()
        if shown:
            return str(shown)
        return target.lstrip("!") if target[0] == "!" else target

    return SEQUENCE.sub(label, text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def visible_text(text: str, blocks: list[Json]) -> str:
    """Read a message: its blocks when it has some, its text otherwise."""
    return "\n".join(line for block in blocks for line in lines(block) if line) if blocks else plain(text)


def lines(block: Json) -> Iterator[str]:
    """Read one block, a line at a time."""
    drawn = READERS.get(block["type"])
    if drawn is not None:
        yield from drawn(block)


def worded(thing: Json | str | None) -> str:
    """Read a text object, whatever its kind."""
    if thing is None or isinstance(thing, str):
        return thing or ""
    if thing.get("type") == "mrkdwn":
        return plain(thing["text"])
    return str(thing.get("text", ""))


def _element(element: Json) -> str:
    kind = element["type"]
    if kind == "button":
        return f"[{worded(element['text'])}]"
    if kind == "image":
        return str(element.get("alt_text", ""))
    chosen = element.get("initial_option")
    if chosen:
        return f"({worded(chosen['text'])})"
    return worded(element) if kind in {"plain_text", "mrkdwn"} else worded(element.get("placeholder"))


def _section(block: Json) -> Iterator[str]:
    yield worded(block.get("text"))
    yield from (worded(each) for each in block.get("fields", []))
    if "accessory" in block:
        yield _element(block["accessory"])


def _row(block: Json) -> Iterator[str]:
    yield " ".join(filter(None, map(_element, block.get("elements", []))))


def _input(block: Json) -> Iterator[str]:
    yield worded(block["label"])
    yield _element(block["element"])
    yield worded(block.get("hint"))


def _container(block: Json) -> Iterator[str]:
    yield worded(block.get("title"))
    yield worded(block.get("subtitle"))
    for child in block["child_blocks"]:
        yield from lines(child)


def _card(block: Json) -> Iterator[str]:
    yield from (worded(block.get(part)) for part in ("title", "subtitle", "body"))
    yield from map(_element, block.get("actions", []))


def _carousel(block: Json) -> Iterator[str]:
    for card in block["elements"]:
        yield from _card(card)


def _cell(cell: Json) -> str:
    return " ".join(_rich(cell)) if cell["type"] == "rich_text" else str(cell.get("text", ""))


def _table(block: Json) -> Iterator[str]:
    yield str(block.get("caption", ""))
    for row in block["rows"]:
        yield " | ".join(map(_cell, row))


def _chart(block: Json) -> Iterator[str]:
    yield str(block["title"])
    chart = block["chart"]
    for series in chart.get("series", [{"data": chart.get("segments", [])}]):
        yield from (f"{point['label']}: {point['value']}" for point in series["data"])


def _rich(block: Json) -> Iterator[str]:
    for part in block["elements"]:
        if part["type"] == "rich_text_list":
            yield from (f"• {''.join(map(_inline, each['elements']))}" for each in part["elements"])
        else:
            yield "".join(map(_inline, part["elements"]))


def _inline(element: Json) -> str:
    if element["type"] == "user":
        return f"@{element['user_id']}"
    for key in ("text", "fallback", "url", "channel_id", "name", "range"):
        if key in element:
            return str(element[key])
    return ""


def _plan(block: Json) -> Iterator[str]:
    yield worded(block["title"])
    yield from (f"{task['status']}: {worded(task['title'])}" for task in block.get("tasks", []))


READERS: dict[str, Callable[[Json], Iterator[str]]] = {
    "header": _section,
    "section": _section,
    "alert": _section,
    "markdown": lambda block: iter([block["text"]]),
    "actions": _row,
    "context": _row,
    "context_actions": _row,
    "input": _input,
    "container": _container,
    "card": _card,
    "carousel": _carousel,
    "table": _table,
    "data_table": _table,
    "data_visualization": _chart,
    "rich_text": _rich,
    "plan": _plan,
    "image": lambda block: iter([worded(block.get("title")), block["alt_text"]]),
}


def pings(text: str, blocks: list[Json]) -> list[str]:
    """List what would notify somebody, in the fallback text and in every block."""
    return [*PING.findall(text), *(ping for block in blocks for ping in _pings_in(block))]


def _pings_in(thing: object) -> Iterator[str]:
    if isinstance(thing, list):
        for each in thing:
            yield from _pings_in(each)
    elif isinstance(thing, dict):
        kind = thing.get("type")
        if kind == "broadcast":
            yield f"<!{thing.get('range')}>"
        elif kind in {"user", "usergroup"} and ("user_id" in thing or "usergroup_id" in thing):
            yield f"<@{thing.get('user_id') or thing.get('usergroup_id')}>"
        elif kind in {"mrkdwn", "markdown"}:
            yield from PING.findall(str(thing.get("text", "")))
        else:
            for each in thing.values():
                yield from _pings_in(each)
