"""Activities as Teams writes them, read into small values; nothing in them is trusted."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.domain.names import TenantId
from handlers.desk import wire
from handlers.teams import payloads
from handlers.teams.payloads import Home

RECORDED = Path(__file__).parent / "payloads"
APP, TENANT = "00000000-0000-4000-8000-00000000beef", "00000000-0000-4000-8000-000000007e2a"
HOME = Home(TenantId(f"teams:{TENANT}"), APP, (TENANT,))
NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)


def recorded(name: str) -> dict[str, Any]:
    held: dict[str, Any] = json.loads((RECORDED / f"{name}.json").read_text("utf-8"))
    return held


def test_a_mention_is_a_command_without_the_bots_name() -> None:
    body = recorded("message_mention")
    assert payloads.mentions_us(HOME, body)
    wish = payloads.command(HOME, body)
    assert (wish.value, wish.place.direct) == ("new", False)
    assert str(wish.place.room).endswith("@thread.tacv2")
    assert wish.place.answer_to.startswith("29:")


def test_a_mention_whose_words_are_not_told_beside_it_is_one_all_the_same() -> None:
    body = recorded("message_mention")
    (one,) = [one for one in body["entities"] if one["type"] == "mention"]
    said = payloads.typed(HOME, body)
    for text in ("", None):
        assert payloads.typed(HOME, {**body, "entities": [{**one, "text": text}]}) == said
    assert payloads.typed(HOME, {"text": said, "entities": [{**one, "text": ""}]}) == said


def test_people_are_known_by_their_object_id_and_speak_as_they_last_did() -> None:
    told = payloads.as_told(HOME, recorded("message_reply_mention"), NOW)
    assert (told.id, told.name) == ("00000000-0000-0000-0000-000000000002", "Bruno")
    assert (told.locale, told.zone, told.seen_at) == ("fr-FR", "Europe/Paris", NOW)


def test_a_reply_stands_in_the_thread_of_its_root_and_a_message_of_its_own_in_none() -> None:
    reply = payloads.heard(HOME, recorded("message_reply_mention"))
    assert reply.thread is not None
    assert reply.text == "Un banc près de la mare, avec Alice"
    assert payloads.heard(HOME, recorded("message_without_mention")).thread is None


def test_an_edit_carries_its_moment_and_keeps_the_messages_id() -> None:
    first, edit = (payloads.heard(HOME, recorded(name)) for name in ("message_reply_mention", "message_update"))
    assert first.message == edit.message
    assert (first.edited, bool(edit.edited)) == ("", True)
    assert edit.text == "Deux bancs près de la mare"


def test_a_personal_chat_is_kept_under_the_person_and_a_channel_under_itself() -> None:
    own = payloads.conversation(HOME, recorded("message_personal"))
    assert own is not None
    assert own.place == "00000000-0000-0000-0000-000000000002"
    room = payloads.conversation(HOME, recorded("message_mention"))
    assert room is not None
    assert room.place == room.id
    assert room.team.startswith("19:")
    assert payloads.owns(room.place)
    assert payloads.owns(own.place)
    assert not payloads.owns("U0ANNA")


def test_a_press_in_a_dialog_brings_its_form_and_what_was_typed() -> None:
    wish = payloads.press(HOME, recorded("task_submit"), "Europe/Paris")
    view = wish.place.view
    assert view is not None
    assert wire.form_of(wish.name) is wire.Form.LAUNCH
    assert view.state["field:question"] == "How might we make mornings calmer?"
    assert view.state["field:room"] == wish.place.room


def test_a_press_on_a_card_brings_its_deed() -> None:
    wish = payloads.press(HOME, recorded("task_fetch"), "UTC")
    assert wire.deed_of(wish.name) is not None
    assert wish.place.view is None


def test_a_message_of_the_menu_brings_its_author_and_its_words() -> None:
    saved = payloads.saved(recorded("compose_extension_fetch_message"))
    assert saved is not None
    assert (saved.text, saved.author) == ("Une <b>soupe</b> le lundi", "00000000-0000-0000-0000-000000000001")


@pytest.mark.parametrize(
    ("day", "hour", "zone", "at"),
    [
        ("2026-12-24", "17:30", "Europe/Paris", datetime(2026, 12, 24, 16, 30, tzinfo=UTC)),
        ("2026-07-14", "", "Europe/Paris", datetime(2026, 7, 14, 16, 0, tzinfo=UTC)),
        ("2026-12-24", "17:30", "UTC", datetime(2026, 12, 24, 17, 30, tzinfo=UTC)),
    ],
)
def test_a_day_and_a_time_are_one_moment_in_the_persons_zone(day: str, hour: str, zone: str, at: datetime) -> None:
    id = "field:collect_until"
    assert payloads.moments({id: day, f"time:{id}": hour}, zone) == {id: str(int(at.timestamp()))}


@pytest.mark.parametrize(("day", "moment"), [("", ""), ("soon", "?"), ("2026-13-45", "?")])
def test_a_day_that_is_none_is_no_moment_and_told(day: str, moment: str) -> None:
    assert payloads.moments({"field:closes_at": day}, "UTC") == {"field:closes_at": moment}


@pytest.mark.parametrize(
    ("day", "hour", "zone", "sent"),
    [
        ("0001-01-01", "00:00", "Europe/Paris", 0),
        ("0001-01-01", "", "UTC", 0),
        ("9999-12-31", "18:00", "America/Los_Angeles", payloads.FARTHEST),
    ],
)
def test_a_day_at_the_ends_of_the_calendar_is_a_moment_the_form_refuses(
    day: str, hour: str, zone: str, sent: int
) -> None:
    id = "field:closes_at"
    assert payloads.moments({id: day, f"time:{id}": hour}, zone) == {id: str(sent)}


def test_html_becomes_words_a_line_for_each_paragraph() -> None:
    content = '<p>One <at id="0">Alice</at></p><p>two &amp; three<br>four</p><ul><li>five</li></ul>'
    assert payloads.words(content) == "One @Alice\ntwo & three\nfour\nfive"
