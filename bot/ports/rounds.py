"""What the core asks of whoever keeps rounds, ballots and dots."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.ballot import Ballot, Option, Round
from bot.domain.names import HuntId, IdeaNumber, PersonId, RoundNumber, TenantId
from bot.domain.tally import Tally


class RoundStore(Protocol):
    """Rounds, ballots and dots. The schema itself refuses an overspent budget or a broken cap."""

    def open(self, round: Round, options: Sequence[Option], electors: Iterable[PersonId]) -> None:
        """Freezes the options, lays out slots and caps, makes the round's secret key."""
        ...

    def latest(self, tenant: TenantId, hunt: HuntId) -> Round | None: ...
    def get(self, tenant: TenantId, hunt: HuntId, number: RoundNumber) -> Round:
        """Raises UnknownRound."""
        ...

    def pinned(self, tenant: TenantId, hunt: HuntId, number: RoundNumber) -> Round:
        """Like get, and the round cannot close before this unit ends."""
        ...

    def options(self, round: Round) -> tuple[Option, ...]:
        """By position."""
        ...

    def ballot(self, round: Round, person: PersonId, lock: bool = False) -> Ballot: ...
    def order(self, round: Round, person: PersonId) -> str:
        """A stable secret-free seed for this voter's own order of options."""
        ...

    def wish(self, round: Round, person: PersonId, option: IdeaNumber, dots: int, action: str, now: datetime) -> None:
        """Writes the dots and the ledger; an `action` written before changes nothing."""
        ...

    def electors(self, round: Round) -> frozenset[PersonId]: ...
    def elects(self, round: Round, person: PersonId) -> bool:
        """Whether the person is on the round's list of voters."""
        ...

    def admit(self, round: Round, person: PersonId) -> None:
        """Adds one person to the list of voters of an open round (and to `eligible`), once."""
        ...

    def declined(self, round: Round, person: PersonId) -> bool: ...
    def decline(self, round: Round, person: PersonId, declined: bool) -> None: ...
    def with_dots_left(self, round: Round) -> tuple[tuple[PersonId, int], ...]:
        """Electors who neither used all their dots nor declined, with the dots left."""
        ...

    def close(self, round: Round, now: datetime) -> Tally | None:
        """Counts and seals the round; None when it was closed before. Destroys the key."""
        ...

    def tally(self, round: Round) -> Tally:
        """The sealed tally of a closed round; raises WrongPhase while it is open."""
        ...

    def papers(self, round: Round) -> tuple[Mapping[IdeaNumber, int], ...]:
        """The ballots of a closed round, without voters, in no order; raises WrongPhase while it is open."""
        ...

    def check(self, round: Round) -> tuple[str, ...]:
        """Recounts from the ledger; what differs, in plain English; nothing when all agrees."""
        ...
