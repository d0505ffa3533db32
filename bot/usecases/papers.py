"""People in the room: paper ballots printed, typed in by a facilitator, and taken out again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.ballot import Round
from bot.domain.errors import AlreadyVoted, BadForm, Problem, UnknownRound, VoteOver
from bot.domain.hunt import Hunt
from bot.domain.names import HuntId, PersonId, RoundNumber, TenantId
from bot.domain.paper import read_papers
from bot.domain.people import Asker
from bot.ports import Storage, Unit
from bot.reports.paper import MOST_COPIES, PaperSheet, most_copies, paper
from bot.screens import BallotLine, Button, Deed, File, Note, PaperForm
from bot.trust import paper_told, rules_told
from bot.usecases.announcements import bring_file, redraw
from bot.usecases.closing import may_vote
from bot.usecases.people import themselves
from bot.usecases.voters import open_round_of
from bot.words import Mention, translator

SAID_ELSEWHERE = frozenset({"rules.dots", "rules.until", "rules.no_end"})
"""Rules that the paper tells in words of its own: how to tick, and when to hand it in."""
PAPER = "pdf"
"""The format of an export letter that brings paper ballots."""


@dataclass(frozen=True, slots=True)
class Papers:
    """Use cases of a facilitator with paper on the table; each leaves a line in the audit trail."""

    storage: Storage

    def form(self, asker: Asker, hunt: HuntId, now: datetime) -> PaperForm:
        """The options with their numbers, what was entered so far. Raises WrongPhase, VoteOver, NotAllowed."""
        with self.storage.look() as unit:
            kept, round = open_round_of(unit, asker, hunt)
            kept.expect_leader(asker.person, "papers")
            return _form(unit, kept, round)

    def enter(
        self,
        asker: Asker,
        hunt: HuntId,
        round: RoundNumber,
        typed: str,
        struck: Sequence[PersonId],
        key: str,
        now: datetime,
    ) -> Note:
        """Keeps the ballots typed, a line each, all or none; `struck` people's ballots are among them.

        `key` is the form's natural key: sent twice it is entered once. They count like any other ballot, and the
        turnout says how many they were. Raises BadForm (`papers` or `struck`), VoteOver, NotAllowed.
        """
        with self.storage.begin() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            kept.expect_leader(asker.person, "papers")
            open_one = unit.rounds.pinned(asker.tenant, hunt, round)
            if not open_one.takes_dots(now):
                raise VoteOver(open_one.closed_at or open_one.closes_at)
            if not unit.people.first_time(asker.tenant, f"papers:{key}", now):
                return Note("papers.already")
            numbers = frozenset(option.number for option in unit.rounds.options(open_one))
            papers = read_papers(typed, open_one, numbers)
            struck = themselves(unit, asker.tenant, struck)  # now that the round is pinned: no link is made meanwhile
            _expect_struck(unit, kept, struck, len(papers))
            try:
                batch = unit.rounds.enter(open_one, papers, struck, now)
            except AlreadyVoted as voted:
                facts = {"person": _named(unit, asker.tenant, PersonId(voted.person))}
                raise BadForm({"struck": Problem("papers.problem.voted", facts)}) from voted
            redraw(unit, kept, now)
            unit.calendar.note(asker.tenant, asker.person, "papers", f"{hunt}:{round}:{batch}:{len(papers)}", now)
        back = Button(Deed.TAKE_BACK, f"{hunt}|{round}|{batch}", confirm=True, facts={"n": len(papers)})
        return Note("papers.entered", {"n": len(papers)}, (Button(Deed.PAPERS, hunt, main=True), back))

    def take_back(self, asker: Asker, hunt: HuntId, round: RoundNumber, batch: int, now: datetime) -> Note:
        """Takes a batch out again; who was struck with it may vote. Twice changes nothing. Raises VoteOver."""
        with self.storage.begin() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            kept.expect_leader(asker.person, "papers")
            open_one = unit.rounds.pinned(asker.tenant, hunt, round)
            if not open_one.takes_dots(now):
                raise VoteOver(open_one.closed_at or open_one.closes_at)
            taken = unit.rounds.take_back(open_one, batch, now)
            if taken:
                redraw(unit, kept, now)
                where = f"{hunt}:{round}:{batch}:{taken}"
                unit.calendar.note(asker.tenant, asker.person, "papers_back", where, now)
        return Note("papers.taken_back", {"n": taken}, (Button(Deed.PAPERS, hunt, main=True),), good=bool(taken))

    def sheet(
        self, tenant: TenantId, hunt: HuntId, copies: int, language: str, zone: str, round: RoundNumber | None = None
    ) -> PaperSheet:
        """What is printed for a round, the newest without a number; copies beyond what one file holds are left out.

        In the hunt's language unless told otherwise. Raises UnknownHunt, UnknownRound.
        """
        with self.storage.look() as unit:
            kept = unit.hunts.get(tenant, hunt)
            last = unit.rounds.latest(tenant, hunt)
            if last is None:
                raise UnknownRound
            voted = last if round is None else unit.rounds.get(tenant, hunt, round)
            options = unit.rounds.options(voted)
        spoken = language or kept.language
        words = translator(spoken)
        return PaperSheet(
            kept.question,
            spoken,
            zone,
            voted.number,
            options,
            voted.dots,
            voted.cap,
            voted.places,
            voted.seed,
            voted.closes_at,
            voted.runoff,
            max(1, min(copies, most_copies(options))),
            tuple(words.plain(key, zone, **facts) for key, facts in paper_told(voted)),
            tuple(words.plain(key, zone, **facts) for key, facts in rules_told(voted) if key not in SAID_ELSEWHERE),
        )

    def file_of(
        self, tenant: TenantId, hunt: HuntId, copies: int, language: str, zone: str, round: RoundNumber
    ) -> File:
        """Paper ballots as a PDF. Long: not for the event loop. Raises PressFailed."""
        sheet = self.sheet(tenant, hunt, copies, language, zone, round)
        with self.storage.look() as unit:
            kept = unit.hunts.get(tenant, hunt)
        return File(f"ideahunt-{hunt}-{round}-ballots.pdf", paper(sheet), "application/pdf", kept)

    def print(self, asker: Asker, hunt: HuntId, copies: int, now: datetime) -> Note:
        """Writes the letter that brings `copies` paper ballots (1 to 60) as a PDF to the facilitator."""
        with self.storage.begin() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            kept.expect_leader(asker.person, "papers")
            round = unit.rounds.latest(asker.tenant, hunt)
            if round is None:
                raise UnknownRound
            wanted = max(1, min(copies, MOST_COPIES))
            bring_file(unit, kept, asker.person, now, format=PAPER, round=int(round.number), copies=wanted)
        return Note("papers.printing", {"n": wanted})


def _form(unit: Unit, hunt: Hunt, round: Round) -> PaperForm:
    lines = tuple(
        BallotLine(option.number, option.text, option.title, option.theme, 0, round.cap)
        for option in sorted(unit.rounds.options(round), key=lambda option: option.number)
    )
    return PaperForm(hunt, round, lines, unit.rounds.batches(round))


def _expect_struck(unit: Unit, hunt: Hunt, struck: Sequence[PersonId], papers: int) -> None:
    """Everybody struck may vote, and there is a paper for each."""
    if len(struck) > papers:
        facts = {"n": papers, "people": len(struck)}
        raise BadForm({"struck": Problem("papers.problem.struck", facts)})
    for person in struck:
        if not (hunt.led_by(person) or may_vote(unit, hunt, person)):
            named = _named(unit, hunt.tenant, person)
            raise BadForm({"struck": Problem("papers.problem.not_a_voter", {"person": named})})


def _named(unit: Unit, tenant: TenantId, person: PersonId) -> Mention:
    """Somebody by their name too: beside a field nobody can be mentioned."""
    return Mention(person, unit.people.person(tenant, person).name)
