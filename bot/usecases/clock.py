"""What the clock may ask: deadlines, schedules, comparisons that are due; each in its own transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.ballot import suggested_dots
from bot.domain.errors import NothingToVote
from bot.domain.hunt import Hunt, Phase
from bot.domain.names import HuntId, TenantId
from bot.domain.rules import Rules
from bot.failpoint import failpoint
from bot.ports import Schedule, Storage, Unit
from bot.screens import Deed
from bot.usecases.announcements import notice
from bot.usecases.closing import close_round, open_round
from bot.usecases.digests import send_digest
from bot.usecases.grouping import Grouping
from bot.usecases.hunts import reveal
from bot.usecases.options import ideas_on_ballot
from bot.usecases.regrouping import Regrouping

BATCH = 100
TRIES = 3
"""An event that failed this often is put aside with its payload, so that the next ones flow."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """A hunt that grew and then was quiet: its suggestions are looked at again."""

    hunt: Hunt


Due = Hunt | Schedule | Quiet


@dataclass(frozen=True, slots=True)
class Clock:
    """Use cases of the ticking clock; any number of instances may tick."""

    storage: Storage
    grouping: Grouping
    regrouping: Regrouping

    def due(self, now: datetime) -> tuple[Due, ...]:
        """Hunts past a deadline, letters of the week whose moment has come, hunts that are quiet again."""
        with self.storage.look() as unit:
            first: tuple[Due, ...] = (*unit.hunts.due(now, BATCH), *unit.calendar.due_schedules(now, BATCH))
        return (*first, *(Quiet(hunt) for hunt in self.regrouping.due(now)))

    def long(self, due: Due, now: datetime) -> bool:
        """Whether it compares or groups ideas: seconds or minutes in a large hunt."""
        if isinstance(due, Hunt):
            return _due_step(due, now) in {Phase.REVEALED, Phase.VOTING}
        return isinstance(due, Quiet)

    def about(self, due: Due) -> str:
        """The hunt, or the room, that something due is about."""
        return str(due.hunt.id if isinstance(due, Quiet) else due.id if isinstance(due, Hunt) else due.room)

    def carry_out(self, due: Due, now: datetime) -> int:
        """Does one thing that is due, in a transaction of its own; 0 when another instance did it. Long."""
        if isinstance(due, Hunt):
            return self._advance(due.tenant, due.id, now)
        if isinstance(due, Quiet):
            return self._look_again(due.hunt, now)
        return self._send(due, now)

    def tick(self, now: datetime) -> int:
        """Does everything that is due; returns how many things were done. Long: not for the event loop."""
        return sum(self.carry_out(due, now) for due in self.due(now))

    def _advance(self, tenant: TenantId, id: HuntId, now: datetime) -> int:
        with self.storage.look() as unit:
            opens = _due_step(unit.hunts.get(tenant, id), now) is Phase.VOTING
        if opens:
            self.grouping.compare(tenant, id)  # ideas came since the reveal, perhaps
        with self.storage.begin() as unit:
            hunt = unit.hunts.locked(tenant, id)
            step = _due_step(hunt, now)
            if step is Phase.REVEALED:
                reveal(unit, hunt, now)
            elif step is Phase.VOTING:
                _open_vote(unit, hunt, now)
            elif step is Phase.CLOSED:
                close_round(unit, hunt, now)
            else:
                return 0
            unit.calendar.note(tenant, None, f"clock_{step}", id, now)
        failpoint("clock.advanced")
        if step is Phase.REVEALED:
            self.grouping.compare(tenant, id)  # at a glance; once all is quiet they are looked at again
        return 1

    def _look_again(self, hunt: Hunt, now: datetime) -> int:
        """Suggestions anew, and likely duplicates where ideas are in the open; in a private hunt the reveal does."""
        moved = self.regrouping.regroup(hunt.tenant, hunt.id, now)
        compared = False
        try:
            compared = self._compare(hunt)
        finally:
            if not compared:
                self.regrouping.look_later(hunt.id, now)
        return int(moved > 0)

    def _compare(self, hunt: Hunt) -> bool:
        """Whether nothing is left to compare; the hunt is read anew, as it may have been revealed since it was due."""
        with self.storage.look() as unit:
            open_now = unit.hunts.get(hunt.tenant, hunt.id).shows_ideas
        return not open_now or self.grouping.compare(hunt.tenant, hunt.id, patient=True)

    def _send(self, schedule: Schedule, now: datetime) -> int:
        with self.storage.begin() as unit:
            return int(send_digest(unit, schedule, now))

    def tidy(self, now: datetime) -> None:
        """Prunes what is no longer needed: served requests, settled letters, ballots kept as long as was told."""
        with self.storage.begin() as unit:
            unit.calendar.tidy(now)
            unit.rounds.purge(now)

    def failed_event(self, tenant: TenantId, event: str, payload: bytes, error: str, now: datetime) -> bool:
        """Counts a failure of an event; True when it was put aside for good and may be acknowledged."""
        with self.storage.begin() as unit:
            if unit.calendar.failed(tenant, event, error, now) < TRIES:
                return False
            unit.calendar.bury_event(tenant, event, payload, error, now)
            return True


def _due_step(hunt: Hunt, now: datetime) -> Phase | None:
    """Which phase the hunt's own deadline asks for at `now`."""
    if hunt.phase is Phase.COLLECTING and hunt.collect_until and hunt.collect_until <= now:
        return Phase.REVEALED
    if hunt.phase is Phase.REVEALED and hunt.vote_from and hunt.vote_from <= now:
        return Phase.VOTING
    if hunt.phase is Phase.VOTING and hunt.vote_until and hunt.vote_until <= now:
        return Phase.CLOSED
    return None


def _open_vote(unit: Unit, hunt: Hunt, now: datetime) -> None:
    """Opens the vote by the launch form's rules.

    With too few ideas, or likely duplicates that nobody decided, the facilitators are told instead: merging is theirs,
    and nobody waved them through.
    """
    until = hunt.vote_until if hunt.vote_until and hunt.vote_until > now else None
    once = replace(hunt, vote_from=None)
    unit.hunts.keep(once)
    if undecided := unit.ideas.count_pairs(once.tenant, once.id):
        for person in sorted({once.facilitator, *once.cofacilitators}):
            notice(
                unit,
                once,
                person,
                "vote.waits_for_you",
                now,
                once=f"undecided:{now.isoformat()}",
                buttons=f"{Deed.DUPLICATES}:{once.id};{Deed.OPEN_VOTE}:{once.id}",
                n=undecided,
                question=once.question,
            )
        return
    options = ideas_on_ballot(unit, once)
    rules = Rules(once.dots or suggested_dots(len(options)), once.cap, once.places, until)
    try:
        open_round(unit, once, options, rules, now)
    except NothingToVote:
        notice(unit, once, once.facilitator, "vote.too_few", now, once="too_few", question=once.question)
