"""A dot vote as a whole, from its rules to its results: opened, changed, closed, parted by a run-off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.ballot import Round
from bot.domain.errors import BadForm, HuntOpenHere, NoHuntHere, NothingToVote, TieStays, UnknownRound
from bot.domain.hunt import Hunt, Phase
from bot.domain.names import HuntId, RoomId, RoundNumber
from bot.domain.people import Asker
from bot.domain.rules import RoundKind, Rules, TieRule, frozen
from bot.ports import Storage, Unit
from bot.screens import Button, Deed, Note, Results, SecondReading, VoteForm
from bot.usecases.announcements import redraw
from bot.usecases.closing import close_round, open_round, open_runoff, replan_nudges
from bot.usecases.grouping import Grouping
from bot.usecases.hunts import hold_room
from bot.usecases.options import extras_on_ballot, ideas_to_vote_on, themes_on_ballot
from bot.usecases.requests import VoteRequest
from bot.usecases.results import outcome, results_screen, themes_chosen
from bot.usecases.rules_form import blank_form, dots_of, expect_good, open_form, rules_of


@dataclass(frozen=True, slots=True)
class Votes:
    """Use cases about rounds; ballots are in `Ballots`."""

    storage: Storage
    grouping: Grouping

    def form(
        self, asker: Asker, hunt: HuntId, now: datetime, typed: VoteRequest | None = None, *, full: bool = False
    ) -> VoteForm:
        """The rules before a round opens, and how many likely duplicates nobody decided; `typed` so far is kept.

        While a round is open: its rules, to change what may still change.
        """
        with self.storage.look() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            kept.expect_leader(asker.person, "open_vote")
            if kept.phase is Phase.VOTING:
                return open_form(unit, kept, typed)
            _expect_may_open(unit, kept, hold=False)
        self.grouping.compare(asker.tenant, hunt)  # ideas came since the reveal, perhaps
        with self.storage.look() as unit:
            return blank_form(unit, unit.hunts.get(asker.tenant, hunt), now, typed, full=full)

    def open(self, asker: Asker, wanted: VoteRequest, now: datetime) -> Note:
        """Freezes the options and opens the round. Raises WrongPhase, NothingToVote, BadForm, HuntOpenHere.

        Likely duplicates nobody decided must be decided first, or waved through under the facilitator's name.
        """
        with self.storage.look() as unit:
            unit.hunts.get(asker.tenant, wanted.hunt).expect_leader(asker.person, "open_vote")
        self.grouping.compare(asker.tenant, wanted.hunt)  # ideas came since the form was filled, perhaps
        with self.storage.begin() as unit:
            hunt = unit.hunts.locked(asker.tenant, wanted.hunt)
            hunt.expect_leader(asker.person, "open_vote")
            _expect_may_open(unit, hunt, hold=True)
            undecided = unit.ideas.count_pairs(asker.tenant, hunt.id) if hunt.phase is Phase.REVEALED else 0
            expect_good(wanted, now, undecided)
            by_theme = wanted.by_theme and hunt.phase is Phase.REVEALED
            kind = RoundKind.THEMES if by_theme else RoundKind.MAIN
            options = themes_on_ballot(unit, hunt) if by_theme else ideas_to_vote_on(unit, hunt)
            rules = rules_of(wanted, 0)
            rules = replace(rules, dots=dots_of(wanted, hunt, kind, len(options), hunt.ideas))
            if not by_theme:  # the question whether to change anything belongs beside the ideas themselves
                options = (*options, *extras_on_ballot(hunt, wanted.extras))
            round = open_round(unit, hunt, options, rules, now, kind=kind, waved=undecided, waved_by=asker.person)
            unit.calendar.note(asker.tenant, asker.person, "open_vote", hunt.id, now)
            if undecided:
                unit.calendar.note(asker.tenant, asker.person, "wave_duplicates", f"{hunt.id}:{undecided}", now)
        facts = {"dots": round.dots, "cap": round.cap, "eligible": round.eligible}
        return Note("vote.opened", facts, (Button(Deed.VOTE, hunt.id, main=True), Button(Deed.PAPERS, hunt.id)))

    def change(self, asker: Asker, wanted: VoteRequest, now: datetime) -> Note:
        """Other rules for the open round: anything before its first dot, after it only later or more private.

        Raises BadForm with `vote.problem.frozen` beside each rule that may not move any more, WrongPhase.
        """
        with self.storage.begin() as unit:
            hunt = unit.hunts.locked(asker.tenant, wanted.hunt)
            hunt.expect_leader(asker.person, "open_vote")
            hunt.expect(Phase.VOTING)
            assert hunt.round is not None
            before = unit.rounds.locked(asker.tenant, hunt.id, RoundNumber(hunt.round))
            expect_good(wanted, now, 0)
            rules = rules_of(wanted, before.dots)
            if (before.started or before.runoff) and (moved := frozen(before.rules, rules)):
                raise BadForm(dict.fromkeys(moved, "vote.problem.frozen"))
            if rules != before.rules:
                self._keep_rules(unit, asker, hunt, before, rules, now)
        return Note("vote.changed", buttons=(Button(Deed.VOTE, hunt.id),))

    def _keep_rules(self, unit: Unit, asker: Asker, hunt: Hunt, before: Round, rules: Rules, now: datetime) -> None:
        after = before.under(rules)
        unit.rounds.keep(after)
        if after.closes_at != before.closes_at:
            hunt = replace(hunt, vote_until=after.closes_at)
            unit.hunts.keep(hunt)
            replan_nudges(unit, before, after, now)
        redraw(unit, hunt, now, at_once=True)
        moved = [n for n in Rules.__dataclass_fields__ if getattr(before.rules, n) != getattr(rules, n)]
        what = f"{hunt.id}:{before.number}:{','.join(moved)}"
        unit.calendar.note(asker.tenant, asker.person, "change_vote", what, now)

    def close(self, asker: Asker, hunt: HuntId, now: datetime) -> Note:
        """Closes the open round; a second closer is told it is done."""
        with self.storage.begin() as unit:
            kept = unit.hunts.locked(asker.tenant, hunt)
            kept.expect_leader(asker.person, "close_vote")
            if kept.phase is Phase.CLOSED:
                return Note("close.already")
            kept.expect(Phase.VOTING)
            close_round(unit, kept, now)
            unit.calendar.note(asker.tenant, asker.person, "close_vote", hunt, now)
        return Note("close.vote_done")

    def run_off(self, asker: Asker, hunt: HuntId, now: datetime) -> Note:
        """A short round over exactly the tied options: one dot, 24 hours, the places the tie left open."""
        with self.storage.begin() as unit:
            kept = unit.hunts.locked(asker.tenant, hunt)
            kept.expect_leader(asker.person, "run_off")
            kept.expect(Phase.CLOSED)
            _expect_room_free(unit, kept, hold=True)
            last = unit.rounds.latest(asker.tenant, hunt)
            if last is None or last.open:
                raise UnknownRound
            tally = unit.rounds.tally(last)
            if last.tie is TieRule.KEEP and tally.tied_at_cut:
                raise TieStays
            if not tally.tied_at_cut:
                raise NothingToVote
            round = open_runoff(unit, kept, last, tally, now)
            unit.calendar.note(asker.tenant, asker.person, "run_off", hunt, now)
        facts = {"n": len(tally.tied_at_cut), "until": round.closes_at}
        return Note("runoff.opened", facts, (Button(Deed.VOTE, hunt),))

    def results(self, asker: Asker, room: RoomId, now: datetime) -> Results | Note:
        """The newest closed round of this room; while one is open only its turnout is told."""
        with self.storage.look() as unit:
            hunt = unit.hunts.open_in(asker.tenant, room) or unit.hunts.latest_in(asker.tenant, room)
            if hunt is None:
                raise NoHuntHere
            done = outcome(unit, hunt)
            if done is not None:
                return done
            round = unit.rounds.latest(asker.tenant, hunt.id)
            if round is None:
                return Note("results.none_yet", {"question": hunt.question}, good=False)
            return Note("results.sealed", {"voters": round.voters, "eligible": round.eligible}, good=False)

    def second_reading(self, asker: Asker, hunt: HuntId, round: RoundNumber, now: datetime) -> SecondReading:
        """The balanced list and the groups of a closed round, for who asks. Raises WrongPhase while it is open."""
        with self.storage.look() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            told = results_screen(unit, kept, unit.rounds.get(asker.tenant, hunt, round))
            return SecondReading(kept, told.round, told.tally, told.lines)


def _expect_may_open(unit: Unit, hunt: Hunt, *, hold: bool) -> None:
    """Once ideas are revealed; or after a vote over themes, while no other hunt is open in the room."""
    if themes_chosen(unit, hunt) is not None:
        _expect_room_free(unit, hunt, hold=hold)
    else:
        hunt.expect(Phase.REVEALED)


def _expect_room_free(unit: Unit, hunt: Hunt, *, hold: bool) -> None:
    """Raises HuntOpenHere where another hunt is open; `hold` keeps it so until the transaction ends."""
    for place in unit.hunts.rooms(hunt.tenant, hunt.id):
        if hold:
            hold_room(unit, hunt.tenant, place.room)
        other = unit.hunts.open_in(hunt.tenant, place.room)
        if other is not None and other.id != hunt.id:
            raise HuntOpenHere(other.question)
