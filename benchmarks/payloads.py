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


def command(number: int) -> Payload:
    """Somebody asks for help: the lightest command."""
    return {
        "token": "t", "team_id": TEAM, "team_domain": "bench", "channel_id": ROOM, "channel_name": "bench",
        "user_id": author_of(number), "user_name": "somebody", "command": "/ideahunt", "text": "help",
        "api_app_id": "A0BENCH", "is_enterprise_install": "false", "trigger_id": f"2.{number}", "response_url": "",
    }  # fmt: skip


def event_request(payload: Payload) -> bytes:
    """An event as a signed HTTP request."""
    return signed(orjson.dumps(payload), JSON)


def press_request(payload: Payload) -> bytes:
    """A press as a signed HTTP request."""
    return signed(urlencode({"payload": orjson.dumps(payload).decode()}).encode(), FORM)
