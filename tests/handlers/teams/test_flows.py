"""What people do in Teams, from the launch to the result, in Teams' own manner."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from bot.cli.logs import CHATTY
from bot.domain.names import PersonId, RoomId
from bot.domain.people import Asker
from bot.usecases.options import STANDING
from handlers.clock import utc_now
from standins.teams import Pace, Post
from tests.handlers.teams.town import QUESTION, Town, board_of, play, shown, step, titled

GATE = "Open the school gate ten minutes earlier"
BREAD = "Share warm bread at the bus stop"
BIKES = "Lend bikes to whoever misses the bus"


def test_a_hunt_goes_from_launch_to_result(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        assert "How might we make mornings calmer?" in board.said
        assert "mention @ideahunt" in board.said
        receipt = await town.add(town.bruno, GATE)
        assert GATE in receipt.said
        await town.add(town.alice, BREAD)
        assert await town.ideas() == 2
        assert GATE not in board.said
        await town.facilitate("deed:reveal")
        await town.teams.until(lambda: GATE in board.said)
        await town.open_vote(3)
        ballot = shown(await town.open(town.bruno, "deed:vote"))
        ballot.fill("field:option:1", "2")
        ballot.fill("field:option:2", "1")
        receipt = await step(town.bruno, town.room, ballot, "submit")
        assert "●●●" in receipt.said
        closed = await town.facilitate("deed:close_vote")
        assert closed.task is not None
        result = await town.teams.until(lambda: charted(town))
        assert "2 dots" in result.said
        assert result.summary

    play(migrated_sqlite_url, story)


def charted(town: Town) -> Post | None:
    drawn = (one for one in town.room.posts for shown in one.cards if "Chart.HorizontalBar" in str(shown))
    return next(drawn, None)


def test_a_reply_that_mentions_the_bot_is_an_idea_and_follows_its_edits(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        said = await town.bruno.mention(town.room, GATE, under=board)
        assert await town.ideas() == 1
        await town.bruno.edit(town.room, said, BREAD)
        mine = shown(await town.open(town.bruno, "deed:hub"))
        listed = await step(town.bruno, town.room, mine, "deed:my_ideas")
        assert BREAD in listed.said
        await town.bruno.delete(town.room, said)
        assert await town.ideas() == 0

    play(migrated_sqlite_url, story)


def test_a_deleted_message_takes_its_idea_back_and_nobody_elses(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        said = [await town.bruno.mention(town.room, text, under=board) for text in (GATE, BREAD)]
        chat = await town.alice.mention(town.room, "help")
        await town.teams.until(lambda: all(one.reactions for one in said))
        await town.bruno.delete(town.room, said[0])
        await town.bruno.again()
        await town.alice.delete(town.room, chat)
        assert await town.ideas() == 1
        shown_again = {**town.bruno.last, "type": "messageUpdate", "text": GATE}
        shown_again["channelData"] = {**shown_again["channelData"], "eventType": "undeleteMessage"}
        assert await town.teams.raw(shown_again) == 200
        await town.bruno.edit(town.room, said[0], BIKES)
        assert await town.ideas() == 1
        mine = shown(await town.open(town.bruno, "deed:hub"))
        standing = (await step(town.bruno, town.room, mine, "deed:my_ideas")).said
        assert BREAD in standing
        await town.teams.until(lambda: "1 idea" in board.said)

    play(migrated_sqlite_url, story)


@pytest.mark.parametrize("consented", [True, False])
def test_a_reply_is_under_a_board_whose_answer_is_not_here_yet(migrated_sqlite_url: str, *, consented: bool) -> None:
    async def story(town: Town) -> None:
        town.room.consented = consented
        form = await town.door(town.alice, "new", "deed:new_hunt")
        form.fill("field:question", QUESTION)
        town.teams.hold()
        await step(town.alice, town.room, form, "submit")
        board = await town.teams.until(lambda: board_of(town.teams, town.room))
        said = asyncio.create_task(town.bruno.say(town.room, GATE, under=board, mention=not consented))
        await asyncio.wait((said,), timeout=0.3)  # long enough to be looked at
        town.teams.release()
        await said
        assert await town.ideas() == 1

    play(migrated_sqlite_url, story)


def test_every_message_is_heard_where_the_owner_consented(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        town.room.consented = True
        board = await town.launch(capture="channel")
        await town.bruno.say(town.room, BIKES)
        await town.bruno.say(town.room, BREAD, under=board)
        assert await town.ideas() == 2

    play(migrated_sqlite_url, story)


def test_words_in_the_personal_chat_are_kept_without_a_name(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        await town.bruno.direct(GATE)
        receipt = await town.told(town.bruno, GATE, town.bruno.chat)
        assert titled(receipt, "deed:edit_idea")
        with town.storage.look() as unit:
            hunt = unit.hunts.open(town.tenant)[0]
            assert [idea.author for idea in unit.ideas.page(town.tenant, hunt.id, states=STANDING)] == [None]
        edit = shown(await town.bruno.press(town.bruno.chat, receipt, titled(receipt, "deed:edit_idea")))
        edit.fill("field:text", BREAD)
        assert BREAD in (await step(town.bruno, town.bruno.chat, edit, "submit")).said
        assert await town.ideas() == 1

    play(migrated_sqlite_url, story)


def test_a_message_is_saved_from_its_menu_under_its_authors_name(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        said = await town.bruno.say(town.room, "Une <b>marmite</b> de soupe & du pain chaque lundi")
        form = shown(await town.alice.extension("idea_from_message", town.room, said, town.bruno.person))
        assert form.inputs["field:text"]["value"] == "Une <b>marmite</b> de soupe & du pain chaque lundi"
        await step(town.alice, town.room, form, "submit")
        with town.storage.look() as unit:
            hunt = unit.hunts.open(town.tenant)[0]
            (idea,) = unit.ideas.page(town.tenant, hunt.id, states=STANDING)
        assert (idea.author, idea.saved_by) == (town.bruno.person.object_id, town.alice.person.object_id)

    play(migrated_sqlite_url, story)


def test_the_extension_of_the_compose_box_launches_a_hunt(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        form = shown(await town.alice.extension("hunt_new", town.room))
        form.fill("field:question", "Where to plant trees?")
        await step(town.alice, town.room, form, "submit")
        assert "Where to plant trees?" in (await town.board()).said

    play(migrated_sqlite_url, story)


def test_what_cannot_be_kept_is_told_in_the_form_with_what_was_typed(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        form = await town.door(town.alice, "new", "deed:new_hunt")
        form.fill("field:question", "Where?")
        form.fill("field:collect_until", "2020-01-01")
        again = await step(town.alice, town.room, form, "submit")
        assert again.inputs["field:question"]["value"] == "Where?"
        assert "past" in again.said
        idea = shown(await town.alice.extension("idea_new", town.room))
        assert "hunt" in idea.said

    play(migrated_sqlite_url, story)


def test_a_ballot_over_budget_comes_back_with_every_choice(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        for text in (GATE, BREAD, BIKES):
            await town.add(town.bruno, text)
        await town.facilitate("deed:reveal")
        await town.open_vote(3)
        ballot = shown(await town.open(town.alice, "deed:vote"))
        for number in (1, 2):
            ballot.fill(f"field:option:{number}", "2")
        again = await step(town.alice, town.room, ballot, "submit")
        assert again.inputs["field:option:1"]["value"] == "2"
        again.fill("field:option:2", "1")
        assert "●●●" in (await step(town.alice, town.room, again, "submit")).said

    play(migrated_sqlite_url, story)


def test_what_comes_twice_changes_nothing(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        await town.add(town.bruno, GATE)
        await town.bruno.again()
        await town.bruno.again()
        assert await town.ideas() == 1
        await town.bruno.direct(BREAD)
        await town.bruno.again()
        assert await town.ideas() == 2

    play(migrated_sqlite_url, story)


def test_answers_are_for_one_persons_eyes_in_the_room_or_in_their_own_chat(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.bruno.mention(town.room, "aide")
        post = await town.told(town.bruno, "@ideahunt")
        assert post.to == town.bruno.person.id
        assert town.seen(town.alice, "@ideahunt") is None
        town.teams.desk.no_targeting = True
        await town.alice.mention(town.room, "help")
        assert "What you can type" in (await town.told(town.alice, "@ideahunt", town.alice.chat)).said

    play(migrated_sqlite_url, story)


def test_a_hunt_without_names_refuses_what_the_room_reads_under_a_name(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch(names="none")
        for words in (f"idea {GATE}", BREAD):
            await town.bruno.mention(town.room, words)
            assert await town.told(town.bruno, "tout le monde lit ici le vôtre")
        assert await town.ideas() == 0
        await town.bruno.direct(GATE)
        targeted = {**town.bruno.last, **aside(town, f"idea {BREAD}")}
        assert await town.teams.raw(targeted) == 200
        assert await town.ideas() == 2

    play(migrated_sqlite_url, story)


def aside(town: Town, text: str) -> dict[str, Any]:
    """What makes a message one of the room that only its writer and the bot read."""
    at = {"id": town.room.id, "conversationType": "channel", "tenantId": town.teams.tenant_id}
    recipient = {"id": f"28:{town.teams.app_id}", "isTargeted": True}
    return {"id": "1700000000777", "text": text, "conversation": at, "recipient": recipient}


def test_a_message_extension_used_in_another_chat_moves_nobodys_own_chat(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.bruno.direct("aide")
        person = PersonId(town.bruno.person.object_id)
        before = town.core.rooms.reach(town.tenant, person)
        await town.bruno.extension("hunt_new", town.bruno.chat)
        for id in ("19:two_people@unq.gbl.spaces", "a:1anotherbot"):
            elsewhere = {**town.bruno.last["conversation"], "id": id}
            assert await town.teams.raw({**town.bruno.last, "conversation": elsewhere}) == 200
        await town.bruno.direct("aide")
        told = {**town.bruno.last, "id": "1700000000778", "text": "x"}
        at = {**told["conversation"], "id": "19:two_people@unq.gbl.spaces"}
        assert await town.teams.raw({**told, "conversation": at}) == 200
        assert town.core.rooms.reach(town.tenant, person) == before

    play(migrated_sqlite_url, story)


def test_two_accounts_in_teams_are_never_linked_and_answers_stay_apart(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.alice.direct("link")
        code = (await town.told(town.alice, "Your code is", town.alice.chat)).said.partition("code is ")[2][:4]
        before = len(town.alice.seen(town.alice.chat))
        await town.bruno.direct(f"lier {code}")
        await town.told(town.bruno, "Les deux comptes sont sur cette plateforme", town.bruno.chat)
        await town.bruno.direct("aide")
        await town.teams.until(lambda: len(town.bruno.seen(town.bruno.chat)) >= 3)
        assert len(town.alice.seen(town.alice.chat)) == before
        with town.storage.look() as unit:
            assert unit.links.accounts(town.tenant) == {}

    play(migrated_sqlite_url, story)


def test_a_link_of_one_platform_that_an_older_version_made_is_undone_when_it_is_read(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.alice.direct("help")
        await town.bruno.direct("aide")
        accounts = PersonId(town.bruno.person.object_id), PersonId(town.alice.person.object_id)
        with town.storage.begin() as unit:
            unit.links.link(town.tenant, *accounts)
        await town.bot.office.read_accounts()
        assert town.core.rooms.accounts(town.tenant) == {}
        before = len(town.alice.seen(town.alice.chat)), len(town.bruno.seen(town.bruno.chat))
        await town.bruno.direct("aide")
        await town.teams.until(lambda: len(town.bruno.seen(town.bruno.chat)) > before[1])
        assert len(town.alice.seen(town.alice.chat)) == before[0]

    play(migrated_sqlite_url, story)


def test_the_home_card_is_shown_when_the_app_is_added(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        await town.teams.install(town.bruno.chat, town.bruno)
        home = await town.told(town.bruno, "ideahunt", town.bruno.chat)
        assert "How might we make mornings calmer?" in home.said

    play(migrated_sqlite_url, story)


def test_the_words_of_the_tenant_are_changed_in_a_form_and_refused_with_their_line(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        form = await town.door(town.alice, "words", "deed:words")
        form.fill("field:words", "MTB → bike\nbike → MTB")
        again = await step(town.alice, town.room, form, "submit")
        assert "Line 2: bike → MTB → bike goes round in a circle. Take this line out" in again.said
        assert again.inputs["field:words"]["value"] == "MTB → bike\nbike → MTB"
        again.fill("field:words", "MTB, velo → bike")
        assert "Word list saved: 2 words." in (await step(town.alice, town.room, again, "submit")).said
        for words in ("An MTB shed behind the school", "A velo shed behind the school"):
            await town.add(town.bruno, words)
        await town.facilitate("deed:reveal")
        sort = shown(await town.facilitate("deed:sort"))
        pairs = await step(town.alice, town.room, sort, "deed:duplicates")
        assert {"deed:merge", "deed:keep_apart", "deed:other_theme"} <= {b["data"].get("do") for b in pairs.buttons}
        assert "all pairs are decided" in (await step(town.alice, town.room, pairs, "deed:other_theme")).said
        with town.storage.look() as unit:
            hunt = unit.hunts.open(town.tenant)[0]
            assert unit.ideas.kept_apart(town.tenant, hunt.id) == ((1, 2),)

    play(migrated_sqlite_url, story)


def test_the_facilitator_sorts_names_and_joins_themes(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch(themes="Streets\nFood")
        for text in (GATE, BREAD, BIKES):
            await town.add(town.bruno, text)
        await town.facilitate("deed:reveal")
        sort = shown(await town.facilitate("deed:sort"))
        chosen = [id for id in sort.inputs if id.startswith("theme_of:")]
        assert len(chosen) == 3
        for id in chosen:
            number = id.partition(":")[2].partition("|")[0]
            sort.fill(id, f"{number}|2" if number == "2" else f"{number}|1")
        sorted_once = await step(town.alice, town.room, sort, "pick:theme_of")
        assert {one["value"].partition("|")[2] for one in sorted_once.inputs.values()} == {"1", "2"}
        themes = await step(town.alice, town.room, sorted_once, "deed:themes")
        themes.fill("step:2", "2|rename|")
        name = await step(town.alice, town.room, themes, "pick:theme_step")
        name.fill("field:name", "Bread")
        assert "Bread" in (await step(town.alice, town.room, name, "submit")).said
        again = await step(town.alice, town.room, sorted_once, "deed:themes")
        again.fill("step:1", "1|merge|2")
        again.fill("step:2", "2|merge|1")  # by then the first is gone
        done = await step(town.alice, town.room, again, "pick:theme_step")
        assert "Bread (3)" in done.said
        assert "This theme is no longer in this hunt. Choose another one from the list." in done.said

    play(migrated_sqlite_url, story)


def test_a_flood_of_letters_keeps_to_the_limits_of_teams(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        for number in range(12):
            await town.add(town.bruno, f"Bench number {number} by the pond")
            await town.alice.mention(town.room, "help")
        await asyncio.sleep(0.5)
        assert town.teams.desk.rates.refused == 0

    play(migrated_sqlite_url, story, pace=Pace.STRICT, second=1.0)


def test_signs_rosters_and_new_chats_keep_to_the_limits_of_teams(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        said = [
            await town.bruno.mention(town.room, f"Bench number {n} by the pond", under=board)
            for n in ("one", "two", "six")
        ]
        town.teams.desk.no_targeting = True
        await town.alice.mention(town.room, "help")
        await town.teams.until(lambda: all(one.reactions for one in said) and town.alice.seen(town.alice.chat))
        assert town.teams.desk.rates.refused == 0

    play(migrated_sqlite_url, story, pace=Pace.STRICT, second=1.0)


def test_a_message_that_became_an_idea_gets_a_sign_where_teams_lets_bots_react(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        said = await town.bruno.mention(town.room, GATE, under=board)
        await town.teams.until(lambda: said.reactions)
        await town.bruno.delete(town.room, said)
        town.teams.desk.no_reactions = True
        await town.bruno.mention(town.room, BREAD, under=board)
        assert await town.ideas() == 1

    play(migrated_sqlite_url, story)


def test_a_group_chat_has_no_threads_and_mentions_are_ideas_there(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        town.room = town.teams.group("lunch", [town.alice, town.bruno])
        await town.teams.install(town.room, town.alice)
        await town.launch()
        await town.bruno.mention(town.room, GATE)
        assert await town.ideas() == 1
        await town.facilitate("deed:reveal")
        await town.teams.until(lambda: [one for one in town.room.posts if "Table" in one.said or GATE in one.said])

    play(migrated_sqlite_url, story)


def test_no_secret_and_no_idea_is_written_to_the_log_even_at_debug(
    migrated_sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    granted: set[str] = set()
    caplog.set_level(logging.DEBUG)
    for library in CHATTY:
        caplog.set_level(logging.WARNING, logger=library)

    async def story(town: Town) -> None:
        await town.launch()
        await town.bruno.mention(town.room, f"idea {GATE}")
        await town.bruno.direct(GATE)
        town.teams.storm(500, "ServiceError", times=2)
        granted.update(town.teams.desk.granted)
        town.teams.expire_tokens()
        form = shown(await town.open(town.bruno, "deed:add_idea"))
        form.fill("field:text", GATE)
        town.fuse.blown = True
        await town.bruno.submit(town.room, form, titled(form, "submit"))
        granted.update(town.teams.desk.granted)
        granted.add(town.teams.desk.secret)

    play(migrated_sqlite_url, story)
    assert granted
    assert caplog.records
    for secret in (*granted, GATE, GATE.lower()):
        assert secret not in caplog.text


def test_whoever_asks_to_facilitate_and_whoever_does_is_named(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        await town.bruno.mention(town.room, "reprendre")
        await town.told(town.alice, f"{town.bruno.person.name} asks to facilitate", town.alice.chat)
        hunt = town.core.hunts.newest_here(town.tenant, RoomId(town.room.id))
        assert hunt is not None
        alice, bruno = (PersonId(who.person.object_id) for who in (town.alice, town.bruno))
        town.core.facilitation.share(Asker(town.tenant, alice), hunt, (bruno,), (), utc_now())
        form = shown(await town.facilitate("deed:share"))
        assert town.bruno.person.name in str(form.inputs["field:cofacilitators"]["choices"])

    play(migrated_sqlite_url, story)


def test_a_refused_form_shows_its_days_and_hours_again_as_they_were_typed(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        form = await step(town.alice, town.room, await town.door(town.alice, "new", "deed:new_hunt"), "pick:more")
        typed = {"field:question": "How?", "field:collect_until": "2020-01-01", "time:field:collect_until": "08:15"}
        for name, value in typed.items():
            form.fill(name, value)
        refused = await step(town.alice, town.room, form, "submit")
        assert "This moment is past" in refused.said
        assert {name: refused.inputs[name]["value"] for name in typed} == typed
        refused = await step(town.alice, town.room, refused, "submit")
        assert "This moment is past" in refused.said
        refused.typed["field:collect_until"] = "tomorrow"
        assert "no day we can read" in (await step(town.alice, town.room, refused, "submit")).said

    play(migrated_sqlite_url, story)


def test_a_launch_names_its_channel_and_never_its_id(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        form = await town.door(town.alice, "new", "deed:new_hunt")
        form.fill("field:question", "How?")
        told = await step(town.alice, town.room, form, "submit")
        assert "is starting in" in told.said
        assert "19:" not in told.said

    play(migrated_sqlite_url, story)


@pytest.mark.parametrize("words", ["vote", "résultats", "mes idées"])
def test_a_word_about_a_hunt_shows_ones_hunts_in_the_personal_chat(migrated_sqlite_url: str, words: str) -> None:
    async def story(town: Town) -> None:
        def cards() -> int:
            return len([one for one in town.bruno.seen(town.bruno.chat) if QUESTION in one.said])

        await town.launch()
        await town.bruno.direct("menu")
        await town.teams.until(cards)
        before = cards()
        await town.bruno.direct(words)
        await town.teams.until(lambda: cards() > before)
        assert [one.said for one in town.bruno.seen(town.bruno.chat) if "Aucune chasse" in one.said] == []

    play(migrated_sqlite_url, story)
