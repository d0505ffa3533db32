"""A dot vote from its opening to its results: rules, ballots, close, run-off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from bot.domain.ballot import Ballot, Option, Round, beyond, suggested_dots
from bot.domain.errors import (
    BadDots,
    BadForm,
    CapReached,
    HuntOpenHere,
    NoDotsLeft,
    NoHuntHere,
    NotAnOption,
    NotAVoter,
    UnknownRound,
    VoteOver,
    VoteRefused,
    WrongPhase,
)
from bot.domain.hunt import Hunt, Phase
from bot.domain.names import HuntId, IdeaNumber, PersonId, RoomId, RoundNumber
from bot.domain.people import Asker
from bot.ports import Storage, Unit
from bot.screens import BallotForm, BallotLine, Button, Choice, Deed, Note, Results, VoteForm
from bot.usecases.announcements import redraw
from bot.usecases.closing import STANDING, close_round, frozen_options, may_vote, open_round
from bot.usecases.hunts import hold_room
from bot.usecases.lines import PAGE, clamp_page, pages
from bot.usecases.people import itself
from bot.usecases.requests import BallotView, VoteRequest
from bot.usecases.results import outcome
from bot.words import refusal_words

RUNOFF_LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Votes:
    """Use cases about rounds and ballots."""

    storage: Storage

    def form(self, asker: Asker, hunt: HuntId, now: datetime) -> VoteForm:
        """The rules before a round opens, and how many likely duplicates nobody decided."""
        with self.storage.look() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            kept.expect_leader(asker.person, "open_vote")
            kept.expect(Phase.REVEALED)
            options = unit.ideas.count(asker.tenant, hunt, states=STANDING)
            dots = kept.dots or suggested_dots(options)
            undecided = unit.ideas.count_pairs(asker.tenant, hunt)
            until = kept.vote_until if kept.vote_until and kept.vote_until > now else None
            return VoteForm(kept, options, dots, kept.cap, kept.places, until, undecided)

    def open(self, asker: Asker, wanted: VoteRequest, now: datetime) -> Note:
        """Freezes the options and opens the round. Raises WrongPhase, NothingToVote, BadForm."""
        with self.storage.begin() as unit:
            hunt = unit.hunts.locked(asker.tenant, wanted.hunt)
            hunt.expect_leader(asker.person, "open_vote")
            hunt.expect(Phase.REVEALED)
            _expect_good(wanted, now)
            round = open_round(
                unit,
                hunt,
                frozen_options(unit, hunt),
                now,
                dots=wanted.dots or hunt.dots,
                cap=wanted.cap,
                places=wanted.places,
                closes_at=wanted.closes_at,
            )
            unit.calendar.note(asker.tenant, asker.person, "open_vote", hunt.id, now)
        facts = {"dots": round.dots, "cap": round.cap, "eligible": round.eligible}
        return Note("vote.opened", facts, (Button(Deed.VOTE, hunt.id, main=True),))

    def ballot(self, asker: Asker, hunt: HuntId, now: datetime, view: BallotView | None = None) -> BallotForm:
        """This voter's ballot. Raises WrongPhase when no round is open, NotAVoter."""
        with self.storage.look() as unit:
            kept, round = _open_round(unit, asker, hunt)
            _expect_voter(unit, kept, round, asker)
            return _ballot_form(unit, kept, round, asker, view or BallotView())

    def wish(
        self,
        asker: Asker,
        hunt: HuntId,
        round: RoundNumber,
        option: IdeaNumber,
        dots: int,
        action: str,
        view: BallotView,
        now: datetime,
    ) -> BallotForm:
        """Puts exactly `dots` dots on an option, saved at once; the ballot drawn again.

        A wish that cannot be granted comes back drawn with the reason and the present state. A round that is over
        raises VoteOver: there is no ballot left to draw.
        """
        try:
            with self.storage.begin() as unit:
                kept, open_one, options = self._place(unit, asker, hunt, round, {option: dots}, action, now)
                return _ballot_form(unit, kept, open_one, asker, view, options)
        except (NoDotsLeft, CapReached, BadDots, NotAnOption) as refusal:
            with self.storage.begin() as unit:
                kept, open_one = _open_round(unit, asker, hunt)
                redrawn = replace(view, revision=view.revision + 1)
                form = _ballot_form(unit, kept, open_one, asker, redrawn)
                return replace(form, refused=refused(refusal))

    def fill(
        self,
        asker: Asker,
        hunt: HuntId,
        round: RoundNumber,
        wishes: Mapping[IdeaNumber, int],
        action: str,
        now: datetime,
    ) -> Note:
        """A whole ballot at once (the plain ballot): all of it or nothing.

        Options not named keep their dots. Raises BadForm with `option:<number>` or `total`, VoteOver.
        """
        try:
            with self.storage.begin() as unit:
                kept, open_one, _ = self._place(unit, asker, hunt, round, wishes, action, now)
                used = unit.rounds.ballot(open_one, asker.person).used
        except CapReached as refusal:
            over = [n for n, dots in wishes.items() if dots > refusal.cap]
            raise BadForm({f"option:{n}": "ballot.problem.cap" for n in over}) from refusal
        except NoDotsLeft as refusal:
            raise BadForm({"total": "ballot.problem.total"}) from refusal
        return Note("ballot.saved", {"used": used, "total": open_one.dots, "question": kept.question})

    def _place(
        self,
        unit: Unit,
        asker: Asker,
        hunt: HuntId,
        number: RoundNumber,
        wishes: Mapping[IdeaNumber, int],
        action: str,
        now: datetime,
    ) -> tuple[Hunt, Round, tuple[Option, ...]]:
        """The hunt, the round with its new turnout, and its options, which are many and never change."""
        kept = unit.hunts.get(asker.tenant, hunt)
        round = unit.rounds.pinned(asker.tenant, hunt, number)
        if not round.takes_dots(now):
            raise VoteOver(round.closed_at or round.closes_at)
        asker = itself(unit, asker)  # read once the round is pinned: whoever links accounts waits for it
        _expect_voter(unit, kept, round, asker)
        options = unit.rounds.options(round)
        numbers = frozenset(option.number for option in options)
        ballot = unit.rounds.ballot(round, asker.person, lock=True)
        for option, dots in sorted(wishes.items(), key=lambda w: w[1] - ballot.placed.get(w[0], 0)):
            ballot = ballot.wish(option, dots, round, numbers)
        if round.eligible:  # where members are not known, how many may vote is not known either, and not told
            unit.rounds.admit(round, asker.person)
        for option, dots in sorted(wishes.items(), key=lambda w: w[1]):
            unit.rounds.wish(round, asker.person, option, dots, f"{action}:{option}", now)
        fresh = unit.rounds.get(asker.tenant, hunt, number)
        if fresh.voters != round.voters:
            redraw(unit, kept, now)  # turnout only, never a dot
        return kept, fresh, options

    def decline(self, asker: Asker, hunt: HuntId, round: RoundNumber, declined: bool, now: datetime) -> Note:
        """Says "not this time": no more reminders for this round; dots already placed stay."""
        with self.storage.begin() as unit:
            open_one = unit.rounds.pinned(asker.tenant, hunt, round)
            if not open_one.takes_dots(now):
                raise VoteOver(open_one.closed_at or open_one.closes_at)
            unit.rounds.decline(open_one, asker.person, declined)
        return Note("vote.declined", buttons=(Button(Deed.VOTE, hunt),))

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
            _expect_room_free(unit, kept)
            last = unit.rounds.latest(asker.tenant, hunt)
            if last is None or last.open:
                raise UnknownRound
            tally = unit.rounds.tally(last)
            tied = tally.tied_at_cut
            options = [option for option in unit.rounds.options(last) if option.number in tied]
            round = open_round(
                unit,
                kept,
                options,
                now,
                dots=1,
                cap=1,
                places=max(1, tally.places - len(tally.winners)),
                closes_at=now + RUNOFF_LASTS,
                runoff=True,
            )
            unit.calendar.note(asker.tenant, asker.person, "run_off", hunt, now)
        return Note("runoff.opened", {"n": len(tied), "until": round.closes_at}, (Button(Deed.VOTE, hunt),))

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


def refused(refusal: VoteRefused) -> Note:
    """Why a wish was not granted, with the present state."""
    key, facts = refusal_words(refusal)
    return Note(key, facts, good=False)


def _expect_good(wanted: VoteRequest, now: datetime) -> None:
    problems: dict[str, str] = {}
    if wanted.closes_at is not None and wanted.closes_at <= now:
        problems["closes_at"] = "launch.problem.past"
    rules = ("dots", wanted.dots), ("cap", wanted.cap), ("places", wanted.places)
    problems |= dict.fromkeys(beyond(rules), "launch.problem.dots")
    if problems:
        raise BadForm(problems)


def _open_round(unit: Unit, asker: Asker, hunt: HuntId) -> tuple[Hunt, Round]:
    kept = unit.hunts.get(asker.tenant, hunt)
    round = unit.rounds.latest(asker.tenant, hunt)
    if round is None:
        raise WrongPhase(kept.phase.value, (Phase.VOTING.value,))
    if not round.open:
        raise VoteOver(round.closed_at)
    return kept, round


def _expect_voter(unit: Unit, hunt: Hunt, round: Round, asker: Asker) -> None:
    """Listed voters vote; so do people who joined a room of the hunt since, and its facilitators.

    Where a room's members are not known, everybody of the tenant may vote. Raises NotAVoter.
    """
    if unit.rounds.elects(round, asker.person) or hunt.led_by(asker.person):
        return
    if not may_vote(unit, hunt, asker.person) or not _in_a_room(unit, hunt, asker.person):
        raise NotAVoter


def _in_a_room(unit: Unit, hunt: Hunt, person: PersonId) -> bool:
    rooms = unit.hunts.rooms(hunt.tenant, hunt.id)
    return any(unit.people.is_member(hunt.tenant, place.room, person) is not False for place in rooms)


def _expect_room_free(unit: Unit, hunt: Hunt) -> None:
    for place in unit.hunts.rooms(hunt.tenant, hunt.id):
        hold_room(unit, hunt.tenant, place.room)
        other = unit.hunts.open_in(hunt.tenant, place.room)
        if other is not None and other.id != hunt.id:
            raise HuntOpenHere(other.question)


def _ballot_form(
    unit: Unit, hunt: Hunt, round: Round, asker: Asker, view: BallotView, known: tuple[Option, ...] | None = None
) -> BallotForm:
    options = _shuffled(known or unit.rounds.options(round), unit.rounds.order(round, asker.person))
    themes = sorted({option.theme for option in options if option.theme})
    shown = [option for option in options if not view.theme or option.theme == view.theme]
    ballot = unit.rounds.ballot(round, asker.person)
    page = clamp_page(view.page, len(shown), PAGE)
    here = shown[(page - 1) * PAGE : page * PAGE]
    return BallotForm(
        hunt,
        round,
        tuple(_ballot_line(option, ballot, round) for option in here),
        ballot.used,
        tuple(Choice(name, name) for name in themes),
        view.theme,
        page,
        pages(len(shown), PAGE),
        len(shown),
        plain=unit.people.person(asker.tenant, asker.person).plain_ballot,
        revision=view.revision,
    )


def _ballot_line(option: Option, ballot: Ballot, round: Round) -> BallotLine:
    placed = ballot.placed.get(option.number, 0)
    most = min(round.cap, placed + round.dots - ballot.used)
    return BallotLine(option.number, option.text, option.title, option.theme, placed, most)


def _shuffled(options: tuple[Option, ...], seed: str) -> list[Option]:
    """A stable order of one's own: by SHA-256(seed, option), so first places favour nobody."""
    return sorted(options, key=lambda option: sha256(f"{seed}:{option.number}".encode()).digest())
