"""A workspace in a database of our own: people, one room, one hunt that collects, filled as large as asked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot.domain.hunt import Hunt
from bot.domain.names import HuntId, MessageId, PersonId, RoomId, TenantId
from bot.domain.people import Asker, Person, Room, Tenant
from bot.theming import LexicalThemer
from bot.usecases import Core, build_core
from bot.usecases.requests import Heard, LaunchRequest, VoteRequest
from storage.schema import upgrade
from storage.sql import SqlStorage

TEAM = "T0BENCH"
TENANT = TenantId(f"slack:{TEAM}")
BOT, FACILITATOR = PersonId("U0BOT"), PersonId("U0LEAD")
ROOM, BOARD = RoomId("C0BENCH"), MessageId("1700000000.000100")
START = datetime(2026, 3, 18, 9, 0, tzinfo=UTC)
BATCH = 256
THEMES = ("Forêt et sentiers", "Énergie", "Accueil du public", "Mobilité", "Numérique", "Faune et flore")
WORDS = (
    "planter des haies le long du sentier", "un abri pour les vélos près de la gare", "une carte des beaux arbres",
    "éteindre les lampes après minuit", "prêter des jumelles aux écoles", "un banc tous les cent mètres",
    "réparer ensemble les outils le samedi", "une navette le dimanche matin", "des nichoirs faits par les enfants",
)  # fmt: skip


def text_of(number: int) -> str:
    """The words of an idea: ordinary ones, never twice the same."""
    return f"{WORDS[number % len(WORDS)].capitalize()}, et {WORDS[(number // 9) % len(WORDS)]} (lot {number})"


def author_of(number: int) -> PersonId:
    """Eight ideas a person: nobody posts faster than people may."""
    return PersonId(f"U{number // 8:08d}")


def heard(number: int, room: RoomId = ROOM, board: MessageId = BOARD) -> Heard:
    """A reply in the hunt's thread."""
    stamp = MessageId(f"17{number:08d}.{number % 1_000_000:06d}")
    return Heard(TENANT, room, stamp, author_of(number), text_of(number), board, f"client-{room}-{number}")


def empty_database(folder: Path, name: str) -> str:
    """The address of a database with its tables: made once, then copied."""
    template = folder / "template.db"
    if not template.exists():
        upgrade(f"sqlite:///{template}", START)
    path = folder / f"{name}.db"
    shutil.copy(template, path)
    return f"sqlite:///{path}"


@dataclass
class Town:
    """The core over one database, and ways to fill it."""

    url: str
    storage: SqlStorage
    core: Core

    @classmethod
    def built(cls, folder: Path, name: str, people: int = 0) -> Town:
        """A workspace with one room; `people` are members whose language is known."""
        url = empty_database(folder, name)
        storage = SqlStorage(url)
        town = cls(url, storage, build_core(storage, LexicalThemer()))
        town.core.people.keep_tenant(Tenant(TENANT, BOT, "fr", "Europe/Paris"))
        town._let_in([FACILITATOR, *(author_of(8 * each) for each in range(people))])
        return town

    def close(self) -> None:
        """Gives the file back."""
        self.storage.close()

    def _let_in(self, people: Sequence[PersonId]) -> None:
        seen = datetime.now(UTC)
        self._together([(self.core.people.keep, Person(TENANT, one, one, "fr-FR", seen_at=seen)) for one in people])
        self.core.people.keep_room(Room(TENANT, ROOM, "bench", "fr", "Europe/Paris", present=True), [BOT, *people])

    def hunt(self, room: RoomId = ROOM, board: MessageId = BOARD, *, private: bool = True) -> HuntId:
        """A hunt that collects, its board posted."""
        lead = Asker(TENANT, FACILITATOR)
        wanted = LaunchRequest(room, "Comment mieux partager le bois ?", THEMES, "fr", private=private)
        self.core.hunts.launch(lead, wanted, f"launch-{room}", START)
        for claimed in self.core.post.claim(START + timedelta(seconds=5), limit=100):
            self.core.post.delivered(claimed, board, START)
        hunt = self.core.hunts.open_here(TENANT, room)
        assert hunt is not None
        return hunt

    def hear(self, numbers: Iterator[int] | range, room: RoomId = ROOM, board: MessageId = BOARD) -> None:
        """Ideas as replies in the thread, many waiting at once, each minute a few."""
        listen = self.core.incoming.heard
        self._together([(listen, heard(n, room, board), START + timedelta(seconds=n)) for n in numbers])

    def deliver(self) -> None:
        """Every letter is as if sent: what waits for Slack is not what is measured."""
        with self.storage.begin() as unit:
            unit._connection.exec_driver_sql("UPDATE letter SET state = 'sent' WHERE state = 'pending'")  # noqa: SLF001

    def open_vote(self, hunt: HuntId, dots: int | None = None) -> None:
        """Reveals, and opens a round over everything."""
        lead = Asker(TENANT, FACILITATOR)
        self.core.hunts.reveal(lead, hunt, START)
        self.core.votes.open(lead, VoteRequest(hunt, dots=dots, cap=2), START)

    def kept(self, hunt: HuntId) -> Hunt:
        """The hunt as it stands."""
        with self.storage.look() as unit:
            return unit.hunts.get(TENANT, hunt)

    def _together(self, deeds: Sequence[tuple[Any, ...]]) -> None:
        """Runs use cases as the service does: batches wait, each batch is one commit."""
        for start in range(0, len(deeds), BATCH):
            waiting: list[Future[Any]] = []
            for use_case, *facts in deeds[start : start + BATCH]:
                waiting.append(self.storage.submit(partial(use_case, *facts)))
            for each in waiting:
                each.result()
