"""A vote as people live it: its rules, the ballot and its receipt, two devices, a ballot cast once, the close."""

from __future__ import annotations

import json
import logging
from copy import deepcopy
from datetime import timedelta

import pytest

from handlers.clock import utc_now
from tests.handlers.slack.polls import (
    TEXTS,
    ballot,
    close_vote,
    gather,
    lead,
    place,
    plainly,
    poll,
    press,
    read,
    resend,
    rows,
    said,
    top,
    vote,
    whole_database,
)
from tests.handlers.slack.town import Town, play

# --- the rules


def test_the_rules_of_the_form_are_printed_on_the_ballot_and_on_the_board(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        town.join("p1", "p2", "p3", "p4")
        until = utc_now() + timedelta(days=2)
        board = await poll(
            town, dots=4, cap=1, places=2, closes_at=until, quorum="half", tie="auto", who="present", keep_days="30"
        )
        await town.slack.until(lambda: "4 dots each, at most 1 on one option." in board.visible_text)
        for rule in ("2 ideas will be chosen.", "It closes on", "Quorum: 3 voters out of 5.", "opens by itself"):
            assert rule in board.visible_text, rule
        await ballot(town.bruno, town.room)
        for rule in (
            "4 gommettes par personne, 1 au plus par option.",
            "2 idées seront retenues.",
            "Clôture\u00a0: ",
            "Quorum\u00a0: 3 votants sur 5.",
            "un départage s’ouvre tout seul, pour 24 heures.",
            "Les membres du salon à l’ouverture du vote peuvent voter.",
            "gardés 30 jours",
            "ne convient pas à une élection",
        ):
            assert rule in read(town.bruno), rule

    play(migrated_sqlite_url, story)


def test_before_the_first_dot_rules_change_and_the_notice_with_them(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await poll(town)
        await ballot(town.bruno, town.room)
        assert "Confidentiel" in read(town.bruno)
        form = await lead(town, "rules")
        for name, value in {"dots": 2, "secrecy": "detached", "keep_days": "0", "by_role": ["yes"]}.items():
            await town.alice.fill(form, f"field:{name}", value)
        sent = await town.alice.submit(form)
        assert not sent.errors
        await town.slack.until(lambda: "2 dots each" in board.visible_text)
        await ballot(town.bruno, town.room)
        assert "Détaché" in read(town.bruno)
        assert "Confidentiel" not in read(town.bruno)
        assert "supprimés à la clôture" in read(town.bruno)
        assert "par rôle" in read(town.bruno)

    play(migrated_sqlite_url, story)


def test_after_the_first_dot_each_refused_rule_is_named_beside_its_field(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        until = utc_now() + timedelta(days=2)
        await poll(town, closes_at=until)
        await vote(town.bruno, town.room, o1=1)
        form = await lead(town, "rules")
        assert "Nothing else moves" in form.visible_text
        wanted = {"dots": 9, "cap": "3", "places": "1", "closes_at": until - timedelta(hours=1), "quorum": "none"}
        for name, value in {**wanted, "tie": "keep", "secrecy": "detached", "who": "present"}.items():
            await town.alice.fill(form, f"field:{name}", value)
        sent = await town.alice.submit(form)
        names = ("dots", "cap", "places", "closes_at", "quorum", "tie", "secrecy", "who")
        assert set(sent.errors) == {f"field:{name}" for name in names}
        assert set(sent.errors.values()) == {"A dot is placed already: this rule does not change any more."}
        later = await lead(town, "rules")
        await town.alice.fill(later, "field:closes_at", until + timedelta(days=1))
        await town.alice.fill(later, "field:keep_days", "30")
        sent = await town.alice.submit(later)
        assert not sent.errors
        assert "up to date" in read(town.alice)
        assert rows(town, "select dots, keep_days from round") == [(3, 30)]

    play(migrated_sqlite_url, story)


def test_undecided_duplicates_are_decided_or_waved_through_under_a_name(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await gather(town, (*TEXTS[:2], "Open the canteen one hour earlier"))
        form = await lead(town, "open_vote")
        assert "1 pair of ideas" in form.visible_text
        sent = await town.alice.submit(form)
        assert list(sent.errors) == ["field:wave"]
        assert "your name is noted" in sent.errors["field:wave"]
        await town.alice.fill(form, "field:wave", ["yes"])
        sent = await town.alice.submit(form)
        assert not sent.errors
        noted = rows(town, "select actor, object from audit where deed = 'wave_duplicates'")
        assert [(actor, str(about).partition(":")[2]) for actor, about in noted] == [(town.alice.id, "1")]

    play(migrated_sqlite_url, story)


def test_a_pair_kept_apart_from_the_form_stops_nothing_any_more(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await gather(town, (*TEXTS[:2], "Open the canteen one hour earlier"))
        form = await lead(town, "open_vote")
        reply = await press(town.alice, form, "duplicates")
        assert reply.view is not None
        await press(town.alice, reply.view, "keep_apart")
        await town.alice.close(top(town.alice), everything=True)
        form = await lead(town, "open_vote")
        assert "look alike" not in form.visible_text
        sent = await town.alice.submit(form)
        assert not sent.errors
        assert not rows(town, "select * from audit where deed = 'wave_duplicates'")

    play(migrated_sqlite_url, story)


def test_the_notice_in_the_form_follows_the_choice_and_what_was_typed_stays(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        town.join("p1", "p2", "p3", "p4")
        await gather(town)
        form = await lead(town, "open_vote")
        await town.alice.fill(form, "field:dots", 2)
        await town.alice.click(form, action_id="pick:more_rules")
        assert "only the totals stay" not in read(town.alice)
        assert "Confidential" in read(town.alice)
        await town.alice.choose(top(town.alice), block="field:secrecy", option="detached")
        assert "Confidential" not in read(town.alice)
        assert "it can be neither changed nor read again" in read(town.alice)
        await town.alice.choose(top(town.alice), block="field:keep_days", option="0")
        assert "only the totals stay" in read(town.alice)
        await town.alice.choose(top(town.alice), block="field:by_role", option=["yes"])
        assert "Results by role are told" in read(town.alice)
        sent = await town.alice.submit(top(town.alice))
        assert not sent.errors
        assert rows(town, "select dots, secrecy, keep_days, by_role from round") == [(2, "detached", 0, 1)]

    play(migrated_sqlite_url, story)


def test_more_rules_keep_what_was_typed_and_extra_options_reach_ballot_result_and_export(
    migrated_sqlite_url: str,
) -> None:
    async def story(town: Town) -> None:
        await gather(town)
        form = await lead(town, "open_vote")
        await town.alice.fill(form, "field:dots", 2)
        await town.alice.fill(form, "field:extras", ["nothing", "outside"])
        await town.alice.click(form, action_id="pick:more_rules")
        typed = top(town.alice)
        assert typed.values["field:dots"]["value"]["value"] == "2"
        assert [one["value"] for one in typed.values["field:extras"]["value"]["selected_options"]] == [
            "nothing",
            "outside",
        ]
        sent = await town.alice.submit(typed)
        assert not sent.errors
        await ballot(town.bruno, town.room)
        assert "A Change nothing" in read(town.bruno).replace("*", "")
        assert "B Entrust it to someone outside" in read(town.bruno).replace("*", "")
        await place(town.bruno, 1_000_001, 2)
        told = await close_vote(town)
        assert "A Change nothing" in told.visible_text.replace("*", "")
        await town.alice.command("/ideahunt", "export md", channel=town.room)
        await town.slack.until(lambda: any(m.files for m in town.alice.inbox()), 15)
        assert "Change nothing" in str([file["content"] for file in town.slack.desk.files.values()])

    play(migrated_sqlite_url, story)


# --- the ballot


def test_a_receipt_shows_the_choices_to_their_voter_and_leaves_them_nowhere_else(
    migrated_sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async def story(town: Town) -> None:
        await poll(town)
        await ballot(town.bruno, town.room)
        await place(town.bruno, 2, 2)
        before = said(town)
        await town.bruno.submit(top(town.bruno))
        receipt = read(town.bruno)
        assert top(town.bruno).callback_id == "form:receipt"
        assert "Bulletin validé le" in receipt
        assert TEXTS[1] in receipt
        assert "2 gommettes" in receipt
        assert TEXTS[0] not in receipt
        await town.slack.settle()
        assert said(town) == before
        assert "1|2|2" not in whole_database(town)
        assert set(json.loads(top(town.bruno).definition["private_metadata"])) == {"hunt", "room"}

    play(migrated_sqlite_url, story)
    assert TEXTS[1] not in caplog.text
    assert "1|2|2" not in caplog.text


def test_an_empty_ballot_gets_a_kind_word_and_not_this_time_one_click_away(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await poll(town)
        await ballot(town.bruno, town.room)
        await town.bruno.submit(top(town.bruno))
        assert "Votre bulletin est vide" in read(town.bruno)
        await press(town.bruno, top(town.bruno), "decline")
        assert "pas de rappel de ce vote" in read(town.bruno)
        assert rows(town, "select declined from round_elector where declined") != []

    play(migrated_sqlite_url, story)


def test_the_plain_ballot_says_total_used_and_left_in_words_and_comes_back_from_another_device(
    migrated_sqlite_url: str,
) -> None:
    async def story(town: Town) -> None:
        await poll(town, dots=3)
        bruno = town.bruno
        await plainly(bruno, town.room)
        old = await ballot(bruno, town.room)
        assert "0 gommette placée sur 3, reste 3" in old.visible_text
        await bruno.fill(old, "field:option:3", "1")
        new = await ballot(bruno, town.room)  # on the telephone
        await bruno.fill(new, "field:option:1", "2")
        await bruno.submit(new)
        assert "2 gommettes placées sur 3, reste 1" in read(bruno)
        answer = await resend(town, bruno, old)  # on the computer, still open
        assert answer["response_action"] == "update"
        shown = str(answer["view"]["blocks"])
        assert "a changé entre-temps sur un autre appareil" in shown
        assert "2 gommettes sur 3" in shown
        assert rows(town, "select option from dot order by slot") == [(1,), (1,)]

    play(migrated_sqlite_url, story)


def test_two_devices_with_the_dots_ballot_agree(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await poll(town, dots=3)
        bruno = town.bruno
        await vote(bruno, town.room, o1=2)
        await ballot(bruno, town.room)
        assert "2 gommettes placées sur 3" in read(bruno)
        await place(bruno, 1, 1)
        await place(bruno, 2, 2)
        await ballot(bruno, town.room)
        assert "Toutes vos gommettes sont placées" in read(bruno)
        assert rows(town, "select option, count(*) from dot group by option order by option") == [(1, 1), (2, 2)]

    play(migrated_sqlite_url, story)


# --- cast once


async def many(town: Town) -> None:
    """Twenty-two ideas: two pages of a ballot."""
    writers = town.join("writer1", "writer2", "writer3")
    await town.launch()
    for number in range(22):
        words = f"{chr(97 + number) * 5} {chr(98 + number) * 6} number {number} {chr(99 + number) * 4}"
        await writers[number % 3].command("/ideahunt", f"idea {words}", channel=town.room)
    await town.alice.command("/ideahunt", "reveal", channel=town.room)


def option_fields(hands_view: object) -> list[str]:
    return [b["block_id"] for b in hands_view.blocks if b["block_id"].startswith("field:option:")]  # type: ignore[attr-defined]


def test_a_ballot_cast_once_keeps_its_draft_in_the_form_from_page_to_page(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await many(town)
        await town.open_vote(dots=3, secrecy="detached")
        bruno = town.bruno
        page = await ballot(bruno, town.room)
        assert page.callback_id == "form:cast_ballot"
        assert "une seule fois" in page.visible_text
        first = option_fields(page)[0]
        await bruno.fill(page, first, "2")
        await bruno.click(page, action_id="turn:2")
        assert "2 gommettes placées sur 3, reste 1" in read(bruno)
        assert not rows(town, "select * from dot")
        second = option_fields(top(bruno))[0]
        await bruno.fill(top(bruno), second, "2")
        await bruno.click(top(bruno), action_id="turn:1")
        assert "4 gommettes ici, pour 3 en tout" in read(bruno)
        await bruno.close(top(bruno))
        await bruno.fill(top(bruno), second, "1")
        sent = await bruno.submit(top(bruno))
        assert not sent.errors
        assert "Bulletin déposé le" in read(bruno)
        number = [int(name.rpartition(":")[2]) for name in (first, second)]
        assert dict(rows(town, "select option, count(*) from dot group by option")) == {number[0]: 2, number[1]: 1}

    play(migrated_sqlite_url, story)


def test_a_second_ballot_where_one_is_cast_once_is_refused_kindly(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await poll(town, dots=3, secrecy="detached")
        bruno = town.bruno
        page = await ballot(bruno, town.room)
        await bruno.fill(page, "field:option:1", "2")
        stale = deepcopy(page)
        await bruno.submit(page)
        answer = await resend(town, bruno, stale)
        assert answer["response_action"] == "errors"
        assert "déjà déposé" in str(answer["errors"])
        reply = await bruno.command("/ideahunt", "vote", channel=town.room)
        assert "déjà déposé" in reply.ephemerals[-1].visible_text
        assert rows(town, "select count(*) from ballot") == [(1,)]
        assert rows(town, "select option, count(*) from dot group by option") == [(1, 2)]

    play(migrated_sqlite_url, story)


def test_who_cast_their_ballot_is_not_reminded_and_the_others_are(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        carol, dan = town.join("carol", "dan")
        await poll(town, dots=3, secrecy="detached", closes_at=utc_now() + timedelta(days=3))
        page = await ballot(carol, town.room)
        await carol.fill(page, "field:option:1", "1")
        await carol.submit(page)
        before = len(carol.inbox())
        await town.wait(days=2, minutes=5)
        await town.slack.until(lambda: any("dots" in m.visible_text for m in dan.inbox()), 15)
        await town.slack.settle()
        assert len(carol.inbox()) == before

    play(migrated_sqlite_url, story)


# --- the close


def test_at_the_close_the_bot_says_that_the_vote_is_sealed_and_tells_nothing_before(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        people = town.join("p1", "p2", "p3", "p4", "p5")
        board = await poll(town, dots=3)
        for person in people:
            await vote(person, town.room, o2=2, o3=1)
        await town.slack.until(lambda: "5 voters out of 6" in board.visible_text)
        assert "10 dots" not in said(town, *people)
        reply = await town.alice.command("/ideahunt", "results", channel=town.room)
        assert "10" not in reply.ephemerals[-1].visible_text
        told = (await close_vote(town)).visible_text
        assert "10 dots, 5 supporters" in told
        assert "Ballots sealed on" in told
        assert "Fingerprint of the vote" in told
        assert "5 voters out of 5 find at least one of their choices" in told
        assert not rows(town, "select * from round_key")
        assert not rows(town, "select * from round_elector")

    play(migrated_sqlite_url, story)


def test_a_tie_is_parted_by_one_click_and_a_kept_one_offers_none(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        carol, dan = town.join("carol", "dan")
        await poll(town, dots=1, cap=1, places=1)
        await vote(carol, town.room, o1=1)
        await vote(dan, town.room, o2=1)
        told = await close_vote(town)
        assert "A tie stays a tie" in told.visible_text
        reply = await press(town.alice, told, "run_off")
        assert "24" in reply.ephemerals[-1].visible_text or "run-off" in reply.ephemerals[-1].visible_text
        page = await ballot(carol, town.room)
        assert "1 dot each." in page.visible_text
        assert TEXTS[2] not in page.visible_text
        await place(carol, 2, 1)
        await vote(dan, town.room, o2=1)
        final = (await close_vote(town)).visible_text
        assert TEXTS[1] in final.partition("list")[2] or TEXTS[1] in final

    play(migrated_sqlite_url, story)


def test_by_the_rule_keep_the_result_offers_no_run_off_and_asking_for_one_is_refused(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        carol, dan = town.join("carol", "dan")
        await poll(town, dots=1, cap=1, places=1, tie="keep")
        await vote(carol, town.room, o1=1)
        await vote(dan, town.room, o2=1)
        told = await close_vote(town)
        assert "tied" in told.visible_text.lower()
        assert "deed:run_off" not in str(told.blocks)
        assert "may open a run-off" not in told.visible_text

    play(migrated_sqlite_url, story)


def test_by_the_rule_auto_the_run_off_opens_by_itself_and_the_result_says_until_when(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        carol, dan = town.join("carol", "dan")
        board = await poll(town, dots=1, cap=1, places=1, tie="auto")
        await vote(carol, town.room, o1=1)
        await vote(dan, town.room, o2=1)
        told = await close_vote(town)
        assert "A run-off opened between the tied ideas, until" in told.visible_text
        assert "may open a run-off" not in told.visible_text
        await town.slack.until(lambda: "A run-off is open" in board.visible_text)
        await vote(carol, town.room, o2=1)
        before = len(town.room.messages)
        await town.wait(hours=24, minutes=1)
        await town.slack.until(lambda: any("🏆" in m.visible_text for m in town.room.messages[before:]), 15)

    play(migrated_sqlite_url, story)


def test_the_second_reading_is_one_click_away_and_a_close_gap_is_to_be_discussed(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        people = town.join("p1", "p2", "p3", "p4", "p5")
        await poll(town, dots=2, cap=1, places=1)
        for person in people[:3]:
            await vote(person, town.room, o1=1)
        for person in people[3:]:
            await vote(person, town.room, o2=1)
        told = await close_vote(town)
        assert "To be discussed: between #1" in told.visible_text
        reply = await press(people[0], told, "second_reading")
        assert reply.view is not None
        assert "equal shares" in reply.view.visible_text
        assert "It changes nothing in the result" in reply.view.visible_text

    play(migrated_sqlite_url, story)
