"""People around a vote: paper in the room, who leads and who observes, roles, and the ideas of chosen themes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.clock import utc_now
from standins.slack import Hands, View
from tests.handlers.slack.polls import (
    ballot,
    close_vote,
    gather,
    lead,
    place,
    poll,
    press,
    read,
    rows,
    top,
    vote,
)
from tests.handlers.slack.town import Town, play


async def papers(town: Town, typed: str, *struck: Hands) -> dict[str, str]:
    """Alice types paper ballots into the form; what is said beside its fields."""
    form = await lead(town, "papers")
    await town.alice.fill(form, "field:papers", typed)
    if struck:
        await town.alice.fill(form, "field:struck", [person.id for person in struck])
    return (await town.alice.submit(form)).errors


# --- paper


def test_paper_ballots_are_typed_in_one_form_and_told_with_the_result(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        (carol,) = town.join("carol")
        board = await poll(town, dots=3, extras=["nothing"])
        form = await lead(town, "papers")
        assert "#3" in form.visible_text
        assert "Change nothing" in form.visible_text
        assert not await papers(town, "1x2 A\n#2, n°3\n\n2*2", town.bruno)
        assert "3 paper ballots" in read(town.alice)
        await town.slack.until(lambda: "3 paper ballots" in board.visible_text)
        reply = await town.bruno.command("/ideahunt", "vote", channel=town.room)
        assert "sur papier" in reply.ephemerals[-1].visible_text
        await vote(carol, town.room, o3=1)
        told = (await close_vote(town)).visible_text
        assert "Among them 3 paper ballots" in told
        assert "4 voters" in told

    play(migrated_sqlite_url, story)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1\n2 seven", "Line 2: “seven” is no number of the ballot. Nothing is saved."),
        ("1\n\n99", "Line 3: “99” is not in this vote. Nothing is saved."),
        ("1x3", "Line 1: at most 2 on one idea; “1” has more. Nothing is saved."),
        ("1x2 2x2", "Line 1: more than 3 dots. Nothing is saved."),
        ("1x0", "Line 1: this ballot is empty. Take the line out."),
        ("-1", "Line 1: “-1” is no number of the ballot. Nothing is saved."),
    ],
)
def test_a_fault_on_paper_is_named_by_its_line_and_what_was_typed_stays(
    migrated_sqlite_url: str, typed: str, said: str
) -> None:
    async def story(town: Town) -> None:
        await poll(town, dots=3)
        assert await papers(town, typed) == {"field:papers": said}
        assert top(town.alice).values["field:papers"]["value"]["value"] == typed
        assert not rows(town, "select * from ballot")
        await town.alice.fill(top(town.alice), "field:papers", "1")
        assert not (await town.alice.submit(top(town.alice))).errors

    play(migrated_sqlite_url, story)


def test_who_voted_in_the_chat_cannot_be_struck_and_a_batch_can_be_taken_out(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        (carol,) = town.join("carol")
        await poll(town, dots=3)
        await vote(carol, town.room, o1=1)
        told = await papers(town, "1\n2", carol)
        assert list(told) == ["field:struck"]
        assert "ballot in the chat already" in told["field:struck"]
        assert not await papers(town, "1\n2", town.bruno)
        await press(town.alice, top(town.alice), "take_back")
        assert "2 paper ballots" in read(town.alice)
        assert rows(town, "select option from dot") == [(1,)]
        await vote(town.bruno, town.room, o2=1)

    play(migrated_sqlite_url, story)


# --- who leads


async def share(town: Town, **fields: list[str]) -> dict[str, str]:
    form = await lead(town, "share")
    for name, people in fields.items():
        await town.alice.fill(form, f"field:{name}", people)
    return (await town.alice.submit(form)).errors


def test_a_cofacilitator_leads_an_observer_reads_and_nobody_does_both(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        carol, dan = town.join("carol", "dan")
        await poll(town)
        told = await share(town, cofacilitators=[carol.id], observers=[dan.id])
        assert list(told) == ["field:observers"]  # not while a vote is open
        assert not await share(town, cofacilitators=[carol.id], observers=[])
        await town.slack.until(lambda: any("facilitate" in m.visible_text for m in carol.inbox()), 15)
        await carol.command("/ideahunt", "close", channel=town.room)
        await town.slack.until(lambda: any("🏆" in m.visible_text for m in town.room.messages), 15)

    play(migrated_sqlite_url, story)


def test_an_observer_named_before_the_vote_has_no_ballot(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        carol, dan = town.join("carol", "dan")
        await gather(town)
        told = await share(town, cofacilitators=[carol.id], observers=[carol.id])
        assert list(told) == ["field:observers"]
        assert not await share(town, observers=[dan.id])
        await town.open_vote()
        reply = await dan.command("/ideahunt", "vote", channel=town.room)
        assert dan.view is None
        assert "You observe this hunt" in reply.ephemerals[-1].visible_text

    play(migrated_sqlite_url, story)


def test_somebody_who_asks_to_take_over_is_answered_by_one_click(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await poll(town)
        reply = await town.bruno.command("/ideahunt", "reprendre", channel=town.room)
        assert "C’est demandé" in reply.ephemerals[-1].visible_text
        await town.slack.until(lambda: any("asks to facilitate" in m.visible_text for m in town.alice.inbox()), 15)
        asked = next(m for m in town.alice.inbox() if "asks to facilitate" in m.visible_text)
        assert f"<@{town.bruno.id}> asks" in str(asked.blocks)
        await press(town.alice, asked, "stay")
        await town.slack.until(lambda: any("vous remercie" in m.visible_text for m in town.bruno.inbox()), 15)
        await town.bruno.command("/ideahunt", "reprendre", channel=town.room)
        await town.slack.until(lambda: sum("asks" in m.visible_text for m in town.alice.inbox()) == 2, 15)
        await press(town.alice, town.alice.inbox()[-1], "hand_over")
        await town.slack.until(lambda: any("animez" in m.visible_text for m in town.bruno.inbox()), 15)
        await town.bruno.command("/ideahunt", "clore", channel=town.room)
        await town.slack.until(lambda: any("🏆" in m.visible_text for m in town.room.messages), 15)

    play(migrated_sqlite_url, story)


def test_after_24_hours_of_silence_the_same_word_grants_it(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await poll(town)
        await town.bruno.command("/ideahunt", "reprendre", channel=town.room)
        reply = await town.bruno.command("/ideahunt", "reprendre", channel=town.room)
        assert "Votre demande est partie" in reply.ephemerals[-1].visible_text
        await town.wait(hours=24)
        reply = await town.bruno.command("/ideahunt", "reprendre", channel=town.room)
        assert "Vous animez maintenant" in reply.ephemerals[-1].visible_text
        await town.slack.until(lambda: any("as nobody answered" in m.visible_text for m in town.alice.inbox()), 15)

    play(migrated_sqlite_url, story)


# --- roles


def test_roles_given_by_form_are_told_in_groups_of_five_and_nothing_smaller(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        people = town.join(*(f"p{n}" for n in range(11)))
        await gather(town)
        for role, members in (("field", people[:6]), ("office", people[6:9]), ("board", people[9:])):
            form = await lead(town, "roles")
            await town.alice.fill(form, "field:role", role)
            await town.alice.fill(form, "field:people", [person.id for person in members])
            assert not (await town.alice.submit(form)).errors
        await town.open_vote(dots=3, by_role=["yes"])
        for person in people:
            await vote(person, town.room, o1=1)
        told = await close_vote(town)
        assert "field (6 voters out of 6) and others (5 voters out of 6)" in told.visible_text
        assert "office" not in told.visible_text
        reply = await press(people[0], told, "second_reading")
        assert reply.view is not None
        assert "field (6 voters out of 6)" in reply.view.visible_text
        assert "board" not in reply.view.visible_text

    play(migrated_sqlite_url, story)


# --- themes first


async def themed(town: Town) -> None:
    """Twenty-six ideas under three themes, by the form."""
    writers = town.join("w1", "w2", "w3", "w4")
    await town.launch(themes="Food\nLight\nPaths")
    for number in range(26):
        writer = writers[number % 4]
        reply = await writer.command("/ideahunt", "idea", channel=town.room)
        assert reply.view is not None
        words = f"{chr(97 + number) * 5} {chr(65 + number) * 6} of {chr(97 + (number * 7) % 26) * 4}"
        await writer.fill(reply.view, "field:text", words)
        await writer.fill(reply.view, "field:theme", ("Food", "Light", "Paths")[number % 3])
        await writer.submit(reply.view)
        await writer.close(top(writer), everything=True)
    await town.alice.command("/ideahunt", "reveal", channel=town.room)


def options(view: View) -> list[str]:
    return [str(block["text"]["text"]) for block in view.blocks if block["block_id"].startswith("ballot:")]


def test_with_many_ideas_the_themes_are_voted_first_and_then_the_ideas_of_those_chosen(
    migrated_sqlite_url: str,
) -> None:
    async def story(town: Town) -> None:
        await themed(town)
        await town.open_vote(by_theme="yes", places=1, dots=1, cap=1)
        page = await ballot(town.bruno, town.room)
        assert len(options(page)) == 3
        food = next(n for n in (500_001, 500_002, 500_003) if "Food" in str(_block(page, n)))
        await place(town.bruno, food, 1)
        await town.bruno.close(top(town.bruno), everything=True)
        told = await close_vote(town)
        assert "Food" in told.visible_text
        reply = await press(town.alice, told, "open_vote")
        assert reply.view is not None
        sent = await town.alice.submit(reply.view)
        assert not sent.errors
        page = await ballot(town.bruno, town.room)
        assert len(options(page)) == 9
        assert all("Food" in line for line in options(page))

    play(migrated_sqlite_url, story)


def _block(view: View, number: int) -> object:
    named = [block for block in view.blocks if block["block_id"].startswith("ballot:")]
    return next((block for block in named if block["block_id"].split(":")[2] == str(number)), "")


def test_or_all_ideas_at_once_page_by_page_as_the_facilitator_chooses(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await themed(town)
        form = await lead(town, "open_vote")
        assert "page by page" in str(form.blocks)
        await town.alice.close(form, everything=True)
        await town.open_vote(by_theme="no", closes_at=utc_now() + timedelta(hours=5))
        page = await ballot(town.bruno, town.room)
        assert len(options(page)) == 20
        await town.bruno.click(page, action_id="turn:2")
        assert len(options(top(town.bruno))) == 6
        await town.bruno.choose(top(town.bruno), "pick:filter", "Light")
        assert len(options(top(town.bruno))) == 9

    play(migrated_sqlite_url, story)
