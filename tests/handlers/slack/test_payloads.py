"""What Slack sends, kind by kind, from payloads shaped like its own."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.domain.hunt import Capture, Names
from bot.domain.names import PersonId
from handlers.desk import wishes
from handlers.desk.filled import filled
from handlers.desk.listeners_forms import launch_request
from handlers.desk.wire import Field
from handlers.desk.wishes import Fate
from handlers.slack import payloads
from handlers.slack.payloads import Home, Unreadable

HERE = Home("T0HOME", PersonId("U0BOT"))
FOLDER = Path(__file__).parent / "payloads"
NAMES = {"U0ALICE": "Alice"}


def recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize(
    ("name", "fate"),
    [
        ("message_thread_reply", Fate.WRITTEN),
        ("message_channel", Fate.WRITTEN),
        ("message_thread_broadcast", Fate.WRITTEN),
        ("message_file_share", Fate.WRITTEN),
        ("message_direct", Fate.WRITTEN),
        ("message_changed", Fate.EDITED),
        ("message_deleted", Fate.DELETED),
        ("message_tombstone", Fate.DELETED),
        ("message_unfurled", Fate.NOTHING),
        ("message_by_a_bot", Fate.NOTHING),
        ("message_by_an_app", Fate.NOTHING),
        ("message_by_us", Fate.NOTHING),
        ("message_channel_join", Fate.NOTHING),
        ("message_channel_topic", Fate.NOTHING),
    ],
)
def test_every_kind_of_message_has_one_fate(name: str, fate: Fate) -> None:
    assert payloads.said(HERE, recorded(name), NAMES).fate is fate


def test_a_reply_keeps_its_thread_its_words_and_the_clients_own_id() -> None:
    heard = payloads.said(HERE, recorded("message_thread_reply"), NAMES).heard
    assert (heard.tenant, heard.room, heard.message) == ("slack:T0HOME", "C0ROOM", "1763900000.000100")
    assert (heard.thread, heard.author, heard.client_id) == ("1763890000.000100", "U0BRUNO", "0f-1")
    assert heard.text == "A bench & a tree"


def test_an_edit_is_about_the_original_message() -> None:
    heard = payloads.said(HERE, recorded("message_changed"), NAMES).heard
    assert (heard.message, heard.edited, heard.text) == (
        "1763900000.000100",
        "1763900010.000000",
        "A bench and two trees",
    )


def test_a_deletion_is_about_the_original_message() -> None:
    assert payloads.said(HERE, recorded("message_deleted"), NAMES).heard.message == "1763900000.000100"


def test_a_direct_message_is_told_apart() -> None:
    assert payloads.said(HERE, recorded("message_direct"), NAMES).direct
    assert not payloads.said(HERE, recorded("message_channel"), NAMES).direct


def test_somebody_from_another_workspace_is_a_stranger() -> None:
    assert payloads.said(HERE, recorded("message_from_elsewhere"), NAMES).who.stranger
    assert payloads.press(HERE, recorded("block_actions_view")).who.stranger
    assert not payloads.press(HERE, recorded("block_actions_message")).who.stranger


def test_a_command_is_unescaped_once() -> None:
    wish = payloads.command(HERE, recorded("slash_command"))
    assert wish.value == "idea ask <Alice> @alice & co"
    assert (wish.asker.person, wish.place.room, wish.place.trigger) == ("U0BRUNO", "C0ROOM", "13345.1")


def test_a_press_tells_what_and_where() -> None:
    wish = payloads.press(HERE, recorded("block_actions_message"))
    assert (wish.name, wish.value, wish.place.room) == ("deed:add_idea", "aabbccddeeff", "C0ROOM")
    assert wish.place.view is None


def test_a_choice_in_a_form_tells_its_form_and_depth() -> None:
    wish = payloads.press(HERE, recorded("block_actions_view"))
    assert (wish.name, wish.value, wish.block) == ("pick:dots", "1|3|2", "ballot:1:3:0")
    assert wish.place.view is not None
    assert (wish.place.view.depth, wish.place.view.below) == (2, "V1")
    assert wishes.remembered_room(wish.place) == "C0ROOM"


def test_a_filled_form_is_read_field_by_field() -> None:
    view = payloads.submission(HERE, recorded("view_submission")).place.view
    assert view is not None
    form = filled(view)
    assert form.text(Field.QUESTION) == "How do we meet?"
    assert form.lines(Field.THEMES) == ("Food", "Light and air")
    request = launch_request(form)
    assert (request.room, request.dots, request.names) == ("C0ROOM", 5, Names.NONE)
    assert request.collect_until == datetime.fromtimestamp(1763990000, UTC)
    assert request.cofacilitators == ("U0BRUNO", "U0CHLOE")
    assert (request.vote_until, request.cap, request.capture) == (None, 2, Capture.THREAD)


def test_the_same_form_sent_twice_has_one_key_and_other_words_another() -> None:
    body = recorded("view_submission")
    first, again = (payloads.view(recorded("view_submission")) for _ in range(2))
    body["view"]["state"]["values"]["field:question"]["value"]["value"] = "Another"
    other = payloads.view(body)
    assert first
    assert again
    assert other
    assert wishes.sent_once(first) == wishes.sent_once(again) != wishes.sent_once(other)


def test_a_shortcut_carries_its_message() -> None:
    wish = payloads.shortcut(HERE, recorded("message_shortcut"))
    assert (wish.name, wish.place.message, wish.message["user"]) == (
        "idea_from_message",
        "1763900000.000100",
        "U0BRUNO",
    )


def test_a_reaction_is_about_a_message_or_nothing() -> None:
    mark = payloads.marked(HERE, recorded("reaction_added"))
    assert mark is not None
    assert (mark.sign, mark.added, mark.message) == ("bulb", True, "1763900000.000100")
    assert payloads.marked(HERE, recorded("reaction_on_a_file")) is None


def test_rooms_are_found_in_either_shape() -> None:
    assert payloads.room_of(recorded("member_joined_channel")) == "C0ROOM"
    assert payloads.room_of(recorded("channel_rename")) == "C0ROOM"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"event": None},
        {"event": {"type": "message"}},
        {"event": {"type": "message", "channel": "C1"}},
        {"event": {"type": "message", "channel": {"id": "C1"}, "ts": 3}},
        {"event": {"type": "message", "subtype": "message_changed", "channel": "C1", "message": "x"}},
        {"event": {"type": "message", "subtype": "message_deleted", "channel": "C1"}},
    ],
)
def test_a_payload_without_its_parts_is_unreadable_and_nothing_worse(body: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        payloads.said(HERE, body, NAMES)


@pytest.mark.parametrize("state", [None, "x", {"values": 3}, {"values": {"field:text": None}}])
def test_a_strange_state_is_an_empty_form(state: object) -> None:
    view = payloads.view({"view": {"id": "V1", "type": "modal", "state": state}})
    assert view is not None
    assert filled(view).fields == {} or filled(view).text(Field.TEXT) == ""


def test_what_is_kept_of_a_failed_event_holds_no_words() -> None:
    assert b"bench" not in payloads.clipped(recorded("message_thread_reply"))
