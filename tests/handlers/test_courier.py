"""The courier alone, over a real database and a platform that does as it is told: order, patience, giving up."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.letters import Letter, LetterKind
from bot.domain.names import MessageId, PersonId, RoomId, TenantId
from bot.domain.people import Room, Tenant
from bot.screens import Note
from bot.theming import LexicalThemer
from bot.usecases import Core, build_core
from bot.usecases.post import Outgoing
from handlers.courier import LONGEST_TRY, MOST_TRIES, Courier
from handlers.door import Door
from handlers.platform import Ambiguous, BadPayload, PersonUnreachable, Resting, RoomFacts, Seen, TenantDead, Wait
from handlers.switchboard import Served, Switchboard
from storage.sql import SqlStorage

HERE = TenantId("slack:T0HOME")
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


class Told:
    """A platform that keeps what it is given, and raises what a test laid out for a person."""

    tenant = HERE

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.tries = 0
        self.troubles: dict[str, list[Exception]] = {}
        self.there: dict[str, MessageId] = {}

    async def enter(self, room: RoomId) -> RoomFacts:
        return RoomFacts(Room(HERE, room), frozenset())

    async def send(self, letter: Outgoing) -> MessageId | None:
        self.tries += 1
        place = str(letter.person or letter.room)
        waiting = self.troubles.get(place, [])
        if waiting:
            raise waiting.pop(0)
        self.sent.append(place)
        return MessageId(f"{len(self.sent)}.0")

    async def find(self, letter: Outgoing, since: datetime) -> MessageId | None:
        return self.there.get(str(letter.person))

    async def history(self, room: RoomId, since: MessageId) -> AsyncIterator[tuple[Seen, ...]]:
        yield ()

    async def replies(self, room: RoomId, thread: MessageId, since: MessageId) -> AsyncIterator[tuple[Seen, ...]]:
        yield ()

    async def one(self, room: RoomId, message: MessageId) -> Seen | None:
        return None

    async def gone(self, room: RoomId, message: MessageId) -> bool:
        return False


class Office:
    """Core, platform and courier, on a clock that moves when told."""

    def __init__(self, storage: SqlStorage) -> None:
        self.storage = storage
        self.core: Core = build_core(storage, LexicalThemer())
        self.platform = Told()
        self.now = START
        self.core.people.keep_tenant(Tenant(HERE, bot=PersonId("U0BOT")))

    def write(self, person: str, key: str = "") -> None:
        letter = Letter(
            HERE,
            LetterKind.NOTICE,
            f"notice:{person}:{key}",
            self.now,
            person=PersonId(person),
            facts={"key": "settings.kept"},
        )
        with self.storage.begin() as unit:
            assert unit.letters.announce(letter)

    def react(self, room: str) -> None:
        letter = Letter(
            HERE,
            LetterKind.RECEIPT,
            f"receipt:{room}",
            self.now,
            room=RoomId(room),
            message=MessageId("1.0"),
            facts={"reaction": "bulb"},
        )
        with self.storage.begin() as unit:
            assert unit.letters.announce(letter)

    def bring(self, rounds: int = 1, apart: float = 1.0) -> None:
        """So many rounds, each a moment after the other."""

        async def work() -> None:
            door = Door(self.storage.submit, self.storage.submit_look)
            courier = Courier(self.core, door, {HERE: self.platform}, lambda: self.now, random.Random(1))
            for _ in range(rounds):
                await courier.round()
                await courier.drained()
                self.now += timedelta(seconds=apart)

        asyncio.run(work())

    def count(self, state: str) -> int:
        with self.storage.look() as unit:
            return unit.letters.counts().get(state, 0)


@pytest.fixture
def office(migrated_sqlite_url: str) -> Iterator[Office]:
    storage = SqlStorage(migrated_sqlite_url)
    yield Office(storage)
    storage.close()


def test_letters_to_one_person_keep_their_order_and_others_do_not_wait(office: Office) -> None:
    for number in range(3):
        office.write("U1", str(number))
    office.write("U2")
    office.bring(rounds=4)
    assert sorted(office.platform.sent[:2]) == ["U1", "U2"]
    assert (len(office.platform.sent), office.count("sent")) == (4, 4)


def test_too_fast_closes_the_gate_and_counts_no_try(office: Office) -> None:
    office.platform.troubles["U1"] = [Wait("ratelimited", 30, "chat.postMessage") for _ in range(MOST_TRIES + 5)]
    office.write("U1")
    office.bring(rounds=MOST_TRIES + 6, apart=31)
    assert office.platform.sent == ["U1"]
    assert office.count("dead") == 0


def test_nothing_goes_through_a_gate_before_its_time(office: Office) -> None:
    office.platform.troubles["U1"] = [Wait("ratelimited", 30, "chat.postMessage")]
    office.write("U1", "first")
    office.write("U1", "second")
    office.bring(rounds=10)
    assert (office.platform.tries, office.platform.sent) == (1, [])
    office.now += timedelta(seconds=31)
    office.bring(rounds=3, apart=2)
    assert office.platform.sent == ["U1", "U1"]


def test_what_may_be_there_is_looked_for_before_it_is_said_again(office: Office) -> None:
    office.platform.troubles["U1"] = [Ambiguous("timeout")]
    office.platform.there["U1"] = MessageId("77.0")
    office.write("U1")
    office.bring(rounds=3, apart=60)
    assert (office.platform.sent, office.count("sent")) == ([], 1)


def test_what_is_not_there_is_said_again(office: Office) -> None:
    office.platform.troubles["U1"] = [Ambiguous("timeout"), Ambiguous("timeout")]
    office.write("U1")
    office.bring(rounds=4, apart=60)
    assert (office.platform.sent, office.count("sent")) == (["U1"], 1)


def test_gives_up_after_ten_tries(office: Office) -> None:
    office.platform.troubles["U1"] = [Ambiguous("internal_error") for _ in range(99)]
    office.write("U1")
    office.bring(rounds=MOST_TRIES + 5, apart=1000)
    assert (office.platform.tries, office.count("dead")) == (MOST_TRIES, 1)


def test_a_letter_that_cannot_be_drawn_is_given_up_in_the_end_and_holds_nobody(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    wordless = Letter(HERE, LetterKind.NOTICE, "wordless", office.now, person=PersonId("U1"))
    with office.storage.begin() as unit:
        assert unit.letters.announce(wordless)
    office.write("U1", "behind it")
    with caplog.at_level(logging.CRITICAL):
        office.bring(rounds=3)
        assert (office.platform.sent, office.count("dead")) == (["U1"], 0)
        office.bring(rounds=MOST_TRIES + 5, apart=1000)
    assert (office.platform.tries, office.count("dead"), office.count("sent")) == (1, 1, 1)


def test_gives_up_after_a_day(office: Office) -> None:
    office.platform.troubles["U1"] = [Ambiguous("internal_error") for _ in range(99)]
    office.write("U1")
    office.bring()
    office.now += LONGEST_TRY
    office.bring()
    assert (office.platform.tries, office.count("dead")) == (2, 1)


@pytest.mark.parametrize("trouble", [BadPayload, PersonUnreachable])
def test_what_can_never_be_brought_is_given_up_at_once(office: Office, trouble: Callable[[str], Exception]) -> None:
    office.platform.troubles["U1"] = [trouble("no")]
    office.write("U1")
    office.write("U2")
    office.bring(rounds=3)
    assert (office.platform.sent, office.count("dead")) == (["U2"], 1)


def test_a_refused_token_keeps_every_letter_and_is_tried_again_every_five_minutes(office: Office) -> None:
    office.platform.troubles["U1"] = [TenantDead("token_revoked") for _ in range(3)]
    office.write("U1")
    office.bring(rounds=4, apart=60)
    assert (office.platform.sent, office.platform.tries) == ([], 1)
    office.now += timedelta(minutes=5)
    office.bring(rounds=2, apart=301)
    assert (office.platform.sent, office.platform.tries, office.count("dead")) == ([], 3, 0)
    office.bring(rounds=3, apart=301)
    assert office.platform.sent == ["U1"]


def test_a_platform_that_rests_closes_no_gate_to_the_other(office: Office) -> None:
    office.platform.troubles["R0"] = [Resting("refused", 300, "R0")]
    for room in ("R0", "R1"):
        office.react(room)
    office.bring()
    assert office.platform.sent == ["R1"]
    office.react("R2")
    office.bring()
    assert office.platform.sent == ["R1", "R2"]
    office.now += timedelta(minutes=5)
    office.bring()
    assert office.platform.sent == ["R1", "R2", "R0"]


def test_another_workspaces_letters_are_left_alone(office: Office) -> None:
    other = TenantId("slack:T0OTHER")
    office.core.people.keep_tenant(Tenant(other))
    letter = Letter(other, LetterKind.NOTICE, "n", office.now, person=PersonId("U1"), facts={"key": "settings.kept"})
    with office.storage.begin() as unit:
        unit.letters.announce(letter)
    office.bring(rounds=3)
    assert (office.platform.tries, office.count("pending")) == (0, 1)
    with office.storage.look() as unit:
        assert unit.people.tenant(other).active


def test_a_platform_that_is_begun_again_takes_the_place_of_its_first_beginning() -> None:
    board, first, again, other = Switchboard(HERE, lambda: START), Told(), Told(), Told()
    for name, platform, sign in (("slack", first, "U"), ("teams", other, "a"), ("slack", again, "U")):
        board.add(Served(name, platform, lambda id, sign=sign: id.startswith(sign)))  # type: ignore[misc]
    for person in ("U1", "a1"):
        letter = Outgoing(Note("settings.kept"), "a-mark", "en", "UTC", person=PersonId(person))
        asyncio.run(board.send(letter))
    assert (first.sent, again.sent, other.sent) == ([], ["U1"], ["a1"])
