"""Envelopes that lack what their kind must have: acknowledged over a socket, refused over HTTP, never a traceback."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from tests.handlers.slack.test_http import over_http
from tests.handlers.slack.town import Town, play

WHO = {"id": "U1", "team_id": "T1"}
ODD: dict[str, Any] = {
    "no event": ("events_api", {"type": "event_callback", "team_id": "T1", "event": None}),
    "an event without a type": ("events_api", {"type": "event_callback", "event": {"channel": "C1"}}),
    "an event in a list": ("events_api", {"type": "event_callback", "event": [1]}),
    "no action": ("interactive", {"type": "block_actions", "user": WHO, "actions": []}),
    "actions of words": ("interactive", {"type": "block_actions", "user": WHO, "actions": ["x"]}),
    "nobody": ("interactive", {"type": "block_actions", "actions": [{"action_id": "deed:hub", "type": "button"}]}),
    "a form without a view": ("interactive", {"type": "view_submission", "user": WHO, "view": None}),
    "a shortcut without a name": ("interactive", {"type": "shortcut", "user": WHO}),
    "a command without a person": ("slash_commands", {"command": "/ideahunt", "channel_id": "C1"}),
    "nothing": ("events_api", {}),
}


@pytest.mark.parametrize("odd", ODD)
def test_a_socket_acknowledges_what_cannot_be_read(
    migrated_sqlite_url: str, odd: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(town: Town) -> None:
        delivery = town.slack.desk.postbox
        await delivery.wait(delivery.send(ODD[odd][0], "odd", ODD[odd][1]))
        assert await town.figure("payloads_unreadable") == 1

    play(migrated_sqlite_url, story)
    assert not [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR]


def test_http_refuses_what_cannot_be_read(migrated_sqlite_url: str, caplog: pytest.LogCaptureFixture) -> None:
    async def story(town: Town, _: str) -> None:
        for _, body in ODD.values():
            answer = await town.bot._over_http(body, {})
            assert answer[0] == 400
        assert await town.figure("payloads_unreadable") == len(ODD)

    over_http(migrated_sqlite_url, story)
    assert not [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR]
