"""A hunt from the command to its results, as people live it: every way in, every form, both languages."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.commands import Verb
from bot.domain.hunt import MAX_THEMES
from bot.domain.ideas import ThemeSeed
from bot.domain.names import TenantId
from bot.screens import Deed
from bot.theming import LexicalThemer
from handlers.desk import listeners, listeners_deeds, listeners_forms, wire
from handlers.slack import draw
from standins.slack import Hands, View
from tests.handlers.slack.town import QUESTION, Town, play, running

IDEA = "Open the canteen an hour earlier"


def test_every_deed_and_every_pick_has_its_listener() -> None:
    assert set(listeners_deeds.DEEDS) == set(Deed)
    assert set(listeners.PICKS) == set(wire.Pick)
    assert set(listeners.VERBS) == set(listeners.DEED_OF) == set(Verb)
    assert set(listeners_forms.FORMS) == set(draw.SUBMITS)


def top(hands: Hands) -> View:
    """The form in front of somebody."""
    assert hands.view is not None
    return hands.view


async def ideas(town: Town, count: int = 3) -> None:
    for number in range(count):
        await town.bruno.command("/ideahunt", f"idea {IDEA} ({number})", channel=town.room)


# --- launching


def test_the_command_alone_opens_the_launch_form_and_then_the_hub(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        reply = await town.alice.command("/ideahunt", channel=town.room)
        assert reply.view is not None
        assert reply.view.callback_id == "form:launch"
        await town.alice.close(reply.view)
        await town.launch()
        reply = await town.alice.command("/ideahunt", channel=town.room)
        assert reply.view is not None
        assert reply.view.callback_id == "form:hub"

    play(migrated_sqlite_url, story)


def test_more_options_keep_what_was_typed(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        reply = await town.alice.command("/ideahunt", "new How do we rest?", channel=town.room)
        assert reply.view is not None
        await town.alice.fill(reply.view, "field:themes", "Food\nLight")
        await town.alice.click(reply.view, action_id="pick:more")
        values = top(town.alice).values
        assert values["field:question"]["value"]["value"] == "How do we rest?"
        assert values["field:themes"]["value"]["value"] == "Food\nLight"
        assert "field:capture" in values

    play(migrated_sqlite_url, story)


def test_a_bad_launch_is_told_beside_its_field_in_the_persons_language(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        reply = await town.bruno.command("/ideahunt", "nouvelle", channel=town.room)
        assert reply.view is not None
        await town.bruno.fill(reply.view, "field:question", "Comment mieux dormir ?")
        await town.bruno.fill(reply.view, "field:themes", "\n".join(f"thème {n}" for n in range(13)))
        sent = await town.bruno.submit(reply.view)
        assert list(sent.errors) == ["field:themes"]
        assert "thèmes" in sent.errors["field:themes"]

    play(migrated_sqlite_url, story)


def test_a_second_hunt_in_a_room_is_refused_in_the_form(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        reply = await town.bruno.command("/ideahunt", "nouvelle Encore une ?", channel=town.room)
        assert reply.view is not None
        await town.bruno.fill(reply.view, "field:room", town.room.id)
        sent = await town.bruno.submit(reply.view)
        assert QUESTION in sent.errors["field:room"]

    play(migrated_sqlite_url, story)


def test_a_private_room_without_the_bot_waits_for_the_invitation(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        attic = town.slack.channel("attic", [town.alice, town.bruno], private=True)
        reply = await town.alice.command("/ideahunt", "new What about the attic?", channel=town.room)
        assert reply.view is not None
        await town.alice.fill(reply.view, "field:room", attic.id)
        await town.alice.submit(reply.view)
        await town.slack.until(lambda: any("attic" in m.visible_text for m in town.alice.inbox()))
        await town.alice.invite_bot(attic)
        await town.slack.until(lambda: any("What about the attic?" in m.visible_text for m in attic.messages))

    play(migrated_sqlite_url, story)


def test_the_global_shortcut_launches(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        reply = await town.alice.global_shortcut("hunt_new")
        assert reply.view is not None
        assert reply.view.callback_id == "form:launch"

    play(migrated_sqlite_url, story)


# --- words after the command


@pytest.mark.parametrize("words", ["voet", "vtoe now"])
def test_an_unknown_word_is_answered_with_the_nearest_one(migrated_sqlite_url: str, words: str) -> None:
    async def story(town: Town) -> None:
        reply = await town.alice.command("/ideahunt", words, channel=town.room)
        assert "/ideahunt vote" in reply.ephemerals[-1].visible_text

    play(migrated_sqlite_url, story)


def test_unknown_words_can_become_an_idea(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        reply = await town.alice.command("/ideahunt", "more plants on every floor", channel=town.room)
        await town.alice.click(reply.ephemerals[-1], action_id="deed:save_text")
        reply = await town.alice.command("/ideahunt", "ideas", channel=town.room)
        assert reply.view is not None
        assert "more plants on every floor" in reply.view.visible_text

    play(migrated_sqlite_url, story)


def test_every_word_is_answered_even_where_no_hunt_is(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        for verb in ("idea Some words for nothing", "ideas", "vote", "board", "sort", "reveal", "close", "results"):
            reply = await town.alice.command("/ideahunt", verb, channel=town.room)
            assert reply.acked
            assert reply.ephemerals or reply.view, verb
        for verb in ("export csv", "export pdf", "help", "settings"):
            reply = await town.alice.command("/ideahunt", verb, channel=town.room)
            assert reply.ephemerals or reply.view, verb

    play(migrated_sqlite_url, story)


# --- collecting


def test_an_idea_comes_in_by_every_way(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        alice, bruno = town.alice, town.bruno
        await bruno.post(town.room, "By a reply in the thread", thread_ts=board)
        await bruno.command("/ideahunt", "idea By the words of a command", channel=town.room)
        reply = await bruno.click(board, action_id="deed:add_idea")
        assert reply.view is not None
        await bruno.fill(reply.view, "field:text", "By the form behind the button")
        await bruno.submit(reply.view)
        marked = await bruno.post(town.room, "By a light bulb of Alice")
        await alice.react(marked, "bulb")
        shared = await bruno.post(town.room, "By a shortcut on a message")
        reply = await alice.message_shortcut("idea_from_message", shared)
        assert reply.view is not None
        await alice.submit(reply.view)
        await bruno.direct("By a direct message without a name")
        reply = await bruno.command("/ideahunt", "idées", channel=town.room)
        assert reply.view is not None
        told = reply.view.visible_text
        for way in ("reply", "words", "form", "light bulb", "shortcut"):
            assert f"By a {way}" in told or f"By the {way}" in told, way
        assert "without a name" not in told
        await town.slack.until(lambda: "6 ideas" in board.visible_text)

    play(migrated_sqlite_url, story)


def test_the_likely_theme_of_an_idea_is_found_out_before_its_transaction(
    migrated_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, str]] = []
    place = LexicalThemer.place

    def foresee(themer: LexicalThemer, text: str, seeds: Sequence[ThemeSeed]) -> None:
        told.append(("foreseen", text))

    def placed(themer: LexicalThemer, text: str, seeds: Sequence[ThemeSeed]) -> int | None:
        told.append(("placed", text))
        return place(themer, text, seeds)

    monkeypatch.setattr(LexicalThemer, "foresee", foresee)
    monkeypatch.setattr(LexicalThemer, "place", placed)

    async def story(town: Town) -> None:
        board = await town.launch(themes="Food\nLight")
        await town.caught_up()
        await town.bruno.post(town.room, "More food in the thread", thread_ts=board)
        await town.slack.until(lambda: told[1:])
        await town.bruno.command("/ideahunt", "idea More light by a command", channel=town.room)
        reply = await town.bruno.click(board, action_id="deed:add_idea")
        assert reply.view is not None
        await town.bruno.fill(reply.view, "field:text", "More food by the form")
        await town.bruno.submit(reply.view)
        ways = ("More food in the thread", "More light by a command", "More food by the form")
        assert told == [(deed, text) for text in ways for deed in ("foreseen", "placed")]

    play(migrated_sqlite_url, story)


def test_a_message_saved_by_the_shortcut_reads_the_names_it_mentions(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        carol = town.slack.person("carol")
        shared = await town.bruno.post(town.room, "@carol could lend us the big oven")
        await town.slack.settle()
        await town.bot.stop()
        async with running(town.core, town.fuse, town.slack):  # it knows no name yet
            reply = await town.alice.message_shortcut("idea_from_message", shared)
            assert reply.view is not None
            sent = await town.alice.submit(reply.view)
            assert not sent.errors
            mine = await town.bruno.command("/ideahunt", "idées", channel=town.room)
            assert mine.view is not None
            assert "could lend us" in mine.view.visible_text
            assert carol.id not in mine.view.visible_text
            assert "@carol" in mine.view.visible_text.lower()

    play(migrated_sqlite_url, story)


def test_the_receipt_of_a_reply_is_a_reaction_and_no_message(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        reply = await town.bruno.post(town.room, IDEA, thread_ts=board)
        await town.slack.until(lambda: reply.reactions)
        assert town.bruno.ephemerals() == []
        assert len(town.room.thread(board)) == 2

    play(migrated_sqlite_url, story)


def test_a_pasted_list_is_split_when_asked(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        await town.caught_up()
        await town.bruno.post(
            town.room, "- a bench in the sun\n- a clock on the wall\n- free tea at noon", thread_ts=board
        )
        await town.slack.until(town.bruno.ephemerals)
        await town.bruno.click(town.bruno.ephemerals()[-1], action_id="deed:split_list")
        await town.slack.until(lambda: "3 ideas" in board.visible_text)

    play(migrated_sqlite_url, story)


def test_a_word_or_two_are_answered_beside_the_message(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        await town.bruno.post(town.room, "oui oui", thread_ts=board)
        await town.slack.until(town.bruno.ephemerals)
        told = town.bruno.ephemerals()[-1]
        assert "3 mots" in told.visible_text
        assert told.thread_ts == board.ts

    play(migrated_sqlite_url, story)


@pytest.mark.parametrize("text", ["", ":tada: :tada:"])
def test_a_file_or_an_emoji_alone_is_no_idea_and_needs_no_comment(migrated_sqlite_url: str, text: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        await town.bruno.post(
            town.room, text, thread_ts=board, blocks=[], subtype="file_share", files=[{"id": "F1", "name": "a.png"}]
        )
        await town.slack.settle()
        assert town.bruno.ephemerals() == []

    play(migrated_sqlite_url, story)


def test_edits_and_deletions_reach_the_idea(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        kept = await town.bruno.post(town.room, "A bench in the garden", thread_ts=board)
        gone = await town.bruno.post(town.room, "A fountain in the hall", thread_ts=board)
        await town.bruno.edit(kept, "Two benches in the garden")
        await town.bruno.delete(gone)
        reply = await town.bruno.command("/ideahunt", "ideas", channel=town.room)
        assert reply.view is not None
        assert "Two benches in the garden" in reply.view.visible_text
        await town.slack.until(lambda: "1 idea ·" in board.visible_text)

    play(migrated_sqlite_url, story)


def test_the_last_bulb_taken_away_takes_the_idea_back(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        marked = await town.bruno.post(town.room, "By a light bulb of two people")
        await town.alice.react(marked, "bulb")
        await town.bruno.react(marked, "bulb")
        await town.slack.until(lambda: "1 idea ·" in board.visible_text)
        await town.alice.unreact(marked, "bulb")
        await town.slack.settle()
        await town.bruno.unreact(marked, "bulb")
        await town.slack.until(lambda: "0 ideas" in board.visible_text)

    play(migrated_sqlite_url, story)


def test_an_idea_is_edited_withdrawn_and_restored_from_its_receipt(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        reply = await town.bruno.command("/ideahunt", f"idea {IDEA}", channel=town.room)
        receipt = reply.ephemerals[-1]
        opened = await town.bruno.click(receipt, action_id="deed:edit_idea")
        assert opened.view is not None
        await town.bruno.fill(opened.view, "field:text", f"{IDEA}, every day")
        await town.bruno.submit(opened.view)
        await town.bruno.close(top(town.bruno), everything=True)
        reply = await town.bruno.command("/ideahunt", "ideas", channel=town.room)
        assert "every day" in top(town.bruno).visible_text
        await town.bruno.click(top(town.bruno), text="Retirer")
        await town.bruno.click(top(town.bruno), text="Rétablir cette idée")
        assert "every day" in top(town.bruno).visible_text

    play(migrated_sqlite_url, story)


# --- grouping


def test_ideas_are_sorted_themes_made_and_steps_taken_back(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch(themes="Food\nLight")
        await ideas(town)
        alice = town.alice
        await alice.command("/ideahunt", "reveal", channel=town.room)
        await alice.command("/ideahunt", "sort", channel=town.room)
        first = next(b for b in top(alice).blocks if b["block_id"].startswith("sort:"))
        options = first["accessory"]["options"]
        food = next(o["value"] for o in options if o["text"]["text"] == "Food")
        await alice.choose(top(alice), "pick:theme_of", food, block=first["block_id"])
        assert "(Food)" in top(alice).visible_text
        await alice.click(top(alice), action_id="deed:undo")
        assert "(Food)" not in top(alice).visible_text.splitlines()[4]
        await alice.click(top(alice), action_id="pick:unsorted")
        new = next(o["value"] for o in options if o["value"].endswith("|new"))
        again = next(b for b in top(alice).blocks if b["block_id"].startswith("sort:"))
        await alice.choose(top(alice), "pick:theme_of", new.replace(new.split("|")[0], "1"), block=again["block_id"])
        assert top(alice).callback_id == "form:theme_name"
        await alice.fill(top(alice), "field:name", "Canteen")
        await alice.submit(top(alice))
        assert top(alice).callback_id == "form:sort"
        await alice.click(top(alice), text="Themes")
        assert "Canteen" in top(alice).visible_text

    play(migrated_sqlite_url, story)


def test_a_refused_form_without_inputs_is_told_in_its_place_where_no_modal_fits_on_top(
    migrated_sqlite_url: str,
) -> None:
    async def story(town: Town) -> None:
        await town.launch(themes="\n".join(f"Theme {number}" for number in range(MAX_THEMES)))
        for words in ("Share warm bread at the bus stop", "Lend bikes to whoever misses the bus"):
            await town.bruno.command("/ideahunt", f"idea {words}", channel=town.room)
        alice = town.alice
        await alice.command("/ideahunt", "reveal", channel=town.room)
        await alice.command("/ideahunt", channel=town.room)
        for deed in (Deed.SORT, Deed.THEMES, Deed.SUGGEST_THEMES):
            await alice.click(top(alice), action_id=wire.deed_action(deed))
        assert top(alice).callback_id == "form:piles"
        await alice.submit(top(alice))
        assert top(alice).callback_id == "form:note"
        assert "12 themes" in top(alice).visible_text
        assert town.slack.violations == []

    play(migrated_sqlite_url, story)


def test_the_words_of_the_workspace_are_changed_in_a_form_and_refused_with_their_line(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        alice = town.alice
        await alice.command("/ideahunt", "mots", channel=town.room)
        assert top(alice).callback_id == "form:words"
        await alice.fill(top(alice), "field:words", "MTB → bike\nvelo")
        refused = await alice.submit(top(alice))
        assert refused.errors == {"field:words": "Line 2: “velo” is not of the form word → word. Nothing was saved."}
        await alice.fill(top(alice), "field:words", "MTB → bike\nvelo → bike")
        assert not (await alice.submit(top(alice))).errors
        assert "Word list saved: 2 words." in top(alice).visible_text
        await alice.close(top(alice), everything=True)
        for words in ("An MTB shed behind the school", "A velo shed behind the school"):
            await town.bruno.command("/ideahunt", f"idea {words}", channel=town.room)
        await alice.command("/ideahunt", "reveal", channel=town.room)
        await alice.command("/ideahunt", "sort", channel=town.room)
        await alice.click(top(alice), text="Similar ideas")
        for button in ("Merge", "Two ideas", "Two ideas, two themes"):
            assert button in top(alice).visible_text
        await alice.click(top(alice), text="Two ideas, two themes")
        assert "all pairs are decided" in top(alice).visible_text
        with town.storage.look() as unit:
            tenant = TenantId(f"slack:{town.slack.team}")
            assert unit.ideas.kept_apart(tenant, unit.hunts.open(tenant)[0].id) == ((1, 2),)

    play(migrated_sqlite_url, story)


# --- voting


async def voting(town: Town, count: int = 3) -> None:
    await town.launch()
    await ideas(town, count)
    await town.alice.command("/ideahunt", "reveal", channel=town.room)
    await town.open_vote()


async def choose(hands: Hands, place: int, dots: int) -> None:
    """Wishes dots on the option that stands at a place of the ballot."""
    lines = [b for b in top(hands).blocks if b["block_id"].startswith("ballot:")]
    option = lines[place]["accessory"]["options"][dots]["value"]
    await hands.choose(top(hands), "pick:dots", option, block=lines[place]["block_id"])


def test_a_ballot_saves_each_choice_and_the_results_come_to_the_room(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await voting(town)
        await town.bruno.command("/ideahunt", "vote", channel=town.room)
        await choose(town.bruno, 0, 2)
        assert "●●○" in top(town.bruno).visible_text
        await town.bruno.submit(top(town.bruno))
        assert top(town.bruno).callback_id == "form:receipt"
        reply = await town.alice.command("/ideahunt", "results", channel=town.room)
        assert "2 dots" not in reply.ephemerals[-1].visible_text
        await town.alice.command("/ideahunt", "close", channel=town.room)
        await town.slack.until(lambda: any("2 dots" in m.visible_text for m in town.room.messages))

    play(migrated_sqlite_url, story)


def test_a_wish_over_the_budget_comes_back_drawn_with_the_reason(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await voting(town)
        bruno = town.bruno
        await bruno.command("/ideahunt", "vote", channel=town.room)
        stale = top(bruno)
        lines = [b for b in stale.blocks if b["block_id"].startswith("ballot:")]
        wishes = [(line["accessory"]["options"][2]["value"], line["block_id"]) for line in lines]
        await bruno.choose(top(bruno), "pick:dots", wishes[0][0], block=wishes[0][1])
        await choose(bruno, 1, 1)
        assert "●●●" in top(bruno).visible_text
        third = [b for b in top(bruno).blocks if b["block_id"].startswith("ballot:")][2]
        assert len(third["accessory"]["options"]) == 1

    play(migrated_sqlite_url, story)


def test_the_plain_ballot_is_checked_when_it_is_sent(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await voting(town)
        bruno = town.bruno
        await bruno.command("/ideahunt", "settings", channel=town.room)
        await bruno.choose(top(bruno), block="field:plain_ballot", option=["yes"])
        await bruno.submit(top(bruno))
        await bruno.close(top(bruno), everything=True)
        await bruno.command("/ideahunt", "vote", channel=town.room)
        assert top(bruno).callback_id == "form:plain_ballot"
        for number in (1, 2, 3):
            await bruno.fill(top(bruno), f"field:option:{number}", "2")
        sent = await bruno.submit(top(bruno))
        assert sent.errors
        await bruno.fill(top(bruno), "field:option:2", "1")
        await bruno.fill(top(bruno), "field:option:3", "")
        sent = await bruno.submit(top(bruno))
        assert not sent.errors

    play(migrated_sqlite_url, story)


# --- the rest


def test_the_export_comes_as_a_file_for_one_person(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        await ideas(town)
        await town.alice.command("/ideahunt", "reveal", channel=town.room)
        await town.alice.command("/ideahunt", "export csv", channel=town.room)
        await town.slack.until(lambda: any(m.files for m in town.alice.inbox()))

    play(migrated_sqlite_url, story)


def test_the_home_page_is_drawn_when_it_is_opened(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        home = await town.bruno.open_home()
        assert home is not None
        assert QUESTION in home.visible_text

    play(migrated_sqlite_url, story)


def test_only_the_facilitator_may_reveal_and_others_are_told_so(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        reply = await town.bruno.command("/ideahunt", "dévoiler", channel=town.room)
        assert "animent" in reply.ephemerals[-1].visible_text

    play(migrated_sqlite_url, story)


def test_a_language_chosen_in_the_settings_is_spoken_at_once(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.bruno.command("/ideahunt", "réglages", channel=town.room)
        await town.bruno.choose(top(town.bruno), block="field:language", option="en")
        await town.bruno.submit(top(town.bruno))
        reply = await town.bruno.command("/ideahunt", "vote", channel=town.room)
        assert "No hunt is open" in reply.ephemerals[-1].visible_text

    play(migrated_sqlite_url, story)


def test_long_lists_are_turned_page_by_page(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        writers = [town.slack.person(f"writer{number}") for number in range(5)]
        for number in range(25):
            writer = writers[number % 5]
            town.room.members[writer.id] = None
            await writer.command("/ideahunt", f"idea {IDEA} ({number})", channel=town.room)
        alice = town.alice
        await alice.command("/ideahunt", "reveal", channel=town.room)
        for words in ("board", "sort"):
            await alice.command("/ideahunt", words, channel=town.room)
            first = top(alice).visible_text
            await alice.click(top(alice), action_id="turn:2")
            assert top(alice).visible_text != first
            await alice.close(top(alice), everything=True)
        await town.open_vote()
        await town.bruno.command("/ideahunt", "vote", channel=town.room)
        await choose(town.bruno, 0, 1)
        await town.bruno.click(top(town.bruno), action_id="turn:2")
        assert "●○" in top(town.bruno).visible_text

    play(migrated_sqlite_url, story)
