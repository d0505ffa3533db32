"""A small town to play in: the real use cases over a real database, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.domain.letters import Claimed
from bot.domain.names import HuntId, IdeaNumber, MessageId, PersonId, RoomId, TenantId
from bot.domain.people import Asker, Person
from bot.screens import ProposedThemes, Screen
from bot.usecases import Core, Outgoing
from bot.usecases.requests import BallotView, Heard, IdeaRequest, LaunchRequest, TickedPile, VoteRequest
from storage.sql import SqlStorage

TENANT = TenantId("slack:T1")
ROOM = RoomId("C1")
MORNING = datetime(2026, 3, 18, 9, 0, tzinfo=UTC)
"""A Wednesday, 10:00 in Paris."""


@dataclass
class Town:
    """People, one room, and the shortcuts tests read best with."""

    core: Core
    storage: SqlStorage
    now: datetime = MORNING
    keys: Iterator[int] = field(default_factory=count)

    def asker(self, name: str) -> Asker:
        return Asker(TENANT, PersonId(name))

    def wait(self, **how_long: float) -> None:
        self.now += timedelta(**how_long)

    def launch(self, by: str = "ines", question: str = "How might we share the wood?", **wishes: object) -> HuntId:
        form = LaunchRequest(room=ROOM, question=question, **wishes)  # type: ignore[arg-type]
        self.core.hunts.launch(self.asker(by), form, f"launch{next(self.keys)}", now=self.now)
        self.deliver()
        hunt = self.core.hunts.open_here(TENANT, ROOM)
        assert hunt is not None
        return hunt

    def post(self, hunt: HuntId, by: str, text: str, **wishes: object) -> IdeaNumber:
        request = IdeaRequest(hunt, text, **wishes)  # type: ignore[arg-type]
        saved = self.core.ideas.post(self.asker(by), request, f"idea{next(self.keys)}", now=self.now)
        return saved.line.number

    def heard(self, by: str, text: str, message: str, thread: str | None = "board1", **rest: str) -> Heard:
        under = MessageId(thread) if thread else None
        return Heard(TENANT, ROOM, MessageId(message), PersonId(by), text, under, **rest)

    def open_vote(self, hunt: HuntId, by: str = "ines", **rules: object) -> None:
        self.core.votes.open(self.asker(by), VoteRequest(hunt, **rules), now=self.now)  # type: ignore[arg-type]

    def wish(self, hunt: HuntId, by: str, option: int, dots: int, round: int = 1) -> Screen:
        return self.core.ballots.wish(
            self.asker(by),
            hunt,
            round,
            IdeaNumber(option),
            dots,
            f"tap{next(self.keys)}",
            BallotView(),
            now=self.now,  # type: ignore[arg-type]
        )

    def letters(self) -> list[tuple[Claimed, Outgoing]]:
        """What would leave now, drawn; nothing is settled."""
        claimed = self.core.post.claim(self.now, limit=100)
        drawn = [(one, self.core.post.draw(one, self.now)) for one in claimed]
        return [(one, outgoing) for one, outgoing in drawn if outgoing is not None]

    def deliver(self) -> list[Outgoing]:
        """Delivers everything due now and in the next five seconds, as a platform would."""
        sent: list[Outgoing] = []
        for _ in range(8):
            self.now += timedelta(seconds=1)
            for claimed in self.core.post.claim(self.now, limit=100):
                outgoing = self.core.post.draw(claimed, self.now)
                message = MessageId(f"{claimed.letter.kind}{next(self.keys)}")
                if outgoing is not None:
                    sent.append(outgoing)
                    message = outgoing.update or message
                if claimed.letter.kind == "board" and outgoing is not None and outgoing.update is None:
                    message = MessageId("board1")
                self.core.post.delivered(claimed, message if outgoing else None, self.now)
        return sent


def person(name: str, locale: str = "fr-FR", **rest: object) -> Person:
    known = Person(TENANT, PersonId(name), name.title(), locale, "Europe/Paris", seen_at=MORNING)
    return replace(known, **rest)  # type: ignore[arg-type]


PEOPLE = ("ines", "paul", "youssef", "monique", "karima", "didier")


def ticked(proposed: ProposedThemes) -> tuple[TickedPile, ...]:
    """All proposed piles, as a facilitator who leaves every box ticked sends them."""
    return tuple(TickedPile(pile.label, pile.numbers) for pile in proposed.piles)
