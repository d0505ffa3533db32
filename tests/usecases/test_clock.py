"""The clock: deadlines, the weekly letter, the next session, rooms that are not ready."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.errors import BadForm, HuntOpenHere, NotAllowed
from bot.domain.hunt import Phase
from bot.domain.letters import LetterKind
from bot.domain.names import HuntId, RoomId
from bot.screens import Deed, Digest, Hub, LaunchForm, Note, SessionReminder
from bot.usecases.requests import LaunchRequest
from tests.usecases.town import ROOM, TENANT, Town, person


def phase(town: Town, hunt: HuntId) -> Phase:
    with town.storage.look() as unit:
        return unit.hunts.get(TENANT, hunt).phase


def test_a_whole_hunt_runs_by_the_clock(town: Town) -> None:
    start = town.now
    hunt = town.launch(
        collect_until=start + timedelta(hours=1),
        vote_from=start + timedelta(hours=2),
        vote_until=start + timedelta(hours=3),
    )
    for name, text in (("youssef", "Fence a field for the dogs."), ("karima", "Build a hide to watch birds.")):
        town.post(hunt, name, text)
    seen = []
    for hours in (0.5, 1, 2, 3):
        town.now = start + timedelta(hours=hours)
        town.core.clock.tick(town.now)
        seen.append(phase(town, hunt))
    assert seen == [Phase.COLLECTING, Phase.REVEALED, Phase.VOTING, Phase.CLOSED]
    assert town.core.clock.tick(town.now) == 0


def test_with_likely_duplicates_undecided_the_vote_waits_and_every_facilitator_is_told_once(town: Town) -> None:
    start = town.now
    hunt = town.launch(
        collect_until=start + timedelta(hours=1),
        vote_from=start + timedelta(hours=2),
        vote_until=start + timedelta(days=3),
        cofacilitators=(town.asker("paul").person,),
    )
    for name in ("youssef", "karima"):
        town.post(hunt, name, "Fence a field where the dogs can run.")
    for hours in (1, 2, 2.1, 3):
        town.now = start + timedelta(hours=hours)
        town.core.clock.tick(town.now)
    told = [out for out in town.deliver() if isinstance(out.screen, Note) and out.screen.key == "vote.waits_for_you"]
    assert sorted(str(out.person) for out in told) == ["ines", "paul"]
    offered = {button.deed for out in told if isinstance(out.screen, Note) for button in out.screen.buttons}
    assert offered == {Deed.DUPLICATES, Deed.OPEN_VOTE}
    assert phase(town, hunt) is Phase.REVEALED
    assert town.core.clock.tick(town.now) == 0
    town.open_vote(hunt, wave=True)
    assert phase(town, hunt) is Phase.VOTING


def test_a_vote_that_cannot_open_tells_the_facilitator_once_and_does_not_loop(town: Town) -> None:
    start = town.now
    hunt = town.launch(collect_until=start + timedelta(hours=1), vote_from=start + timedelta(hours=2))
    town.now = start + timedelta(hours=2)
    for _ in range(4):
        town.core.clock.tick(town.now)
    notes = [out for out in town.deliver() if isinstance(out.screen, Note) and out.screen.key == "vote.too_few"]
    assert [out.person for out in notes] == ["ines"]
    assert phase(town, hunt) is Phase.REVEALED
    assert town.core.clock.tick(town.now) == 0


def digests(town: Town) -> list[Digest]:
    town.core.clock.tick(town.now)
    return [out.screen for out in town.deliver() if isinstance(out.screen, Digest)]


def test_the_weekly_letter_leaves_on_monday_morning_and_is_silent_when_nothing_changed(town: Town) -> None:
    hunt = town.launch()
    town.post(hunt, "karima", "Fence a field for the dogs.")
    town.deliver()
    town.now = datetime(2026, 3, 23, 8, 29, tzinfo=UTC)
    assert digests(town) == []
    town.now = datetime(2026, 3, 23, 8, 30, tzinfo=UTC)
    first = digests(town)
    assert [entry.new_ideas for digest in first for entry in digest.hunts] == [1]
    assert digests(town) == []
    town.now = datetime(2026, 3, 30, 7, 30, tzinfo=UTC)  # after the clocks changed: still 09:30 in Paris
    assert digests(town) == []
    town.post(hunt, "didier", "Build a hide to watch birds.")
    town.now = datetime(2026, 4, 6, 7, 30, tzinfo=UTC)
    assert len(digests(town)) == 1


def test_after_three_weeks_without_the_bot_one_letter_leaves_not_three(town: Town) -> None:
    hunt = town.launch()
    town.post(hunt, "karima", "Fence a field for the dogs.")
    town.now = datetime(2026, 4, 8, 12, tzinfo=UTC)
    assert len(digests(town)) == 1
    assert digests(town) == []


def test_a_muted_room_gets_no_weekly_letter(town: Town) -> None:
    from bot.usecases.requests import SettingsRequest

    hunt = town.launch()
    town.post(hunt, "karima", "Fence a field for the dogs.")
    wanted = SettingsRequest(None, muted=False, plain_ballot=False, room=ROOM, digest=False)
    town.core.people.keep_settings(town.asker("ines"), wanted, now=town.now)
    town.now = datetime(2026, 3, 23, 8, 30, tzinfo=UTC)
    assert digests(town) == []


def test_the_next_session_is_told_a_day_before_once(town: Town) -> None:
    session = town.now + timedelta(days=10)
    town.launch(next_session=session)
    town.now = session - timedelta(days=1, minutes=1)
    assert not [out for out in town.deliver() if isinstance(out.screen, SessionReminder)]
    town.now = session - timedelta(days=1)
    assert len([out for out in town.deliver() if isinstance(out.screen, SessionReminder)]) == 1
    assert not [out for out in town.deliver() if isinstance(out.screen, SessionReminder)]


def test_a_reminder_of_a_session_that_is_over_is_not_sent(town: Town) -> None:
    session = town.now + timedelta(days=10)
    town.launch(next_session=session)
    town.now = session + timedelta(minutes=1)
    assert not [out for out in town.deliver() if isinstance(out.screen, SessionReminder)]


def test_a_private_room_without_the_bot_waits_and_the_invitation_finishes_the_launch(town: Town) -> None:
    wanted = LaunchRequest(ROOM, "How might we share the wood?", collect_until=town.now + timedelta(hours=1))
    town.core.hunts.launch(town.asker("ines"), wanted, "k", now=town.now)
    claimed = next(c for c in town.core.post.claim(town.now) if c.letter.kind is LetterKind.BOARD)
    town.core.post.not_invited(claimed, town.now)
    hunt = town.core.hunts.open_here(TENANT, ROOM)
    assert hunt is not None
    assert phase(town, hunt) is Phase.DRAFT
    told = [out for out in town.deliver() if out.person == "ines"]
    assert [out.screen.key for out in told if isinstance(out.screen, Note)] == ["launch.invite"]
    town.wait(hours=5)
    town.core.clock.tick(town.now)
    town.core.people.bot_joined(TENANT, ROOM, town.now)
    town.deliver()
    assert phase(town, hunt) is Phase.COLLECTING


def test_the_launch_form_sent_twice_launches_once_and_a_second_hunt_is_refused(town: Town) -> None:
    wanted = LaunchRequest(ROOM, "How might we share the wood?")
    for _ in range(2):
        note = town.core.hunts.launch(town.asker("ines"), wanted, "same", now=town.now)
        assert note.key == "launch.done"
    with pytest.raises(HuntOpenHere):
        town.core.hunts.launch(town.asker("paul"), wanted, "other", now=town.now)


def test_a_form_with_problems_names_each_field(town: Town) -> None:
    past = town.now - timedelta(minutes=1)
    wanted = LaunchRequest(ROOM, "  ", collect_until=past, themes=tuple(str(n) for n in range(13)), dots=0)
    with pytest.raises(BadForm) as refusal:
        town.core.hunts.launch(town.asker("ines"), wanted, "k", now=town.now)
    assert set(refusal.value.problems) == {"question", "collect_until", "themes", "dots"}
    swapped = replace(
        wanted,
        question="Why?",
        themes=(),
        dots=None,
        collect_until=town.now + timedelta(hours=2),
        vote_until=town.now + timedelta(hours=1),
    )
    with pytest.raises(BadForm) as refusal:
        town.core.hunts.launch(town.asker("ines"), swapped, "k", now=town.now)
    assert set(refusal.value.problems) == {"vote_until"}
    never = replace(swapped, collect_until=None, vote_until=datetime.max.replace(tzinfo=UTC))
    with pytest.raises(BadForm) as refusal:
        town.core.hunts.launch(town.asker("ines"), never, "k", now=town.now)
    assert refusal.value.problems == {"vote_until": "launch.problem.far"}


def test_the_hub_is_a_launch_form_where_nothing_is_open(town: Town) -> None:
    assert isinstance(town.core.hunts.hub(town.asker("didier"), ROOM, now=town.now), LaunchForm)
    hunt = town.launch()
    hub = town.core.hunts.hub(town.asker("didier"), ROOM, now=town.now)
    assert not isinstance(hub, LaunchForm)
    assert not hub.leads
    town.core.hunts.close(town.asker("ines"), hunt, now=town.now)
    assert isinstance(town.core.hunts.hub(town.asker("didier"), ROOM, now=town.now), LaunchForm)


def test_an_event_that_fails_three_times_is_put_aside_and_the_next_ones_flow(town: Town) -> None:
    given_up = [town.core.clock.failed_event(TENANT, "Ev1", b"{}", "ValueError", town.now) for _ in range(3)]
    assert given_up == [False, False, True]
    assert not town.core.clock.failed_event(TENANT, "Ev2", b"{}", "ValueError", town.now)
    assert town.core.post.health(town.now)["dead_events"] == 1


def test_announcements_nobody_chose_a_language_for_speak_the_rooms_or_the_launchers(town: Town) -> None:
    def language(room: str) -> str:
        with town.storage.look() as unit:
            return unit.people.room(TENANT, RoomId(room)).language

    town.core.people.keep(person("alice", locale="en-GB"))
    town.core.people.keep(person("nowhere", locale="", zone=""))
    for by, room in (("ines", "C7"), ("alice", "C8"), ("nowhere", "C9")):
        town.core.hunts.launch(town.asker(by), LaunchRequest(RoomId(room), "Why not?"), f"l{room}", now=town.now)
    assert [language(room) for room in ("C7", "C8", "C9")] == ["fr", "en", "fr"]  # the workspace speaks French
    hunt = town.core.hunts.open_here(TENANT, RoomId("C8"))
    assert hunt is not None
    town.core.hunts.close(town.asker("alice"), hunt, now=town.now)
    town.core.hunts.launch(town.asker("ines"), LaunchRequest(RoomId("C8"), "Why again?"), "again", now=town.now)
    assert language("C8") == "en"


def test_a_launch_form_says_at_once_that_a_hunt_is_open_here(town: Town) -> None:
    town.launch()
    form = town.core.hunts.launch_form(town.asker("paul"), ROOM, now=town.now)
    assert (form.room, form.problems) == (None, {"room": "launch.problem.open_here"})


def test_a_hunt_whose_facilitators_are_gone_can_be_taken_over_by_a_member_and_by_nobody_else(town: Town) -> None:
    hunt = town.launch(cofacilitators=(town.asker("paul").person,))
    town.core.people.keep(person("ines", inactive=True))
    asked = town.core.facilitation.take_over(town.asker("didier"), hunt, now=town.now)
    assert asked.key == "take_over.sent"  # paul is there still
    town.core.people.member_left(TENANT, ROOM, town.asker("paul").person)
    hub = town.core.hunts.hub(town.asker("karima"), ROOM, now=town.now)
    assert isinstance(hub, Hub)
    assert hub.leaderless
    with pytest.raises(NotAllowed):
        town.core.facilitation.take_over(town.asker("stranger"), hunt, now=town.now)
    taken = town.core.facilitation.take_over(town.asker("karima"), hunt, now=town.now)
    assert taken.key == "take_over.done"
    asked = town.core.facilitation.take_over(town.asker("didier"), hunt, now=town.now)
    assert asked.key == "take_over.sent"  # somebody leads again
    town.core.hunts.reveal(town.asker("karima"), hunt, now=town.now)


def test_a_room_that_is_lost_gets_no_weekly_letter(town: Town) -> None:
    hunt = town.launch()
    town.post(hunt, "karima", "Fence a field for the dogs.")
    town.deliver()
    town.core.people.room_gone(TENANT, ROOM, town.now)
    town.now = datetime(2026, 3, 23, 8, 30, tzinfo=UTC)
    assert digests(town) == []
