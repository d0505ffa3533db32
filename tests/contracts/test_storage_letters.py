"""The outbox, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.letters import Claimed, LetterKind
from bot.domain.names import MessageId, RoomId
from bot.domain.people import Tenant
from bot.ports import Unit
from storage.sql import SqlStorage
from tests.contracts.samples import ACME, ANNA, BEN, HUNT, NOW, OTHER, ROOM, later, letter

ELSEWHERE = RoomId("C02")


def claim(unit: Unit, **ahead: float) -> tuple[Claimed, ...]:
    return unit.letters.claim(later(**ahead), 10, 60)


def keys(claimed: tuple[Claimed, ...]) -> list[str]:
    return [one.letter.key for one in claimed]


def test_a_letter_comes_back_as_written(storage: SqlStorage) -> None:
    full = letter(
        "k",
        hunt=HUNT,
        message=MessageId("1.1"),
        topic="board",
        expires_at=later(days=1),
        facts={"key": "é", "n": 3},
    )
    with storage.begin() as unit:
        assert unit.letters.announce(full)
    with storage.begin() as unit:
        (one,) = claim(unit)
    assert one == Claimed(one.id, full, 1, 1, maybe_sent=False, first_try=NOW)


def test_a_key_is_written_once_for_ever(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        assert unit.letters.announce(letter("k"))
        assert not unit.letters.announce(letter("k"))
        (one,) = claim(unit)
        assert unit.letters.settle(one, MessageId("9.9"))
        assert not unit.letters.announce(letter("k"))
        assert unit.letters.counts() == {"sent": 1}


def test_a_topic_waits_once(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        assert unit.letters.announce(letter("a", topic="board"))
        assert not unit.letters.announce(letter("b", topic="board"))
        assert unit.letters.announce(letter("c", topic="table"))
        assert unit.letters.announce(letter("d", topic="board", tenant=OTHER))
        claim(unit)
        assert unit.letters.announce(letter("e", topic="board"))


def test_a_topic_is_never_on_its_way_twice(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        unit.letters.announce(letter("a", topic="board"))
        (one,) = claim(unit)
        unit.letters.announce(letter("b", topic="board"))
        assert claim(unit, seconds=5) == ()
        unit.letters.settle(one, None)
        assert keys(claim(unit, seconds=5)) == ["b"]


def test_takes_due_letters_only_in_order(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        for n, due in enumerate((3, 1, 2)):
            unit.letters.announce(letter(f"k{due}", room=RoomId(f"C{n}"), due_at=later(minutes=due)))
        assert unit.letters.next_due() == later(minutes=1)
        assert keys(claim(unit)) == []
        assert keys(claim(unit, minutes=2)) == ["k1", "k2"]
        assert keys(unit.letters.claim(later(minutes=3), 0, 60)) == []
        assert unit.letters.next_due() == later(minutes=3)


def test_one_letter_a_destination_then_a_pause_of_a_second(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        for n in range(3):
            unit.letters.announce(letter(f"room{n}"))
            unit.letters.announce(letter(f"anna{n}", room=None, person=ANNA))
        assert keys(claim(unit)) == ["room0", "anna0"]
        assert keys(claim(unit, milliseconds=999)) == []
        assert keys(claim(unit, seconds=1)) == ["room1", "anna1"]
        assert keys(claim(unit, seconds=2)) == ["room2", "anna2"]


def test_reactions_go_together_through_their_own_gate(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        for n in range(3):
            unit.letters.announce(letter(f"r{n}", kind=LetterKind.RECEIPT, message=MessageId(str(n))))
        unit.letters.announce(letter("post"))
        unit.letters.shut_gate(ACME, "reactions", later(seconds=30))
        assert keys(claim(unit)) == ["post"]
        assert keys(claim(unit, seconds=30)) == ["r0", "r1", "r2"]


def test_nothing_passes_a_shut_gate_and_a_gate_never_opens_early(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        unit.letters.announce(letter("here"))
        unit.letters.announce(letter("there", room=ELSEWHERE))
        unit.letters.announce(letter("other", tenant=OTHER))
        unit.letters.shut_gate(ACME, ROOM, later(seconds=30))
        unit.letters.shut_gate(ACME, ROOM, later(seconds=10))
        assert sorted(keys(claim(unit))) == ["other", "there"]
        assert keys(claim(unit, seconds=29)) == []
        assert keys(claim(unit, seconds=30)) == ["here"]


def test_a_crowded_room_does_not_starve_others(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        for n in range(100):
            unit.letters.announce(letter(f"k{n}"))
        unit.letters.announce(letter("quiet", room=ELSEWHERE, due_at=later(microseconds=1)))
        seen = keys(claim(unit, seconds=1)) + keys(claim(unit, seconds=1.5))
        assert seen == ["k0", "quiet"]


def test_a_lapsed_lease_may_have_been_sent_and_its_late_settle_is_ignored(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        unit.letters.announce(letter("k"))
        (first,) = claim(unit)
        assert unit.letters.next_due() == later(seconds=60)
        assert claim(unit, seconds=60) == ()
        (second,) = claim(unit, seconds=61)
        assert (second.maybe_sent, second.attempts, second.first_try) == (True, 2, NOW)
        assert not unit.letters.settle(first, MessageId("1.1"))
        assert unit.letters.settle(second, MessageId("1.1"))
        assert not unit.letters.settle(second, MessageId("1.1"))


@pytest.mark.parametrize(("counted", "attempts"), [(True, 2), (False, 1)])
def test_a_postponed_letter_comes_back(storage: SqlStorage, counted: bool, attempts: int) -> None:
    with storage.begin() as unit:
        unit.letters.announce(letter("k"))
        (one,) = claim(unit)
        unit.letters.postpone(one, later(minutes=5), "ratelimited", counted=counted, ambiguous=False)
        assert claim(unit, minutes=4) == ()
        (again,) = claim(unit, minutes=5)
        assert (again.attempts, again.maybe_sent, again.first_try) == (attempts, False, NOW)


def test_what_may_have_been_sent_is_remembered(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        unit.letters.announce(letter("k"))
        (one,) = claim(unit)
        unit.letters.postpone(one, later(minutes=1), "timeout", counted=True, ambiguous=True)
        (two,) = claim(unit, minutes=1)
        unit.letters.postpone(two, later(minutes=2), "ratelimited", counted=False, ambiguous=False)
        (three,) = claim(unit, minutes=2)
        assert (two.maybe_sent, three.maybe_sent) == (True, True)


def test_a_postponed_letter_takes_in_the_younger_one_of_its_topic(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        unit.letters.announce(letter("elder", topic="board"))
        (one,) = claim(unit)
        unit.letters.announce(letter("younger", topic="board"))
        unit.letters.postpone(one, later(minutes=1), "timeout", counted=True, ambiguous=True)
        assert unit.letters.counts() == {"pending": 1, "cancelled": 1}
        assert keys(claim(unit, minutes=1)) == ["elder"]


def test_a_late_postpone_changes_nothing(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        unit.letters.announce(letter("elder", topic="board"))
        (one,) = claim(unit)
        unit.letters.settle(one, None)
        unit.letters.announce(letter("younger", topic="board"))
        unit.letters.postpone(one, later(minutes=1), "timeout", counted=True, ambiguous=True)
        unit.letters.bury(one, "late")
        assert unit.letters.counts() == {"sent": 1, "pending": 1}


def test_a_buried_letter_stays_visible(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        unit.letters.announce(letter("k"))
        (one,) = claim(unit)
        unit.letters.bury(one, "channel_not_found")
        assert claim(unit, days=1) == ()
        unit.calendar.tidy(later(days=30))
        assert unit.letters.counts() == {"dead": 1}


def test_expired_letters_are_closed_not_sent(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        unit.letters.announce(letter("waits", expires_at=later(minutes=1)))
        unit.letters.announce(letter("lapses", room=ELSEWHERE, expires_at=later(minutes=5)))
        unit.letters.shut_gate(ACME, ROOM, later(minutes=30))
        assert keys(claim(unit)) == ["lapses"]
        assert claim(unit, minutes=6) == ()
        assert unit.letters.counts() == {"expired": 2}
        assert unit.letters.next_due() is None


def test_nothing_is_sent_for_a_tenant_that_sleeps(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        unit.letters.announce(letter("k"))
        unit.people.keep_tenant(Tenant(ACME, active=False))
        assert claim(unit) == ()
        unit.people.keep_tenant(Tenant(ACME))
        assert keys(claim(unit)) == ["k"]


def test_cancels_what_waits_for_a_room(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        for key, room in (("a", ROOM), ("b", ROOM), ("c", ELSEWHERE)):
            unit.letters.announce(letter(key, room=room))
        unit.letters.announce(letter("d", room=None, person=BEN))
        assert unit.letters.cancel(ACME, ROOM) == 2
        assert sorted(keys(claim(unit))) == ["c", "d"]


def test_settled_letters_are_tidied_away(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        unit.letters.announce(letter("k"))
        unit.letters.announce(replace(letter("waits"), due_at=later(days=60)))
        (one,) = claim(unit)
        unit.letters.settle(one, None)
        unit.calendar.tidy(later(days=7))
        assert unit.letters.counts() == {"sent": 1, "pending": 1}
        unit.calendar.tidy(later(days=9))
        assert unit.letters.counts() == {"pending": 1}


def test_what_waits_moves_or_was_given_up_is_counted_without_what_was_sent(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        assert unit.letters.undone() == {"pending": 0, "sending": 0, "dead": 0}
        for number in range(4):
            assert unit.letters.announce(letter(f"undone:{number}", room=RoomId(f"C{number}")))
    with storage.begin() as unit:
        first, second, _ = unit.letters.claim(NOW, 3, 60)
        unit.letters.settle(first, None)
        unit.letters.bury(second, "given up")
    with storage.look() as unit:
        assert unit.letters.undone() == {"pending": 1, "sending": 1, "dead": 1}
