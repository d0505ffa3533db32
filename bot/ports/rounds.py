"""What the core asks of whoever keeps rounds, ballots and dots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.ballot import Ballot, Elector, Option, Round
from bot.domain.names import HuntId, IdeaNumber, PersonId, RoundNumber, TenantId
from bot.domain.tally import Tally


class RoundStore(Protocol):
    """Rounds, ballots and dots. The schema itself refuses an overspent budget or a broken cap."""

    def open(self, round: Round, options: Sequence[Option], electors: Mapping[PersonId, str]) -> None:
        """Freezes the options, lays out slots and caps, makes the round's secret key. `electors`: person -> role."""
        ...

    def keep(self, round: Round) -> None:
        """Writes other rules for an open round nobody votes in meanwhile; budget and cap only before the first dot."""
        ...

    def latest(self, tenant: TenantId, hunt: HuntId) -> Round | None: ...
    def get(self, tenant: TenantId, hunt: HuntId, number: RoundNumber) -> Round:
        """Raises UnknownRound."""
        ...

    def pinned(self, tenant: TenantId, hunt: HuntId, number: RoundNumber) -> Round:
        """Like get, and the round cannot close before this unit ends."""
        ...

    def locked(self, tenant: TenantId, hunt: HuntId, number: RoundNumber) -> Round:
        """Like get, and nobody can vote in the round before this unit ends."""
        ...

    def options(self, round: Round) -> tuple[Option, ...]:
        """By position."""
        ...

    def ballot(self, round: Round, person: PersonId, lock: bool = False) -> Ballot: ...
    def wish(self, round: Round, person: PersonId, option: IdeaNumber, dots: int, action: str, now: datetime) -> None:
        """Writes the dots and the ledger; an `action` written before changes nothing."""
        ...

    def electors(self, round: Round) -> frozenset[PersonId]:
        """The list of voters of an open round."""
        ...

    def elector(self, round: Round, person: PersonId) -> Elector:
        """Where a person stands in an open round; nothing of what they chose."""
        ...

    def admit(self, round: Round, person: PersonId, role: str) -> None:
        """Adds one person to the list of voters of an open round (and to `eligible`), once."""
        ...

    def enrol(self, round: Round, people: Mapping[PersonId, str]) -> None:
        """Writes people beside the list of voters, with their roles: facilitators, who are counted once they vote."""
        ...

    def excuse(self, round: Round, person: PersonId) -> None:
        """Takes somebody who did not vote off the list of an open round and out of `eligible`; they may still vote."""
        ...

    def decline(self, round: Round, person: PersonId, declined: bool) -> None: ...
    def finish(self, round: Round, person: PersonId, done: bool) -> None:
        """Says that a person validated their ballot: no more reminders, whatever dots are left."""
        ...

    def cast(self, round: Round, person: PersonId, placed: Mapping[IdeaNumber, int], now: datetime) -> None:
        """Casts the only ballot of a detached round, under a random name. Raises AlreadyVoted, VoteOver."""
        ...

    def enter(
        self, round: Round, papers: Sequence[Mapping[IdeaNumber, int]], struck: Sequence[PersonId], now: datetime
    ) -> int:
        """Keeps paper ballots under random names and strikes the people whose ballots are among them.

        Returns the batch, 1 and up. Raises AlreadyVoted for a struck person who has a ballot already, VoteOver.
        """
        ...

    def take_back(self, round: Round, batch: int, now: datetime) -> int:
        """Takes a batch of paper ballots out again; returns how many. Raises VoteOver."""
        ...

    def batches(self, round: Round) -> tuple[tuple[int, int], ...]:
        """Every batch of paper ballots of an open round, with how many it holds."""
        ...

    def close(self, round: Round, now: datetime) -> Tally | None:
        """Counts and seals the round; None when it was closed before. Destroys the key."""
        ...

    def tally(self, round: Round) -> Tally:
        """The sealed tally of a closed round; raises WrongPhase while it is open."""
        ...

    def papers(self, round: Round) -> tuple[Mapping[IdeaNumber, int], ...]:
        """The ballots of a closed round, without voters, in no order; none where too few voted or time deleted them.

        Raises WrongPhase while it is open.
        """
        ...

    def check(self, round: Round) -> tuple[str, ...]:
        """Recounts from the ledger; what differs, in plain English; nothing when all agrees."""
        ...

    def fingerprint(self, round: Round) -> str:
        """SHA-256, in hexadecimal, over everything a closed round was counted from; "" where none was sealed."""
        ...

    def purge(self, now: datetime) -> int:
        """Deletes ballots of closed rounds kept for as long as their rules said; returns how many rounds."""
        ...
