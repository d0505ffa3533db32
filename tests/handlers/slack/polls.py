"""Votes as people live them in the stand-in: opened by forms, filled by clicks, and everything that was ever said."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text

from standins.slack import Channel, Hands, Message, View, interactions
from standins.slack.eyes import Reply
from tests.handlers.slack.town import Town

TEXTS = (
    "Open the canteen an hour earlier",
    "Put benches under the lime trees",
    "Lend bicycles to night staff",
    "Paint the corridor in warm colours",
    "Move the weekly meeting to Thursday",
    "Grow herbs on the balcony",
)


def top(hands: Hands) -> View:
    """The form in front of somebody."""
    assert hands.view is not None
    return hands.view


def read(hands: Hands) -> str:
    """What somebody reads in it."""
    return top(hands).visible_text


async def gather(town: Town, texts: Sequence[str] = TEXTS[:4]) -> Message:
    """A hunt whose ideas are revealed; its board."""
    board = await town.launch()
    for words in texts:
        await town.bruno.command("/ideahunt", f"idea {words}", channel=town.room)
    await town.alice.command("/ideahunt", "reveal", channel=town.room)
    return board


async def poll(town: Town, texts: Sequence[str] = TEXTS[:4], **rules: object) -> Message:
    """A vote that is open; its board."""
    board = await gather(town, texts)
    await town.open_vote(**rules)
    return board


async def ballot(hands: Hands, room: Channel) -> View:
    """Opens one's ballot."""
    await hands.command("/ideahunt", "vote", channel=room)
    return top(hands)


def line_of(view: View, number: int) -> dict[str, Any]:
    """The block of an option on the ballot."""
    named = [block for block in view.blocks if block["block_id"].startswith("ballot:")]
    return next(block for block in named if block["block_id"].split(":")[2] == str(number))


async def place(hands: Hands, number: int, dots: int) -> None:
    """Wishes dots on the option of a number."""
    line = line_of(top(hands), number)
    await hands.choose(top(hands), "pick:dots", line["accessory"]["options"][dots]["value"], block=line["block_id"])


async def vote(hands: Hands, room: Channel, **dots: int) -> None:
    """Opens the ballot, places dots (`o1=2`), and closes it without a word."""
    await ballot(hands, room)
    for option, count in dots.items():
        await place(hands, int(option[1:]), count)
    await hands.close(top(hands), everything=True)


async def plainly(hands: Hands, room: Channel) -> None:
    """Asks for the ballot with number fields."""
    await hands.command("/ideahunt", "settings", channel=room)
    await hands.choose(top(hands), block="field:plain_ballot", option=["yes"])
    await hands.submit(top(hands))
    await hands.close(top(hands), everything=True)


async def lead(town: Town, deed: str) -> View:
    """What a button of the facilitator's menu opens."""
    hub = await town.alice.command("/ideahunt", channel=town.room)
    assert hub.view is not None
    reply = await press(town.alice, hub.view, deed)
    assert reply.view is not None
    return reply.view


async def press(hands: Hands, place: View | Message, deed: str) -> Reply:
    """Presses the button of a deed, wherever it stands in its row."""
    shown = [element for block in place.blocks for element in block.get("elements", ())]
    found = next(one for one in shown if one.get("action_id", "").split(":")[:2] == ["deed", deed])
    return await hands.click(place, action_id=found["action_id"], value=found.get("value"))


async def close_vote(town: Town) -> Message:
    """Alice closes the vote; the result in the room."""
    before = len(town.room.messages)
    await town.alice.command("/ideahunt", "close", channel=town.room)
    await town.slack.until(lambda: any("🏆" in m.visible_text for m in town.room.messages[before:]), 15)
    return next(m for m in town.room.messages[before:] if "🏆" in m.visible_text)


async def craft(town: Town, hands: Hands, view: View, *, value: str, action: str = "pick:dots") -> None:
    """Sends a choice nobody was offered, from a form as it was."""
    taken = {
        "type": "static_select",
        "action_id": action,
        "block_id": "crafted",
        "selected_option": {"text": {"type": "plain_text", "text": "x"}, "value": value},
    }
    envelope, _ = interactions.action(town.slack.desk, hands.person, view, taken, view.values)
    await town.slack.desk.postbox.wait(envelope)


async def resend(town: Town, hands: Hands, view: View) -> dict[str, Any]:
    """Sends a form as another device of the same person would, open or not; what was answered."""
    envelope, _ = interactions.submission(town.slack.desk, hands.person, view)
    await town.slack.desk.postbox.wait(envelope)
    return dict(envelope.answer)


def said(town: Town, *people: Hands) -> str:
    """Every message anybody could read, private ones included: the room, inboxes, whispers."""
    told = [message.visible_text for message in town.room.messages]
    for person in (town.alice, town.bruno, *people):
        told += [message.visible_text for message in (*person.inbox(), *person.ephemerals())]
    return "\n".join(told)


def rows(town: Town, query: str) -> list[tuple[object, ...]]:
    """What a query finds in the database itself."""
    with town.storage.begin() as unit:
        return [tuple(row) for row in unit.rounds.connection.execute(text(query))]


def whole_database(town: Town) -> str:
    """Every row of every table that may hold words."""
    tables = ("letter", "audit", "served_request", "failed_event", "cursor", "gate", "message_trace")
    return json.dumps([[str(value) for row in rows(town, f"select * from {name}") for value in row] for name in tables])
