"""One voter and their ballot: seen, filled, validated, declined. Nobody else's, and no total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.ballot import Ballot, Elector, Option, Round
from bot.domain.errors import (
    BadDots,
    BadForm,
    BallotMoved,
    CapReached,
    NoDotsLeft,
    NotAnOption,
    Problem,
    StaleForm,
    VoteOver,
    VoteRefused,
)
from bot.domain.hunt import Hunt
from bot.domain.names import HuntId, IdeaNumber, RoundNumber
from bot.domain.order import order_of, shuffled
from bot.domain.people import Asker
from bot.ports import Storage, Unit
from bot.screens import BallotForm, BallotLine, Button, Choice, Deed, Note, Receipt
from bot.trust import rules_told, trust_told
from bot.usecases.announcements import redraw
from bot.usecases.lines import PAGE, clamp_page, pages
from bot.usecases.requests import BallotView
from bot.usecases.voters import expect_voter, open_round_of
from bot.words import refusal_words

Placed = Mapping[IdeaNumber, int]


@dataclass(frozen=True, slots=True)
class Ballots:
    """Use cases of a voter."""

    storage: Storage

    def ballot(self, asker: Asker, hunt: HuntId, now: datetime, view: BallotView | None = None) -> BallotForm:
        """This voter's ballot. Raises WrongPhase when no round is open, NotAVoter, AlreadyVoted.

        A draft is read like anything a form holds: BadForm beyond the cap or the budget, StaleForm for what no form
        of ours can hold.
        """
        seen = view or BallotView()
        try:
            with self.storage.look() as unit:
                kept, round = open_round_of(unit, asker, hunt)
                expect_voter(unit, kept, round, asker)
                return _ballot_form(unit, kept, round, asker, seen)
        except (CapReached, NoDotsLeft) as refusal:
            raise _beside_fields(refusal, seen.draft) from refusal

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
                kept, open_one, options = _place(unit, asker, hunt, round, {option: dots}, action, now)
                return _ballot_form(unit, kept, open_one, asker, view, options)
        except (NoDotsLeft, CapReached, BadDots, NotAnOption) as refusal:
            return self._redrawn(asker, hunt, view, refusal)

    def _redrawn(self, asker: Asker, hunt: HuntId, view: BallotView, refusal: VoteRefused) -> BallotForm:
        """The ballot as it is, with what was refused; a new revision, so that the platform forgets what it showed."""
        with self.storage.look() as unit:
            kept, open_one = open_round_of(unit, asker, hunt)
            form = _ballot_form(unit, kept, open_one, asker, replace(view, revision=view.revision + 1))
            return replace(form, refused=refused(refusal))

    def fill(
        self,
        asker: Asker,
        hunt: HuntId,
        round: RoundNumber,
        wishes: Placed,
        action: str,
        now: datetime,
        view: BallotView | None = None,
        *,
        finish: bool = True,
    ) -> BallotForm | Receipt | Note:
        """A page of the plain ballot at once, all of it or nothing; its receipt, or the next page (`finish` False).

        Options not named keep their dots. `view.version` is that of the ballot the page was drawn from: where another
        device changed it since, nothing is written and the form comes back with the present state. Raises BadForm with
        `option:<number>` or `total`, VoteOver.
        """
        seen = view or BallotView()
        try:
            with self.storage.begin() as unit:
                if _moved(unit, asker, hunt, round, wishes, seen):
                    raise _moved_refusal(unit, asker, hunt, round)
                kept, open_one, options = _place(unit, asker, hunt, round, wishes, action, now)
                if finish:
                    return _finished(unit, kept, open_one, asker, now)
                return _ballot_form(unit, kept, open_one, asker, seen, options)
        except BallotMoved as refusal:
            return self._redrawn(asker, hunt, seen, refusal)
        except (CapReached, NoDotsLeft) as refusal:
            raise _beside_fields(refusal, wishes) from refusal

    def validate(self, asker: Asker, hunt: HuntId, round: RoundNumber, now: datetime) -> Receipt | Note:
        """The receipt of a ballot whose dots are saved already: no more reminders, whatever dots are left.

        It may still be changed until the close. Raises VoteOver, NotAVoter.
        """
        with self.storage.begin() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            open_one = unit.rounds.pinned(asker.tenant, hunt, round)
            if not open_one.takes_dots(now):
                raise VoteOver(open_one.closed_at or open_one.closes_at)
            expect_voter(unit, kept, open_one, asker)
            return _finished(unit, kept, open_one, asker, now)

    def cast(
        self, asker: Asker, hunt: HuntId, round: RoundNumber, wishes: Placed, view: BallotView, now: datetime
    ) -> Receipt:
        """Casts the only ballot of a detached round, whole. Raises BadForm, VoteOver, NotAVoter, AlreadyVoted."""
        placed = {**view.draft, **wishes}
        try:
            with self.storage.begin() as unit:
                kept, open_one, elector = _expect_open(unit, asker, hunt, round, now)
                if not open_one.detached:
                    raise StaleForm
                ballot = _drafted(placed, open_one, unit.rounds.options(open_one))
                if not ballot.used:
                    raise BadForm({"total": "ballot.problem.empty"})
                _admit(unit, open_one, asker, elector)
                unit.rounds.cast(open_one, asker.person, ballot.placed, now)
                redraw(unit, kept, now)  # turnout only, never a dot
                return _receipt(unit, kept, open_one, ballot.placed, now)
        except (CapReached, NoDotsLeft) as refusal:
            raise _beside_fields(refusal, placed) from refusal

    def decline(self, asker: Asker, hunt: HuntId, round: RoundNumber, declined: bool, now: datetime) -> Note:
        """Says "not this time": no more reminders for this round; dots already placed stay."""
        with self.storage.begin() as unit:
            _, open_one, _ = _expect_open(unit, asker, hunt, round, now)
            unit.rounds.decline(open_one, asker.person, declined)
        return Note("vote.declined", buttons=(Button(Deed.VOTE, hunt),))


def refused(refusal: VoteRefused) -> Note:
    """Why a wish was not granted, with the present state."""
    key, facts = refusal_words(refusal)
    return Note(key, facts, good=False)


def _expect_open(
    unit: Unit, asker: Asker, hunt: HuntId, number: RoundNumber, now: datetime
) -> tuple[Hunt, Round, Elector]:
    """The hunt, the pinned round, where the asker stands. Raises VoteOver, NotAVoter, AlreadyVoted."""
    kept = unit.hunts.get(asker.tenant, hunt)
    round = unit.rounds.pinned(asker.tenant, hunt, number)
    if not round.takes_dots(now):
        raise VoteOver(round.closed_at or round.closes_at)
    # Read once the round is pinned: whoever links accounts waits for it, and one person has one ballot.
    if unit.links.itself(asker.tenant, asker.person) != asker.person:
        raise StaleForm
    return kept, round, expect_voter(unit, kept, round, asker)


def _place(
    unit: Unit, asker: Asker, hunt: HuntId, number: RoundNumber, wishes: Placed, action: str, now: datetime
) -> tuple[Hunt, Round, tuple[Option, ...]]:
    """The hunt, the round with its new turnout, and its options, which are many and never change."""
    kept, round, elector = _expect_open(unit, asker, hunt, number, now)
    if round.detached:
        raise StaleForm  # a ballot cast once is never filled dot by dot
    options = unit.rounds.options(round)
    numbers = frozenset(option.number for option in options)
    ballot = unit.rounds.ballot(round, asker.person, lock=True)
    before = ballot.placed
    in_order = sorted(wishes.items(), key=lambda w: w[1] - before.get(w[0], 0))  # dots are taken away first
    for option, dots in in_order:
        ballot = ballot.wish(option, dots, round, numbers)
    changed = [(option, dots) for option, dots in in_order if before.get(option, 0) != dots]
    if not changed:
        return kept, round, options
    _admit(unit, round, asker, elector)
    for option, dots in changed:
        unit.rounds.wish(round, asker.person, option, dots, f"{action}:{option}", now)
    fresh = unit.rounds.get(asker.tenant, hunt, number)
    if fresh.voters != round.voters:
        redraw(unit, kept, now)  # turnout only, never a dot
    return kept, fresh, options


def _admit(unit: Unit, round: Round, asker: Asker, elector: Elector) -> None:
    """Puts who votes on the list; where members are not known, how many may vote is not known either, and not told."""
    if round.eligible and not elector.listed:
        unit.rounds.admit(round, asker.person, unit.people.person(asker.tenant, asker.person).role)


def _moved(unit: Unit, asker: Asker, hunt: HuntId, number: RoundNumber, wishes: Placed, view: BallotView) -> bool:
    """Whether another device changed the ballot since the page was drawn; the same page sent twice is no change."""
    if view.version is None:
        return False
    round = unit.rounds.pinned(asker.tenant, hunt, number)
    ballot = unit.rounds.ballot(round, asker.person, lock=True)
    return ballot.version != view.version and any(ballot.placed.get(n, 0) != dots for n, dots in wishes.items())


def _moved_refusal(unit: Unit, asker: Asker, hunt: HuntId, number: RoundNumber) -> BallotMoved:
    round = unit.rounds.get(asker.tenant, hunt, number)
    return BallotMoved(unit.rounds.ballot(round, asker.person).used, round.dots)


def _beside_fields(refusal: CapReached | NoDotsLeft, wishes: Placed) -> BadForm:
    """The refusal beside the fields it is about, with its figures."""
    if isinstance(refusal, CapReached):
        over = [n for n, dots in wishes.items() if dots > refusal.cap]
        facts = {"cap": refusal.cap, "n": refusal.cap}
        return BadForm({f"option:{n}": Problem("ballot.problem.cap", facts) for n in over})
    wanted = sum(wishes.values())
    return BadForm({"total": Problem("ballot.problem.total", {"total": refusal.total, "wanted": wanted, "n": wanted})})


def _drafted(draft: Placed, round: Round, options: tuple[Option, ...]) -> Ballot:
    """The ballot a form holds; crafted or not, it keeps to the rules. Raises CapReached, NoDotsLeft, StaleForm."""
    numbers = frozenset(option.number for option in options)
    ballot = Ballot()
    try:
        for option, dots in sorted(draft.items()):
            ballot = ballot.wish(option, dots, round, numbers)
    except (NotAnOption, BadDots) as crafted:
        raise StaleForm from crafted
    return ballot


def _ballot_form(
    unit: Unit, hunt: Hunt, round: Round, asker: Asker, view: BallotView, known: tuple[Option, ...] | None = None
) -> BallotForm:
    order = order_of(round.seed, asker.tenant, asker.person)
    known = known or unit.rounds.options(round)
    options = shuffled(known, order, lambda option: option.number)
    themes = sorted({option.theme for option in options if option.theme})
    shown = [option for option in options if not view.theme or option.theme == view.theme]
    ballot = _drafted(view.draft, round, known) if round.detached else unit.rounds.ballot(round, asker.person)
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
        plain=round.detached or unit.people.person(asker.tenant, asker.person).plain_ballot,
        revision=view.revision,
        version=ballot.version,
        draft=dict(ballot.placed) if round.detached else {},
        rules=rules_told(round),
        trust=trust_told(round, unit.rounds.elector(round, asker.person).role if round.by_role else ""),
    )


def _ballot_line(option: Option, ballot: Ballot, round: Round) -> BallotLine:
    placed = ballot.placed.get(option.number, 0)
    most = min(round.cap, placed + round.dots - ballot.used)
    return BallotLine(option.number, option.text, option.title, option.theme, placed, most)


def _finished(unit: Unit, hunt: Hunt, round: Round, asker: Asker, now: datetime) -> Receipt | Note:
    """Marks the voter as done; an empty ballot is none, and says what to do instead."""
    ballot = unit.rounds.ballot(round, asker.person)
    if not ballot.used:
        row = (Button(Deed.VOTE, hunt.id, main=True), Button(Deed.DECLINE, f"{hunt.id}|{round.number}"))
        return Note("ballot.empty", {"total": round.dots, "n": round.dots}, row, good=False)
    unit.rounds.finish(round, asker.person, done=True)
    return _receipt(unit, hunt, round, ballot.placed, now)


def _receipt(unit: Unit, hunt: Hunt, round: Round, placed: Placed, now: datetime) -> Receipt:
    ballot = Ballot(placed)
    chosen = [option for option in unit.rounds.options(round) if option.number in placed]
    lines = tuple(_ballot_line(option, ballot, round) for option in chosen)
    return Receipt(hunt, round, lines, ballot.used, now)
