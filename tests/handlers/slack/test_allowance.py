"""Ten ideas a minute for each person, also without a name, and nothing of it is written down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import TooManyIdeas
from bot.domain.names import PersonId
from handlers.desk.allowance import A_MINUTE, Allowance
from tests.handlers.slack.town import Town, play

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BRUNO, ALICE = PersonId("U1"), PersonId("U2")


def test_the_eleventh_of_a_minute_is_refused_and_the_next_minute_is_free() -> None:
    allowance = Allowance()
    for second in range(A_MINUTE):
        with allowance.one(BRUNO, NOON + timedelta(seconds=second)):
            pass
    with pytest.raises(TooManyIdeas), allowance.one(BRUNO, NOON + timedelta(seconds=59)):
        pass
    with allowance.one(ALICE, NOON + timedelta(seconds=59)):
        pass
    with allowance.one(BRUNO, NOON + timedelta(seconds=60)):
        pass
    with pytest.raises(TooManyIdeas), allowance.one(BRUNO, NOON + timedelta(seconds=60)):
        pass


def test_what_was_refused_or_failed_is_not_counted() -> None:
    allowance = Allowance()
    for _ in range(3 * A_MINUTE):
        with pytest.raises(KeyError), allowance.one(BRUNO, NOON):
            raise KeyError
    with allowance.one(BRUNO, NOON):
        pass


def test_direct_messages_beyond_ten_a_minute_are_answered_and_not_kept(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        for number in range(A_MINUTE + 2):
            await town.bruno.direct(f"A bench number {number} in the garden")
        await town.slack.settle()
        assert await town.ideas() == A_MINUTE
        told = await town.bruno.command("/ideahunt", "idée Un banc au soleil du midi", channel=town.room)
        assert "10" in told.ephemerals[-1].visible_text
        assert await town.ideas() == A_MINUTE

    play(migrated_sqlite_url, story)


def test_forms_without_a_name_are_counted_too(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        board = await town.board()
        for number in range(A_MINUTE + 1):
            reply = await town.bruno.click(board, action_id="deed:add_idea")
            assert reply.view is not None
            await town.bruno.fill(reply.view, "field:text", f"A lamp number {number} in the hall")
            await town.bruno.fill(reply.view, "field:nameless", ["yes"])
            sent = await town.bruno.submit(reply.view)
            assert bool(sent.errors) == (number == A_MINUTE)
        assert await town.ideas() == A_MINUTE

    play(migrated_sqlite_url, story)
