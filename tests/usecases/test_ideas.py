"""Posting ideas: kept once, kept private, kept even in the wrong order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import NotAllowed, TooManyIdeas, TooShort, WrongPhase
from bot.domain.hunt import Capture, Names
from bot.domain.ideas import IdeaState
from bot.domain.names import HuntId, IdeaNumber, MessageId, RoomId
from bot.screens import Board, Browse, IdeaSaved, Note
from bot.usecases.requests import EditRequest, IdeaRequest
from tests.usecases.town import ROOM, TENANT, Town


def ideas(town: Town, hunt: str) -> list[str]:
    with town.storage.look() as unit:
        return [idea.text for idea in unit.ideas.texts(TENANT, hunt)]  # type: ignore[arg-type]


def state(town: Town, hunt: str, number: int) -> IdeaState:
    with town.storage.look() as unit:
        return unit.ideas.get(TENANT, hunt, IdeaNumber(number)).state  # type: ignore[arg-type]


def test_the_same_request_sent_three_times_keeps_one_idea(town: Town) -> None:
    hunt = town.launch()
    wanted = IdeaRequest(hunt, "Mark a loop for mountain bikes.")
    answers = [town.core.ideas.post(town.asker("youssef"), wanted, "same-key", now=town.now) for _ in range(3)]
    assert [answer.repeated for answer in answers] == [False, True, True]
    assert {answer.line.number for answer in answers} == {1}
    assert ideas(town, hunt) == ["Mark a loop for mountain bikes."]


def test_a_reply_delivered_three_times_is_one_idea_with_one_receipt(town: Town) -> None:
    hunt = town.launch()
    for _ in range(3):
        town.core.incoming.heard(town.heard("karima", "Fence a field for the dogs.", "m1"), now=town.now)
    receipts = [out for out in town.deliver() if out.reaction]
    assert ideas(town, hunt) == ["Fence a field for the dogs."]
    assert [out.update for out in receipts] == ["m1"]


def test_one_gesture_seen_as_two_messages_is_one_idea(town: Town) -> None:
    hunt = town.launch()
    for message in ("m1", "m2"):
        heard = town.heard("karima", "Fence a field for the dogs.", message, client_id="c-77")
        town.core.incoming.heard(heard, now=town.now)
    assert len(ideas(town, hunt)) == 1


def test_an_edit_reaches_the_idea_and_an_older_edit_does_not_come_back(town: Town) -> None:
    hunt = town.launch()
    town.core.incoming.heard(town.heard("karima", "Fence a field for dogs.", "m1"), now=town.now)
    for stamp, words in (("2", "Fence two fields for dogs."), ("1", "Fence a big field for dogs.")):
        town.core.incoming.edited(town.heard("karima", words, "m1", edited=stamp), now=town.now)
    assert ideas(town, hunt) == ["Fence two fields for dogs."]


def test_an_edit_before_its_original_wins_over_it(town: Town) -> None:
    hunt = town.launch()
    town.core.incoming.edited(town.heard("karima", "Fence two fields for dogs.", "m1", edited="5"), now=town.now)
    town.core.incoming.heard(town.heard("karima", "Fence a field for dogs.", "m1"), now=town.now)
    assert ideas(town, hunt) == ["Fence two fields for dogs."]


def test_a_deletion_before_its_original_leaves_nothing_and_a_late_copy_brings_nothing_back(town: Town) -> None:
    hunt = town.launch()
    town.core.incoming.gone(TENANT, ROOM, MessageId("m1"), now=town.now)
    town.core.incoming.heard(town.heard("karima", "Fence a field for dogs.", "m1"), now=town.now)
    town.core.incoming.edited(town.heard("karima", "Fence two fields for dogs.", "m1", edited="5"), now=town.now)
    assert ideas(town, hunt) == []


def test_deleting_the_message_withdraws_the_idea_until_the_vote_opens(town: Town) -> None:
    hunt = town.launch()
    for n, words in enumerate(("Fence a field for dogs.", "Mark a loop for bikes."), start=1):
        town.core.incoming.heard(town.heard("karima", words, f"m{n}"), now=town.now)
    town.core.incoming.gone(TENANT, ROOM, MessageId("m1"), now=town.now)
    assert state(town, hunt, 1) is IdeaState.WITHDRAWN
    town.post(hunt, "didier", "Build a hide to watch birds.")
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    town.open_vote(hunt)
    town.core.incoming.gone(TENANT, ROOM, MessageId("m2"), now=town.now)
    assert state(town, hunt, 2) is IdeaState.STANDING


def test_an_edit_after_the_vote_opened_changes_nothing_and_tells_the_author_once(town: Town) -> None:
    hunt = town.launch()
    town.core.incoming.heard(town.heard("karima", "Fence a field for dogs.", "m1"), now=town.now)
    town.post(hunt, "didier", "Build a hide to watch birds.")
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    town.open_vote(hunt)
    town.deliver()
    for stamp in ("1", "2"):
        town.core.incoming.edited(town.heard("karima", "Something else entirely.", "m1", edited=stamp), now=town.now)
    told = [out for out in town.deliver() if out.person == "karima"]
    assert "Fence a field for dogs." in ideas(town, hunt)
    assert [out.screen.key for out in told if isinstance(out.screen, Note)] == ["idea.frozen"]


def test_emoji_alone_is_refused_and_the_same_message_may_be_edited_into_an_idea(town: Town) -> None:
    hunt = town.launch()
    with pytest.raises(TooShort):
        town.core.incoming.heard(town.heard("didier", "👍👍👍", "m1"), now=town.now)
    town.core.incoming.edited(town.heard("didier", "Build a hide to watch birds.", "m1", edited="3"), now=town.now)
    assert ideas(town, hunt) == ["Build a hide to watch birds."]


def test_a_hunt_in_whole_channel_mode_keeps_messages_and_ignores_chatter(town: Town) -> None:
    hunt = town.launch(capture=Capture.CHANNEL)
    for n, words in enumerate(("ok", "👍", "Build a hide to watch birds."), start=1):
        town.core.incoming.heard(town.heard("didier", words, f"m{n}", thread=None), now=town.now)
    assert ideas(town, hunt) == ["Build a hide to watch birds."]


def test_messages_elsewhere_are_not_ideas(town: Town) -> None:
    hunt = town.launch()
    assert town.core.incoming.heard(town.heard("didier", "Build a hide here.", "m1", thread=None), now=town.now) is None
    assert town.core.incoming.heard(town.heard("didier", "Build a hide here.", "m2", thread="x"), now=town.now) is None
    assert ideas(town, hunt) == []


def test_a_direct_message_is_kept_without_a_name_and_only_its_token_can_change_it(town: Town) -> None:
    hunt = town.launch()
    dm = (RoomId("D9"), MessageId("d1"), "Block the motorbikes at every gate.")
    first = town.core.incoming.direct(town.asker("didier"), *dm, now=town.now)
    again = town.core.incoming.direct(town.asker("didier"), *dm, now=town.now)
    assert isinstance(first, IdeaSaved)
    assert isinstance(again, IdeaSaved)
    assert again.repeated
    assert first.line.author is None
    edit = EditRequest(hunt, first.line.number, "Block the quads at every gate.")
    with pytest.raises(NotAllowed):
        town.core.ideas.edit(town.asker("didier"), edit, now=town.now)
    with_right = EditRequest(hunt, first.line.number, "Block the quads at every gate.", token=first.token)
    town.core.ideas.edit(town.asker("didier"), with_right, now=town.now)
    assert ideas(town, hunt) == ["Block the quads at every gate."]


def test_with_two_open_hunts_a_direct_message_asks_which(town: Town) -> None:
    town.launch()
    from bot.domain.people import Room
    from bot.usecases.requests import LaunchRequest

    town.core.people.keep_room(Room(TENANT, RoomId("C2"), "autre"), [])
    town.core.hunts.launch(town.asker("paul"), LaunchRequest(RoomId("C2"), "Another one?"), "l2", now=town.now)
    answer = town.core.incoming.direct(
        town.asker("didier"), RoomId("D9"), MessageId("d1"), "Block the motorbikes.", now=town.now
    )
    assert isinstance(answer, Note)
    assert len(answer.buttons) == 2


def test_before_the_reveal_nobody_reads_the_others_not_even_the_facilitator(town: Town) -> None:
    hunt = town.launch()
    town.post(hunt, "youssef", "Mark a loop for mountain bikes.")
    for name in ("ines", "didier"):
        answer = town.core.grouping.browse(town.asker(name), hunt, now=town.now)
        assert isinstance(answer, Note)
        assert answer.key == "browse.hidden"
    boards = [out.screen for out in town.deliver() if isinstance(out.screen, Board)]
    assert boards
    assert all(not block.ideas for board in boards for block in board.themes)
    with pytest.raises(WrongPhase):
        town.core.grouping.sort(town.asker("ines"), hunt, now=town.now)
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    assert isinstance(town.core.grouping.browse(town.asker("didier"), hunt, now=town.now), Browse)


def test_a_nameless_hunt_keeps_no_author_and_takes_no_replies(town: Town) -> None:
    hunt = town.launch(names=Names.NONE)
    answer = town.core.incoming.heard(town.heard("didier", "Block the motorbikes.", "m1"), now=town.now)
    assert isinstance(answer, Note)
    town.post(hunt, "didier", "Block the motorbikes at every gate.")
    with town.storage.look() as unit:
        assert unit.ideas.get(TENANT, hunt, IdeaNumber(1)).author is None


def test_an_idea_without_a_name_has_no_author_in_any_table(town: Town) -> None:
    hunt = town.launch()
    town.post(hunt, "didier", "Block the motorbikes at every gate.", nameless=True)
    with town.storage.look() as unit:
        idea = unit.ideas.get(TENANT, hunt, IdeaNumber(1))
    assert (idea.author, idea.saved_by, idea.source) == (None, None, None)


def test_a_flood_is_refused_politely_and_the_others_go_on(town: Town) -> None:
    hunt = town.launch()
    for n in range(10):
        town.post(hunt, "didier", f"Idea number {n} about the wood.")
    with pytest.raises(TooManyIdeas):
        town.post(hunt, "didier", "One idea more about the wood.")
    town.post(hunt, "karima", "Fence a field for the dogs.")
    town.wait(minutes=2)
    town.post(hunt, "didier", "One idea more about the wood.")
    assert len(ideas(town, hunt)) == 12


def test_a_pasted_list_is_offered_to_be_split_and_becomes_several_ideas(town: Town) -> None:
    hunt = town.launch()
    pasted = "- Mark a loop for bikes\n- Fence a field for dogs\n- Build a hide for birds"
    saved = town.core.ideas.post(town.asker("youssef"), IdeaRequest(hunt, pasted), "k", now=town.now)
    assert saved.list_items == 3
    done = town.core.ideas.split(town.asker("youssef"), hunt, saved.line.number, "", now=town.now)
    again = town.core.ideas.split(town.asker("youssef"), hunt, saved.line.number, "", now=town.now)
    assert [line.number for line in done.lines] == [1, 2, 3]
    assert len(again.lines) == 1
    assert ideas(town, hunt) == ["Mark a loop for bikes", "Fence a field for dogs", "Build a hide for birds"]


def test_a_long_idea_gets_a_title_and_loses_nothing(town: Town) -> None:
    hunt = town.launch()
    text = ("Mark a loop for mountain bikes away from the brook. " * 18).strip()
    saved = town.core.ideas.post(town.asker("youssef"), IdeaRequest(hunt, text), "k", now=town.now)
    assert saved.folded
    assert 0 < len(saved.line.title) <= 120
    assert ideas(town, hunt) == [text]


def test_a_withdrawn_idea_can_be_restored_until_the_vote_opens(town: Town) -> None:
    hunt = town.launch()
    number = town.post(hunt, "youssef", "Mark a loop for mountain bikes.")
    with pytest.raises(NotAllowed):
        town.core.ideas.withdraw(town.asker("didier"), hunt, number, "", now=town.now)
    town.core.ideas.withdraw(town.asker("youssef"), hunt, number, "", now=town.now)
    assert ideas(town, hunt) == []
    town.core.ideas.restore(town.asker("youssef"), hunt, number, "", now=town.now)
    assert len(ideas(town, hunt)) == 1


def test_a_bulb_keeps_a_message_under_its_authors_name_and_taking_it_away_withdraws_it(town: Town) -> None:
    hunt = town.launch()
    marked = town.heard("karima", "Fence a field for the dogs.", "m5", thread=None)
    for _ in range(2):
        town.core.incoming.bulb(marked, town.asker("paul").person, now=town.now)
    with town.storage.look() as unit:
        idea = unit.ideas.get(TENANT, hunt, IdeaNumber(1))
    assert (idea.author, idea.saved_by) == ("karima", "paul")
    town.core.incoming.unbulb(TENANT, ROOM, MessageId("m5"), now=town.now)
    assert ideas(town, hunt) == []


def test_a_message_saved_by_the_shortcut_is_not_kept_twice(town: Town) -> None:
    hunt = town.launch()
    for key in ("a", "b"):
        wanted = IdeaRequest(hunt, "Fence a field for the dogs.", source="C9|m7|karima")
        saved = town.core.ideas.post(town.asker("paul"), wanted, key, now=town.now)
    assert saved.repeated
    assert len(ideas(town, hunt)) == 1


def test_another_tenant_reaches_nothing(town: Town) -> None:
    hunt = town.launch()
    number = town.post(hunt, "youssef", "Mark a loop for mountain bikes.")
    from bot.domain.errors import NotFound
    from bot.domain.people import Asker

    stranger = Asker(type(TENANT)("slack:T2"), town.asker("youssef").person)  # type: ignore[misc]
    for attempt in (
        lambda: town.core.grouping.browse(stranger, hunt, now=town.now),
        lambda: town.core.ideas.withdraw(stranger, hunt, number, "", now=town.now),
        lambda: town.core.ideas.post(stranger, IdeaRequest(hunt, "An idea from elsewhere."), "k", now=town.now),
        lambda: town.core.hunts.close(stranger, hunt, now=town.now),
        lambda: town.core.reports.of_hunt(stranger.tenant, hunt, now=town.now),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_an_idea_posted_after_the_vote_opened_is_refused(town: Town) -> None:
    hunt = town.launch()
    town.post(hunt, "youssef", "Mark a loop for mountain bikes.")
    town.post(hunt, "karima", "Fence a field for the dogs.")
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    town.open_vote(hunt)
    with pytest.raises(WrongPhase):
        town.post(hunt, "didier", "Build a hide to watch birds.")


def test_a_question_and_themes_are_cleaned_and_fit_on_one_line(town: Town) -> None:
    town.launch(question="Que\x00 pourrions-nous\n faire\u202f?\u200b", themes=("  Bois \n vert ", "\u200b", ""))
    with town.storage.look() as unit:
        hunt = unit.hunts.open_in(TENANT, ROOM)
        assert hunt is not None
        themes = [theme.name for theme in unit.ideas.themes(TENANT, hunt.id)]
    assert hunt.question == "Que pourrions-nous faire ?"
    assert themes == ["Bois vert"]


def test_an_idea_without_a_name_keeps_no_finer_moment_than_its_day_and_is_still_news(town: Town) -> None:
    hunt = town.launch()
    town.wait(days=2, hours=3, minutes=17)
    town.post(hunt, "didier", "Block the motorbikes at every gate.", nameless=True)
    with town.storage.look() as unit:
        kept = unit.ideas.get(TENANT, hunt, IdeaNumber(1)).created_at
        week = unit.ideas.since(TENANT, hunt, town.now - timedelta(hours=1), 3)
        later = unit.ideas.since(TENANT, hunt, town.now + timedelta(days=1), 3)
    assert kept == datetime(2026, 3, 19, 23, tzinfo=UTC)  # midnight in Paris
    assert (week.ideas, later.ideas) == (1, 0)


def test_a_reply_while_the_vote_is_open_is_answered_kindly_and_kept_out(town: Town) -> None:
    hunt = town.launch()
    town.post(hunt, "youssef", "Light the playground after dark.")
    town.post(hunt, "karima", "Lend garden tools in the village hall.")
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    town.open_vote(hunt)
    answer = town.core.incoming.heard(town.heard("didier", "Build a hide to watch birds.", "m9"), now=town.now)
    assert isinstance(answer, Note)
    assert answer.key == "thread.voting"
    assert len(ideas(town, hunt)) == 2


def test_a_thread_under_an_older_board_of_ours_is_still_the_hunts(town: Town) -> None:
    hunt = town.launch()
    old = town.heard("didier", "Build a hide to watch birds.", "m9", thread="board0")
    assert town.core.incoming.heard(old, now=town.now) is None
    assert ideas(town, hunt) == []
    town.core.incoming.heard(replace(old, under_us=True), now=town.now)
    assert ideas(town, hunt) == ["Build a hide to watch birds."]


def test_whoever_saved_a_message_may_take_it_back_but_not_put_words_in_its_authors_mouth(town: Town) -> None:
    hunt = town.launch()
    wanted = IdeaRequest(hunt, "Lend out telescopes on loan.", source="C9|m7|karima")
    number = town.core.ideas.post(town.asker("paul"), wanted, "k", now=town.now).line.number
    edit = EditRequest(hunt, number, "Sell all telescopes to Paul.")
    with pytest.raises(NotAllowed):
        town.core.ideas.edit(town.asker("paul"), edit, now=town.now)
    town.core.ideas.withdraw(town.asker("paul"), hunt, number, "", now=town.now)
    town.core.ideas.restore(town.asker("karima"), hunt, number, "", now=town.now)
    town.core.ideas.edit(town.asker("karima"), replace(edit, text="Lend out telescopes for a week."), now=town.now)
    assert ideas(town, hunt) == ["Lend out telescopes for a week."]


def test_a_mark_taken_away_and_set_again_brings_the_idea_back(town: Town) -> None:
    hunt = town.launch()
    marked = town.heard("karima", "Fence a field for the dogs.", "m5", thread=None)
    town.core.incoming.bulb(marked, town.asker("paul").person, now=town.now)
    town.core.incoming.unbulb(TENANT, ROOM, MessageId("m5"), now=town.now)
    town.core.incoming.bulb(marked, town.asker("didier").person, now=town.now)
    assert ideas(town, hunt) == []
    town.core.incoming.bulb(marked, town.asker("paul").person, now=town.now)
    assert ideas(town, hunt) == ["Fence a field for the dogs."]


def test_an_old_message_of_the_room_reworded_today_is_no_idea(town: Town) -> None:
    hunt = town.launch(capture=Capture.CHANNEL)
    old = town.heard("karima", "Fence a field for the dogs.", "a-long-time-ago", thread=None, edited="9")
    town.core.incoming.edited(old, now=town.now)
    assert ideas(town, hunt) == []


def test_an_export_does_not_name_who_took_an_idea_back(town: Town) -> None:
    hunt = town.launch()
    number = town.post(hunt, "youssef", "Mark a loop for mountain bikes.")
    town.core.ideas.withdraw(town.asker("youssef"), hunt, number, "", now=town.now)
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    report = town.core.reports.of_hunt(TENANT, hunt, now=town.now)
    assert [(idea.text, idea.author) for idea in report.ideas] == [("", "")]


# --- an idea that stands already

HERE, LIKE_IT, OTHER = (
    "Fence a field for the dogs.",
    "A fenced field for dogs near the pond.",
    "Build a hide for birds.",
)


def written(town: Town, hunt: HuntId, by: str, text: str) -> IdeaSaved:
    """As a form posts it: foreseen, then kept."""
    town.core.ideas.foresee(TENANT, text, hunt)
    return town.core.ideas.post(town.asker(by), IdeaRequest(hunt, text), text, now=town.now)


def open_hunt(town: Town, **wishes: object) -> HuntId:
    hunt = town.launch(**{"private": False, **wishes})
    for text in (HERE, OTHER):
        assert written(town, hunt, "karima", text).twin is None
    return hunt


def test_an_author_hears_of_an_idea_that_stands_already_and_theirs_is_kept(town: Town) -> None:
    hunt = open_hunt(town)
    receipt = written(town, hunt, "didier", LIKE_IT)
    assert receipt.twin is not None
    assert (receipt.twin.number, receipt.twin.text) == (1, HERE)
    assert ideas(town, hunt) == [HERE, OTHER, LIKE_IT]


def test_in_a_private_hunt_nobody_hears_of_anothers_idea_before_the_reveal(town: Town) -> None:
    hunt = open_hunt(town, private=True)
    assert written(town, hunt, "didier", LIKE_IT).twin is None
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    assert written(town, hunt, "paul", f"{LIKE_IT} Please").twin is not None


def test_hidden_between_the_look_and_the_answer_an_idea_is_not_told(town: Town) -> None:
    hunt = open_hunt(town, private=True)
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    town.core.ideas.foresee(TENANT, LIKE_IT, hunt)
    town.core.hunts.collect_again(town.asker("ines"), hunt, now=town.now)
    receipt = town.core.ideas.post(town.asker("didier"), IdeaRequest(hunt, LIKE_IT), "key", now=town.now)
    assert receipt.twin is None


def test_an_idea_taken_back_meanwhile_is_no_twin(town: Town) -> None:
    hunt = open_hunt(town)
    town.core.ideas.foresee(TENANT, LIKE_IT, hunt)
    town.core.ideas.withdraw(town.asker("karima"), hunt, IdeaNumber(1), "", now=town.now)
    receipt = town.core.ideas.post(town.asker("didier"), IdeaRequest(hunt, LIKE_IT), "key", now=town.now)
    assert receipt.twin is None


def test_a_message_that_repeats_an_idea_is_answered_and_another_is_not(town: Town) -> None:
    hunt = open_hunt(town)
    for message, text, told in (("m1", LIKE_IT, 1), ("m2", "Open the gate at night.", None)):
        town.core.ideas.foresee(TENANT, text, room=ROOM)
        answer = town.core.incoming.heard(town.heard("didier", text, message), now=town.now)
        number = answer.twin.number if isinstance(answer, IdeaSaved) and answer.twin is not None else None
        assert number == told
        assert (answer is None) is (told is None)
    assert len(ideas(town, hunt)) == 4
