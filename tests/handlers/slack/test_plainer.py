"""A Slack that says less than Slack does: no membership, no metadata, no files, messages that come and go."""

from __future__ import annotations

import json

import pytest

from standins.slack import Message, View
from tests.handlers.slack.test_delivery import IDEA, boards, called, start
from tests.handlers.slack.town import Town, play


def told(town: Town) -> list[str]:
    """What Alice reads in her own conversation with the bot."""
    return [m.text for m in town.alice.inbox() if m.user == town.slack.bot_user_id]


def info(**facts: object) -> str:
    return json.dumps({"ok": True, "channel": {"id": "C1", "name": "morning", **facts}})


@pytest.mark.parametrize("private", [True, False])
def test_a_room_that_does_not_say_who_is_in_it_gets_its_board(migrated_sqlite_url: str, private: bool) -> None:
    async def story(town: Town) -> None:
        await town.alice.invite_bot(town.room)
        town.slack.chaos.answer("conversations.info", body=info(is_private=private), times=5)
        town.slack.chaos.answer("conversations.join", error="missing_scope", times=5)
        await start(town)
        await town.slack.until(lambda: len(boards(town)) == 1, 10)

    play(migrated_sqlite_url, story)


def test_a_refused_join_waits_for_the_invitation_and_is_released_by_it(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        town.slack.chaos.answer("conversations.info", body=info(), times=9)
        town.slack.chaos.answer("conversations.join", error="method_not_supported_for_channel_type", times=9)
        await start(town)
        await town.slack.until(lambda: any("/invite" in text for text in told(town)), 10)
        assert boards(town) == []
        await town.alice.invite_bot(town.room)
        await town.slack.until(lambda: len(boards(town)) == 1, 10)

    play(migrated_sqlite_url, story)


def test_a_board_without_metadata_is_found_again_and_not_repeated(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        town.slack.chaos.forgetful = True
        town.slack.chaos.lose_answer("chat.postMessage")
        await start(town)
        await town.slack.until(lambda: called(town, "conversations.history") > 0, 10)
        await town.slack.settle()
        assert len(boards(town)) == 1
        await town.bruno.post(town.room, IDEA, thread_ts=boards(town)[0])
        await town.slack.until(lambda: "1 idea ·" in boards(town)[0].visible_text)

    play(migrated_sqlite_url, story)


def test_a_board_said_to_be_gone_is_looked_for_before_it_is_posted_anew(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        town.slack.chaos.answer("chat.update", error="message_not_found")
        await town.bruno.post(town.room, IDEA, thread_ts=board)
        await town.slack.until(lambda: "1 idea ·" in board.visible_text)
        assert len(boards(town)) == 1

    play(migrated_sqlite_url, story)


def test_an_answer_under_an_older_board_of_ours_is_an_idea(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        old = await town.launch()
        town.slack.chaos.answer("chat.update", error="cant_update_message")
        await town.bruno.post(town.room, IDEA, thread_ts=old)
        await town.slack.until(lambda: len(boards(town)) == 2, 10)
        await town.alice.post(town.room, "Lend bicycles to the night shift", thread_ts=old)
        await town.slack.until(lambda: "2 ideas ·" in boards(town)[-1].visible_text)

    play(migrated_sqlite_url, story)


async def export(town: Town) -> list[Message]:
    await town.alice.command("/ideahunt", "reveal", channel=town.room)
    await town.alice.command("/ideahunt", "export csv", channel=town.room)
    direct = town.alice.inbox_channel
    await town.slack.until(lambda: any("```" in m.text for m in direct.messages), 15)
    await town.slack.settle()
    return [m for m in direct.messages if m.user == town.slack.bot_user_id]


@pytest.mark.parametrize("word", ["missing_scope", "unknown_method", "not_allowed"])
def test_without_files_an_export_comes_as_text(migrated_sqlite_url: str, word: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        await town.bruno.post(town.room, IDEA, thread_ts=board)
        await town.slack.until(lambda: "1 idea ·" in board.visible_text)
        town.slack.chaos.answer("files.getUploadURLExternal", error=word, times=5)
        said = await export(town)
        assert not any("Here is the file" in m.text for m in said)
        assert any(".csv (1/" in m.text and IDEA in m.text and len(m.text) <= 3_500 for m in said)

    play(migrated_sqlite_url, story)


def test_where_members_are_not_known_nobody_is_told_how_many_might_vote(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        town.slack.chaos.answer("conversations.members", error="missing_scope", times=9)
        board = await town.launch()
        for text in (IDEA, "Lend bicycles to the night shift"):
            await town.bruno.post(town.room, text, thread_ts=board)
        await town.slack.until(lambda: "2 ideas ·" in board.visible_text)
        await town.alice.command("/ideahunt", "reveal", channel=town.room)
        form = (await town.alice.command("/ideahunt", "open the vote", channel=town.room)).view
        assert form is not None
        await town.alice.submit(form)
        ballot = (await town.bruno.command("/ideahunt", "vote", channel=town.room)).view
        assert ballot is not None
        await town.slack.until(lambda: "0 voters" in board.visible_text)
        await town.alice.command("/ideahunt", "close", channel=town.room)
        await town.slack.until(lambda: any("voters." in m.visible_text for m in boards(town)[1:]))
        said = "\n".join(m.visible_text for m in boards(town))
        assert "voters out of" not in said
        assert "quorum" not in said.lower()

    play(migrated_sqlite_url, story)


async def ballot_of(town: Town) -> View:
    """Bruno's ballot of a hunt with two ideas: one dot and it is spent."""
    board = await town.launch()
    for text in (IDEA, "Lend bicycles to the night shift"):
        await town.bruno.post(town.room, text, thread_ts=board)
    await town.slack.until(lambda: "2 ideas ·" in board.visible_text)
    await town.alice.command("/ideahunt", "reveal", channel=town.room)
    form = (await town.alice.command("/ideahunt", "open the vote", channel=town.room)).view
    assert form is not None
    await town.alice.fill(form, "field:dots", "1")
    await town.alice.submit(form)
    ballot = (await town.bruno.command("/ideahunt", "vote", channel=town.room)).view
    assert ballot is not None
    return ballot


@pytest.mark.parametrize("word", ["invalid_blocks", "invalid_arguments"])
def test_a_coloured_line_that_is_refused_becomes_a_paragraph(migrated_sqlite_url: str, word: str) -> None:
    async def story(town: Town) -> None:
        ballot = await ballot_of(town)
        town.slack.chaos.answer("views.update", error=word)
        line = next(block for block in ballot.blocks if block["block_id"].startswith("ballot:"))
        most = line["accessory"]["options"][-1]["value"]
        await town.bruno.choose(ballot, "pick:dots", most, block=line["block_id"])
        await town.slack.settle()
        shown = town.bruno.view
        assert shown is not None
        updates = [call.args["view"] for call in town.slack.calls if call.method == "views.update"]
        assert any(block["type"] == "alert" for block in updates[0]["blocks"])
        assert not any(block["type"] == "alert" for block in shown.blocks)

    play(migrated_sqlite_url, story)


def test_a_vote_is_not_offered_where_there_is_nothing_to_choose(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        await town.bruno.post(town.room, IDEA, thread_ts=board)
        await town.slack.until(lambda: "1 idea ·" in board.visible_text)
        early = await town.bruno.command("/ideahunt", "vote", channel=town.room)
        assert "pas encore ouvert" in early.ephemerals[-1].visible_text
        await town.alice.command("/ideahunt", "reveal", channel=town.room)
        reply = await town.alice.command("/ideahunt", "start the vote", channel=town.room)
        assert "at least two ideas" in reply.ephemerals[-1].visible_text

    play(migrated_sqlite_url, story)


@pytest.mark.parametrize("refused", [True, False])
def test_a_board_is_pinned_once_where_that_is_allowed(migrated_sqlite_url: str, refused: bool) -> None:
    async def story(town: Town) -> None:
        if refused:
            town.slack.chaos.answer("pins.add", error="missing_scope")
        board = await town.launch()
        await town.bruno.post(town.room, IDEA, thread_ts=board)
        await town.slack.until(lambda: "1 idea ·" in board.visible_text)
        assert called(town, "pins.add") == 1
        assert town.room.pins == ([] if refused else [board.ts])

    play(migrated_sqlite_url, story)
