"""Bad input about a vote, as an old form or a crafted request sends it: one kind sentence, and nothing changes."""

from __future__ import annotations

import json
import logging
from copy import deepcopy
from typing import Any

import pytest

from standins.slack import Hands, View, interactions
from tests.handlers.slack.polls import (
    ballot,
    close_vote,
    craft,
    place,
    plainly,
    poll,
    read,
    resend,
    rows,
    top,
    vote,
)
from tests.handlers.slack.town import Town, play

STATE = "select option, count(*) from dot group by option order by option"
CRAFTED = {
    "an eighth dot": ("1|3|1", "gommettes sur 3 utilisées"),
    "a third on one option": ("1|1|3", "2 gommettes au plus par idée"),
    "an option that is not there": ("1|99|1", "L’option #99 n’est pas soumise à ce vote"),
    "an option of the millions": ("1|999999999|1", "n’est pas soumise à ce vote"),
    "an extra option nobody asked for": ("1|1000001|1", "L’option A n’est pas soumise à ce vote"),
    "a theme": ("1|500001|1", "L’option T1 n’est pas soumise à ce vote"),
    "a negative option": ("1|-4|1", "n’est pas soumise à ce vote"),
    "fewer than no dots": ("1|1|-1", "un nombre entier de gommettes"),
    "a huge number of dots": ("1|1|999999999", "2 gommettes au plus par idée"),
    "a number of ten digits": ("1|1|9999999999", "n’est plus à jour"),
    "words": ("1|1|two", "n’est plus à jour"),
    "nothing": ("", "n’est plus à jour"),
    "too much": ("1|1|1|1", "n’est plus à jour"),
    "digits of another script": ("1|1|١", "n’est plus à jour"),
    "another round": ("7|1|1", ""),
    "a round below none": ("-1|1|1", ""),
}


@pytest.fixture(autouse=True)
def no_failure(caplog: pytest.LogCaptureFixture) -> Any:
    """Whatever was sent, nothing broke."""
    yield
    assert not [record for record in caplog.records if record.exc_info or record.levelno >= logging.ERROR]


async def spent(town: Town) -> View:
    """Bruno's ballot, all three dots placed; the form as it was before."""
    await poll(town, dots=3)
    await ballot(town.bruno, town.room)
    before = deepcopy(top(town.bruno))
    await place(town.bruno, 1, 2)
    await place(town.bruno, 2, 1)
    return before


def state(town: Town) -> list[tuple[object, ...]]:
    return rows(town, STATE)


def test_every_crafted_wish_gets_one_sentence_and_changes_nothing(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await spent(town)
        for what, (value, said) in CRAFTED.items():
            shown = top(town.bruno)
            await craft(town, town.bruno, shown, value=value)
            assert said in read(town.bruno), what
            assert state(town) == [(1, 2), (2, 1)], what
            if top(town.bruno) is not shown:  # told on top of the ballot, which stays
                assert len(read(town.bruno)) > 40, what
                await town.bruno.close(top(town.bruno))
            assert top(town.bruno).callback_id == "form:ballot", what

    play(migrated_sqlite_url, story)


def test_a_wish_from_an_old_ballot_is_granted_or_refused_with_the_present_state(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        before = await spent(town)
        await craft(town, town.bruno, before, value="1|3|2")
        assert "3 gommettes" in read(town.bruno)
        assert state(town) == [(1, 2), (2, 1)]
        await craft(town, town.bruno, before, value="1|1|0")
        assert state(town) == [(2, 1)]

    play(migrated_sqlite_url, story)


def test_after_the_close_a_wish_a_page_and_a_validation_say_that_the_vote_is_over(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        before = await spent(town)
        await close_vote(town)
        await craft(town, town.bruno, before, value="1|3|1")
        assert "Le vote est clos" in read(town.bruno)
        answer = await resend(town, town.bruno, before)
        assert "Le vote est clos" in str(answer)
        reply = await town.bruno.command("/ideahunt", "vote", channel=town.room)
        shown = reply.ephemerals[-1].visible_text
        assert "clos" in shown or "chasse" in shown

    play(migrated_sqlite_url, story)


def test_somebody_from_outside_the_room_has_no_ballot_and_no_wish(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        eve = town.slack.person("eve")
        before = await spent(town)
        other = town.slack.channel("elsewhere", [eve])
        await eve.command("/ideahunt", "vote", channel=other)
        await craft(town, eve, before, value="1|3|1")
        answer = await resend(town, eve, before)
        assert "for the members of the room" in str(answer)
        assert state(town) == [(1, 2), (2, 1)]
        assert rows(town, "select count(*) from ballot") == [(1,)]

    play(migrated_sqlite_url, story)


def memory(view: View, **changes: object) -> View:
    """The same form with another memory."""
    held = json.loads(view.definition["private_metadata"]) | changes
    other = deepcopy(view)
    other.definition["private_metadata"] = json.dumps(held)
    return other


MEMORIES = {
    "a version below none": {"version": -1},
    "a version of the millions": {"version": 999_999_999},
    "a version in words": {"version": "two"},
    "another hunt": {"hunt": "000000000000"},
    "a hunt in words of its own": {"hunt": "x" * 500},
    "another round": {"round": 9},
    "a round below none": {"round": -1},
    "a round in words": {"round": "one"},
    "a page below none": {"page": -5, "version": 41},
}


def test_a_plain_ballot_with_a_crafted_memory_writes_nothing(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await poll(town, dots=3)
        await plainly(town.bruno, town.room)
        page = await ballot(town.bruno, town.room)
        await town.bruno.fill(page, "field:option:1", "2")
        for what, changes in MEMORIES.items():
            answer = await resend(town, town.bruno, memory(page, **changes))
            assert answer.get("response_action") in {"errors", "update", "push"}, what
            assert state(town) == [], what

    play(migrated_sqlite_url, story)


@pytest.mark.parametrize("typed", ["-1", "99999", "9999999999", "two", "1.5", "²"])
def test_a_number_field_that_holds_no_number_of_dots_is_named(migrated_sqlite_url: str, typed: str) -> None:
    async def story(town: Town) -> None:
        await poll(town, dots=3)
        await plainly(town.bruno, town.room)
        page = deepcopy(await ballot(town.bruno, town.room))
        page.values["field:option:1"]["value"]["value"] = typed
        answer = await resend(town, town.bruno, page)
        assert list(answer["errors"]) == ["field:option:1"]
        assert state(town) == []

    play(migrated_sqlite_url, story)


def test_a_field_of_an_option_that_is_not_there_is_refused_with_the_ballot_as_it_is(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await poll(town, dots=3)
        await plainly(town.bruno, town.room)
        page = deepcopy(await ballot(town.bruno, town.room))
        for number in ("99", "999999999999", "1000001"):
            crafted = deepcopy(page)
            crafted.values[f"field:option:{number}"] = {"value": {"type": "number_input", "value": "1"}}
            answer = await resend(town, town.bruno, crafted)
            assert "n’est pas soumise à ce vote" in str(answer), number
            assert state(town) == []

    play(migrated_sqlite_url, story)


DRAFTS = ("12:99999", "1:-1", "99:1", "1:1:1", "one:two", "1:9999999999", ",,,:", "500001:1", "1:2,2:2,3:2")


def test_a_ballot_cast_once_with_a_crafted_draft_is_not_cast(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await poll(town, dots=3, secrecy="detached")
        page = await ballot(town.bruno, town.room)
        for draft in DRAFTS:
            crafted = memory(page, draft=draft)
            crafted.values.clear()
            answer = await resend(town, town.bruno, crafted)
            assert answer.get("response_action") in {"errors", "update", "push"}, draft
            assert state(town) == [], draft
        await town.bruno.fill(page, "field:option:1", "2")
        assert not (await town.bruno.submit(page)).errors
        assert state(town) == [(1, 2)]

    play(migrated_sqlite_url, story)


def test_a_form_of_an_older_version_closes_and_changes_nothing(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        before = await spent(town)
        old = deepcopy(before)
        old.definition["callback_id"] = "form:ballot_of_last_year"
        assert await resend(town, town.bruno, old) == {}
        await craft(town, town.bruno, before, value="1|3|1", action="pick:gone")
        broken = deepcopy(before)
        broken.definition["private_metadata"] = "{not json"
        answer = await resend(town, town.bruno, broken)
        assert "n’est plus à jour" in str(answer)
        assert state(town) == [(1, 2), (2, 1)]

    play(migrated_sqlite_url, story)


async def deed(town: Town, hands: Hands, name: str, value: str) -> str:
    """Presses a button of ours with a value of one's own; what is read then."""
    taken = {"type": "button", "action_id": f"deed:{name}", "block_id": "b", "value": value,
             "text": {"type": "plain_text", "text": "x"}}  # fmt: skip
    before = len(hands.ephemerals())
    message = town.room.messages[-1]
    envelope, _ = interactions.action(town.slack.desk, hands.person, message, taken, {})
    await town.slack.desk.postbox.wait(envelope)
    await town.slack.settle()
    told = hands.ephemerals()[before:]
    return told[-1].visible_text if told else (read(hands) if hands.view else "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("decline", "HUNT|9"),
        ("decline", "HUNT|-1"),
        ("decline", "nohunt|1"),
        ("decline", "HUNT|one"),
        ("take_back", "HUNT|1|999999999"),
        ("take_back", "HUNT|1|x"),
        ("second_reading", "HUNT|1"),
        ("second_reading", "HUNT|77"),
        ("hand_over", "HUNT|U0NOBODY"),
        ("run_off", "HUNT"),
        ("papers", "HUNT"),
        ("rules", "HUNT"),
        ("close_vote", "HUNT"),
        ("vote", "000000000000"),
    ],
)
def test_a_crafted_button_of_a_participant_is_answered_and_changes_nothing(
    migrated_sqlite_url: str, name: str, value: str
) -> None:
    async def story(town: Town) -> None:
        await poll(town, dots=3)
        await vote(town.bruno, town.room, o1=1)
        hunt = str(rows(town, "select id from hunt")[0][0])
        kept = rows(town, "select * from round"), rows(town, "select * from round_elector"), state(town)
        told = await deed(town, town.bruno, name, value.replace("HUNT", hunt))
        assert len(told) > 30
        assert "erreur" not in told
        assert (rows(town, "select * from round"), rows(town, "select * from round_elector"), state(town)) == kept

    play(migrated_sqlite_url, story)
