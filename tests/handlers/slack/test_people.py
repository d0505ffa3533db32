"""Who is spoken to how: from memory, else at once from Slack, and never at the price of a late answer."""

from __future__ import annotations

import asyncio

from bot.domain.names import PersonId, TenantId
from bot.domain.people import Person
from tests.handlers.slack.town import Town, play


def known(town: Town, person: str) -> Person:
    with town.storage.look() as unit:
        return unit.people.person(TenantId(f"slack:{town.slack.team}"), PersonId(person))


def asked(town: Town, person: str) -> int:
    return sum(1 for call in town.slack.calls if call.method == "users.info" and call.args.get("user") == person)


def test_a_person_is_asked_about_once(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        for _ in range(3):
            reply = await town.bruno.command("/ideahunt", "aide", channel=town.room)
            assert "Ce que vous pouvez taper" in reply.ephemerals[-1].visible_text
        assert asked(town, town.bruno.id) == 1
        assert known(town, town.bruno.id).zone == "Europe/Paris"

    play(migrated_sqlite_url, story)


def test_a_slow_slack_does_not_hold_the_first_answer_back(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        town.slack.chaos.slow("users.info", 3.0)
        reply = await town.bruno.command("/ideahunt", "aide", channel=town.room)
        assert reply.acked
        assert "What you can type" in reply.ephemerals[-1].visible_text
        await town.slack.until(lambda: known(town, town.bruno.id).locale == "fr-FR", 10)

    play(migrated_sqlite_url, story)


def test_everybody_in_the_room_is_known_before_the_vote(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        guest = town.slack.person("guest", guest=True)
        gone = town.slack.person("gone", deactivated=True)
        for person in (guest, gone):
            town.room.members[person.id] = None
        await town.launch()
        await town.slack.until(lambda: known(town, guest.id).seen_at and known(town, gone.id).seen_at)
        assert known(town, guest.id).outsider
        assert known(town, gone.id).inactive

    play(migrated_sqlite_url, story)


def test_a_room_of_people_is_learnt_in_slacks_own_pace(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        crowd = [town.slack.person(f"person{number}") for number in range(30)]
        for person in crowd:
            town.room.members[person.id] = None
        town.slack.chaos.answer("users.info", status=429, retry_after=1, times=2)
        await town.launch()
        await town.slack.until(lambda: all(known(town, person.id).seen_at for person in crowd), 15)

    play(migrated_sqlite_url, story)


def test_mentions_are_read_by_name(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        await town.bruno.post(town.room, "Ask @alice about the canteen", thread_ts=board)
        reply = await town.bruno.command("/ideahunt", "idées", channel=town.room)
        await asyncio.sleep(0)
        assert reply.view is not None
        assert "Ask @alice about the canteen" in reply.view.visible_text

    play(migrated_sqlite_url, story)
