"""The weather between Slack and the bot, crowds, rooms and tokens that die: what people typed counts once, whatever.

Faults of Slack alone run on one database each, by turns: a bot that is started takes seconds.
"""

from __future__ import annotations

import asyncio
import json
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest

from standins.play.voting import offers
from standins.slack import Channel, Hands, Message
from tests.e2e.process import Bot
from tests.e2e.tale import CURTAINS, HOURS, LUNCH, RUBBER, SHED, hunt
from tests.e2e.village import APP, BOT, SIGNING, Village, village

WORDS = (CURTAINS, RUBBER, HOURS, LUNCH, SHED)
DEBUG = {"IDEAHUNT_LOG_LEVEL": "DEBUG"}
DOTS, CAP = 3, 2


def story_of(
    url: str, folder: Path, told: Callable[[Village], Awaitable[None]], settings: Mapping[str, str] = DEBUG
) -> None:
    """A story with a bot that says all it can say, and no secret in it."""

    async def story() -> None:
        async with village(folder, url, (), settings) as here:
            await told(here)
            said = here.bot.said
            assert [word for word in (BOT, APP, SIGNING, "canary", "ticket=", "Traceback") if word in said] == [], said
            assert [word for word in WORDS if word in said] == [], said

    asyncio.run(story())


# --- the line


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_a_whole_hunt_in_bad_weather(migrated_url: str, tmp_path: Path) -> None:
    """Envelopes twice, late, out of order; acknowledgements lost; lines cut and moved; and ideas grouped by meaning."""

    async def told(here: Village) -> None:
        async with beside(weather(here, Random(11))):
            await hunt(here)

    story_of(migrated_url, tmp_path, told, DEBUG | {"IDEAHUNT_THEMES_MODEL": ""})


async def weather(here: Village, chance: Random) -> None:
    chaos = here.slack.chaos
    while True:
        chaos.duplicate(chance.choice(["message", "slash_commands", "block_actions", "view_submission"]), 2)
        match chance.randrange(5):
            case 0:
                chaos.reorder(2)
            case 1:
                chaos.delay(chance.uniform(0, 0.3))
            case 2:
                chaos.drop_connections()
            case 3:
                await chaos.refresh_connections(chance.choice(["warning", "refresh_requested"]))
            case _:
                chaos.suppress_acks(1)
        await asyncio.sleep(chance.uniform(0.3, 1.5))


@asynccontextmanager
async def beside(work: Any) -> AsyncIterator[None]:
    """Something that goes on meanwhile, and ends with it."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_a_whole_hunt_while_slack_answers_badly(migrated_postgres_url: str, tmp_path: Path) -> None:
    """Answers lost after the deed, server errors, a page of HTML, and "not so fast"."""

    async def told(here: Village) -> None:
        chaos = here.slack.chaos
        for method in ("chat.postMessage", "chat.update", "reactions.add"):
            chaos.lose_answer(method)
            chaos.answer(method, status=429, retry_after=1)
        chaos.answer("chat.update", body="<html>Sorry</html>", content_type="text/html", after=True)
        chaos.answer("conversations.join", status=500)
        chaos.answer("users.info", status=429, retry_after=1, times=2)
        await hunt(here)

    story_of(migrated_postgres_url, tmp_path, told)


def test_who_answers_under_a_board_before_the_bot_knows_of_it_is_heard(
    migrated_sqlite_url: str, tmp_path: Path
) -> None:
    async def told(here: Village) -> None:
        here.slack.chaos.lose_answer("chat.postMessage")
        await here.launch()
        await here.reply(here.karim, CURTAINS)
        await here.until(lambda: here.records.ideas() == [CURTAINS])
        await here.calm()
        assert len(here.said) == 1

    story_of(migrated_sqlite_url, tmp_path, told)


def test_a_board_found_again_is_drawn_anew_with_all_that_changed(migrated_postgres_url: str, tmp_path: Path) -> None:
    """Its answer was lost; meanwhile an idea came and the ideas were revealed: board and table tell so."""

    async def told(here: Village) -> None:
        here.slack.chaos.lose_answer("chat.postMessage")
        await here.launch()
        await here.type_idea(here.karim, LUNCH)
        await here.odile.command("/ideahunt", "reveal", channel=here.room)
        await here.until(lambda: here.tables and LUNCH in here.board.visible_text)
        await here.calm()
        assert (len(here.said), len(here.tables)) == (1, 1)

    story_of(migrated_postgres_url, tmp_path, told)


def test_a_room_that_must_wait_keeps_no_other_waiting(migrated_sqlite_url: str, tmp_path: Path) -> None:
    async def told(here: Village) -> None:
        other = here.slack.channel("canteen", [here.odile, here.karim])
        await here.slack.until(lambda: here.bot.alive)
        here.slack.chaos.answer("chat.postMessage", status=429, retry_after=8)
        began = time.monotonic()
        launching = asyncio.create_task(here.launch())
        await here.until(lambda: calls(here, "chat.postMessage"))
        await launch_in(here, here.karim, other)
        await here.until(lambda: boards(other))
        assert time.monotonic() - began < 8
        await launching
        assert time.monotonic() - began > 8
        await here.calm()
        assert (len(here.said), len(boards(other))) == (1, 1)

    story_of(migrated_sqlite_url, tmp_path, told)


def calls(here: Village, method: str) -> list[Any]:
    return [call for call in here.slack.calls if call.method == method]


def boards(room: Channel) -> list[Message]:
    return [message for message in room.messages if message.bot_id and not message.deleted]


async def launch_in(here: Village, who: Hands, room: Channel) -> None:
    reply = await who.command("/ideahunt", "new What shall we cook?", channel=room)
    await here.until(lambda: reply.view)
    assert reply.view is not None
    await who.fill(reply.view, "field:room", room.id)
    assert not (await who.submit(reply.view)).errors


# --- rooms and tokens that die


def test_an_archived_room_is_told_once_and_others_live(migrated_sqlite_url: str, tmp_path: Path) -> None:
    async def told(here: Village) -> None:
        await here.launch()
        await here.calm()
        here.room.archived = True  # without a word to the bot: it finds out by itself
        await idea_by_form(here, LUNCH)
        await here.until(lambda: letters_about(here.odile, "workshop"))
        other = here.slack.channel("canteen", [here.odile, here.karim])
        await launch_in(here, here.karim, other)
        await here.until(lambda: boards(other))
        await here.calm()
        assert len(letters_about(here.odile, "")) == 1
        assert here.records.ideas() == [LUNCH]

    story_of(migrated_sqlite_url, tmp_path, told)


def letters_about(who: Hands, word: str) -> list[Message]:
    return [message for message in who.inbox() if message.bot_id and word in message.visible_text]


async def idea_by_form(here: Village, text: str) -> None:
    reply = await here.karim.click(here.board, action_id="deed:add_idea")
    await here.until(lambda: reply.view)
    assert reply.view is not None
    await here.karim.fill(reply.view, "field:text", text)
    assert not (await here.karim.submit(reply.view)).errors
    await here.leave(here.karim)


def test_a_bot_that_was_removed_goes_on_when_it_is_invited_again(migrated_postgres_url: str, tmp_path: Path) -> None:
    async def told(here: Village) -> None:
        await here.launch()
        await here.calm()
        await here.reply(here.karim, CURTAINS)
        await here.calm()
        await here.odile.remove_bot(here.room)
        await here.salome.post(here.room, LUNCH, thread_ts=here.board, wait=False)
        await here.calm()
        await here.odile.invite_bot(here.room)
        await here.reply(here.jonas, SHED)
        await here.until(lambda: set(here.records.ideas()) == {CURTAINS, LUNCH, SHED})
        await here.calm()
        assert len(here.said) == 1

    story_of(migrated_postgres_url, tmp_path, told)


def test_a_revoked_token_stops_every_call_and_says_so(migrated_sqlite_url: str, tmp_path: Path) -> None:
    async def told(here: Village) -> None:
        await here.launch()
        await here.calm()
        here.slack.revoke_token()
        await here.reply(here.karim, CURTAINS)
        await here.until(lambda: readiness(here)[0] == 503)
        await asyncio.sleep(1)
        before = len(here.slack.calls)
        await here.reply(here.salome, LUNCH)
        await asyncio.sleep(3)
        assert [call.method for call in here.slack.calls[before:]] == []
        assert here.records.ideas() == [CURTAINS, LUNCH]
        await here.rest()
        again = Bot(here.slack, tmp_path, migrated_sqlite_url, DEBUG)
        await again.start()
        assert await again.ended() == 2
        assert "token_revoked" in again.said or "IDEAHUNT_SLACK_BOT_TOKEN" in again.said

    story_of(migrated_sqlite_url, tmp_path, told)


def readiness(here: Village) -> tuple[int, Mapping[str, Any]]:
    try:
        with urllib.request.urlopen(f"{here.bot.address}/readyz", timeout=5) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


# --- stopping and starting


def test_stops_within_ten_seconds_under_load_and_loses_nothing(migrated_url: str, tmp_path: Path) -> None:
    async def told(here: Village) -> None:
        here.slack.forgive("ratelimited")  # a new process knows nothing of the last minute's calls
        people = crowd(here, 12)
        await here.launch()
        await here.calm()
        texts = [f"{LUNCH} on day {n}" for n in range(72)]
        for n, text in enumerate(texts):
            await people[n % 12].post(here.room, text, thread_ts=here.board, wait=False)
        await here.until(here.records.ideas)
        began = time.monotonic()
        await here.rest()
        assert time.monotonic() - began < 10
        await here.rise()
        await here.until(lambda: sorted(here.records.ideas()) == sorted(texts))

    story_of(migrated_url, tmp_path, told, {})


def crowd(here: Village, size: int) -> list[Hands]:
    """More people in the room."""
    people = [here.slack.person(f"neighbour{n}", locale="fr-FR" if n % 2 else "en-GB") for n in range(size)]
    here.room.members.update({person.id: None for person in people})
    return people


def test_a_second_process_on_the_same_file_is_refused_in_words(migrated_sqlite_url: str, tmp_path: Path) -> None:
    async def told(here: Village) -> None:
        second = Bot(here.slack, tmp_path, migrated_sqlite_url, {})
        await second.start()
        assert await second.ended() == 2
        assert "Another process works on this database" in second.said
        assert "Traceback" not in second.said
        await here.launch()

    story_of(migrated_sqlite_url, tmp_path, told)


# --- crowds


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_two_hundred_ideas_at_once_and_sixty_voters_clicking_together(migrated_url: str, tmp_path: Path) -> None:
    async def told(here: Village) -> None:
        people = crowd(here, 60)
        await here.launch()
        await here.calm()
        texts = [f"{SHED}, corner {n}" for n in range(200)]
        posts = [people[n % 60].post(here.room, text, thread_ts=here.board) for n, text in enumerate(texts)]
        await asyncio.gather(*posts)
        assert sorted(here.records.ideas()) == sorted(texts)
        await here.reveal()
        await asyncio.sleep(8)  # people read first; ideas are compared meanwhile, and the test's machine has few cores
        await here.open_vote(DOTS)
        await asyncio.gather(*(click_too_much(here, person, n / 5) for n, person in enumerate(people)))
        spent = here.records.rows("SELECT voter, count(*) AS dots FROM dot GROUP BY voter")
        assert len(spent) == 60
        assert {row.dots for row in spent} == {DOTS}
        most = here.records.rows("SELECT max(n) AS n FROM (SELECT count(*) AS n FROM dot GROUP BY voter, option) s")
        assert most[0].n <= CAP
        await here.close()
        assert here.records.tally().dots_placed == 60 * DOTS
        assert [str(each) for each in here.slack.envelopes if each.kind != "events_api" and each.lost] == []

    story_of(migrated_url, tmp_path, told, {})


async def click_too_much(here: Village, who: Hands, after: float) -> None:
    """Two choices of two dots each, at once, each sent twice: one of them must be refused; then the third dot."""
    await asyncio.sleep(after)  # all within twelve seconds: the test's own machine plays Slack, too
    reply = await who.click(here.board, action_id="deed:vote")
    await here.until(lambda: reply.view and list(offers(reply.view)))
    assert reply.view is not None
    wishes = [offer.values[CAP] for offer in list(offers(reply.view))[:2]]
    await asyncio.gather(*(who.choose(reply.view, "pick:dots", wish) for wish in wishes for _ in range(2)))
    third = list(offers(reply.view))[5]
    await who.choose(reply.view, "pick:dots", third.values[1])
