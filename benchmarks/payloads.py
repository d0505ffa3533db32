"""What Slack sends: a message in the hunt's thread, a choice on a ballot, a command; every one new."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode

import orjson

from benchmarks.load import FORM, JSON, signed
from benchmarks.town import BOARD, ROOM, TEAM, author_of, text_of

Payload = dict[str, Any]


def message(number: int) -> Payload:
    """Somebody answers under the board."""
    text = text_of(number)
    stamp = f"{int(time.time()) - 100}.{number % 1_000_000:06d}"
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {
        "token": "t", "team_id": TEAM, "api_app_id": "A0BENCH", "type": "event_callback",
        "event_id": f"Ev{number:010d}", "event_time": int(time.time()), "is_ext_shared_channel": False,
        "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": "U0BOT", "is_bot": True}],
        "event": {
            "type": "message", "channel": ROOM, "channel_type": "channel", "user": author_of(number), "team": TEAM,
            "text": text, "ts": stamp, "event_ts": stamp, "thread_ts": BOARD, "parent_user_id": "U0BOT",
            "client_msg_id": f"bench-{number}", "blocks": [{"type": "rich_text", "elements": [section]}],
        },
    }  # fmt: skip


def chatter(number: int) -> Payload:
    """Somebody writes in the room, not in the thread: nothing for us."""
    said = message(number)
    del said["event"]["thread_ts"], said["event"]["parent_user_id"]
    return said


def edit(number: int, of: Payload) -> Payload:
    """Somebody edits what they wrote under the board."""
    before, room = of["event"], {"channel": ROOM, "channel_type": "channel"}
    stamp = {"user": before["user"], "ts": f"{int(time.time())}.{number % 1_000_000:06d}"}
    after = {**before, "text": f"{before['text']}, mieux dit", "edited": stamp}
    changed = {"type": "message", "subtype": "message_changed", "message": after, "previous_message": before}
    event = {**changed, **room, "ts": stamp["ts"], "event_ts": stamp["ts"]}
    return {**of, "event_id": f"Ev{number:010d}", "event": event}


def reaction(number: int, of: Payload) -> Payload:
    """Somebody likes a message, with a sign that is none of ours."""
    item = {"type": "message", "channel": ROOM, "ts": of["event"]["ts"]}
    marked = {"type": "reaction_added", "user": author_of(number), "reaction": "thumbsup", "item": item}
    return {**of, "event_id": f"Ev{number:010d}", "event": {**marked, "event_ts": of["event"]["ts"]}}


def mix(low: int, number: int) -> list[Payload]:
    """Of twenty events: ten ideas, five other messages, two edits, three reactions."""
    made: list[Payload] = []
    ideas: list[Payload] = []
    for each in range(low, low + number):
        place = each % 20
        if place < 10:
            made.append(message(each))
            ideas.append(made[-1])
        elif place < 15 or not ideas:
            made.append(chatter(each))
        else:
            of = ideas[-min(len(ideas), 40)]
            made.append(edit(each, of) if place < 17 else reaction(each, of))
    return made


def choice(person: str, view: Payload, number: int, block: int) -> Payload:
    """Somebody chooses dots on one option of their ballot; Slack sends the whole form along."""
    options = [one for one in view["blocks"] if one.get("accessory", {}).get("type") == "static_select"]
    chosen = options[block % len(options)]
    picked = chosen["accessory"]["options"][(number // len(options)) % len(chosen["accessory"]["options"])]
    select = chosen["accessory"]
    return {
        "type": "block_actions", "api_app_id": "A0BENCH", "token": "t", "trigger_id": f"1.{number}",
        "team": {"id": TEAM, "domain": "bench"}, "enterprise": None, "is_enterprise_install": False,
        "user": {"id": person, "username": person, "name": person, "team_id": TEAM},
        "container": {"type": "view", "view_id": f"V{person}"},
        "view": {**view, "id": f"V{person}", "hash": f"{number}", "team_id": TEAM, "state": {"values": {}},
                 "previous_view_id": None, "root_view_id": f"V{person}", "app_id": "A0BENCH", "bot_id": "B0BOT"},
        "actions": [{
            "type": "static_select", "action_id": select["action_id"], "block_id": chosen["block_id"],
            "selected_option": picked, "action_ts": f"{time.time():.6f}{number:06d}",
        }],
    }  # fmt: skip


def event_request(payload: Payload) -> bytes:
    """An event as a signed HTTP request."""
    return signed(orjson.dumps(payload), JSON)


def press_request(payload: Payload) -> bytes:
    """A press as a signed HTTP request."""
    return signed(urlencode({"payload": orjson.dumps(payload).decode()}).encode(), FORM)
