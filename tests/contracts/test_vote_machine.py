"""Rounds played at random against a plain model, through the use cases, on both databases: they never differ."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import Phase as Phases
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from bot.domain.ballot import Ballot, Elector, Round
from bot.domain.errors import BadForm, Refusal, UnknownHunt, UnknownRound, VoteOver, WrongPhase
from bot.domain.hunt import Hunt, HuntRoom, Phase
from bot.domain.ideas import Idea
from bot.domain.names import HuntId, IdeaNumber, PersonId, RoomId, RoundNumber, TenantId
from bot.domain.people import Asker, Person
from bot.domain.rules import RoundKind, Rules
from bot.domain.tally import Tally
from bot.screens import BallotForm, Note, Receipt
from bot.theming import LexicalThemer
from bot.usecases import Core, build_core
from bot.usecases.requests import BallotView, VoteRequest
from storage.rows import METADATA
from storage.sql import SqlStorage
from storage.voters import unwrapped, voter_key
from tests.contracts.samples import NOW
from tests.contracts.vote_model import CHIEF, EVERYBODY, FEW, GUEST, LATE, OBSERVER, ROLES, VOTERS, Model, Placed
from tests.contracts.vote_strategies import OPTIONS, dots, options, people, placings, rules, voters

TENANTS = count(1)
STEPS: Counter[str] = Counter()
"""Steps taken on each database, for the report of a run."""


class Crash(Exception):
    """The process stops in the middle of a transaction."""


class VoteMachine(RuleBasedStateMachine):
    """People vote, type papers in, change rules, close; the storage crashes; a model says what must be true."""

    url = ""
    forms = Bundle("forms")
    actions = Bundle("actions")

    def __init__(self) -> None:
        super().__init__()
        self.tenant = TenantId(f"slack:T{next(TENANTS)}")
        self.now = NOW
        self.keys = count(1)
        self.batch = 0
        self.closed: list[tuple[Round, Tally, str]] = []
        self._open_storage()
        with self.storage.begin() as unit:
            for person in EVERYBODY:
                known = Person(self.tenant, person, person, seen_at=NOW, role=ROLES.get(person, ""))
                unit.people.keep_person(replace(known, outsider=person == GUEST))

    def _open_storage(self) -> None:
        self.storage = SqlStorage(self.url)
        self.core: Core = build_core(self.storage, LexicalThemer())

    def teardown(self) -> None:
        self.storage.close()

    @initialize(wanted=rules, known=st.booleans())
    def open(self, wanted: Rules, known: bool) -> None:
        """A hunt with five ideas, and a vote over them."""
        self.hunt = HuntId(f"{next(self.keys):012x}")
        self.model = Model(wanted, OPTIONS, {CHIEF, GUEST, OBSERVER, *VOTERS} if known else None)
        self.batch, self.room = 0, RoomId(f"C{self.hunt}")
        with self.storage.begin() as unit:
            unit.hunts.add(
                Hunt(self.tenant, self.hunt, "?", CHIEF, NOW, phase=Phase.REVEALED, observers=frozenset({OBSERVER}))
            )
            unit.hunts.keep_room(HuntRoom(self.tenant, self.hunt, self.room))
            if known:
                unit.people.keep_members(self.tenant, self.room, self.model.members or ())
            for option in OPTIONS:
                unit.ideas.add(Idea(self.tenant, self.hunt, IdeaNumber(0), f"Idea {option}", NOW))
        self.now = NOW
        self.core.votes.open(self.asker(CHIEF), self.request(wanted), self.now)

    def asker(self, person: PersonId) -> Asker:
        return Asker(self.tenant, person)

    def request(self, wanted: Rules) -> VoteRequest:
        fields = {name: getattr(wanted, name) for name in Rules.__dataclass_fields__}
        return VoteRequest(self.hunt, **fields)

    def expect(self, refusal: type[Exception] | None, deed: Any, *rest: Any, **named: Any) -> Any:
        """Does what the model says: it works, or is refused with this class."""
        if refusal is None:
            return deed(*rest, **named)
        with pytest.raises(Refusal) as refused:
            deed(*rest, **named)
        assert isinstance(refused.value, refusal), (refused.value, refusal)
        return None

    # What voters do.

    @rule(target=actions, person=people, option=options, number=dots)
    def wish(self, person: PersonId, option: IdeaNumber, number: int) -> Any:
        action = f"{person}-{next(self.keys)}"
        return (action, *self._wish(person, option, number, action))

    @rule(old=actions)
    def wish_again(self, old: tuple[str, PersonId, IdeaNumber, int]) -> None:
        """A click that the platform delivers once more, perhaps much later."""
        action, person, option, number = old
        self._wish(person, option, number, action)

    def _wish(self, person: PersonId, option: IdeaNumber, number: int, action: str) -> tuple[Any, ...]:
        refused = self.model.wish(person, {option: number}, action, self.now)
        told = (self.asker(person), self.hunt, RoundNumber(1), option, number, action, BallotView(), self.now)
        drawn = {"NotAnOption", "BadDots", "CapReached", "NoDotsLeft"}
        if refused is not None and refused.__name__ in drawn:
            form = self.core.ballots.wish(*told)
            assert form.refused is not None
            assert form.used == sum(self.model.placed.get(person, {}).values())
        else:
            form = self.expect(refused, self.core.ballots.wish, *told)
            assert form is None or (
                form.refused is None and form.used == sum(self.model.placed.get(person, {}).values())
            )
        return person, option, number

    @rule(target=forms, person=voters)
    def look(self, person: PersonId) -> Any:
        """Opens the ballot on a device, which keeps its version."""
        form = self.expect(self.model.barred(person), self.core.ballots.ballot, self.asker(person), self.hunt, self.now)
        return multiple() if form is None else (person, form.version)

    @rule(form=forms, wishes=placings, finish=st.booleans())
    def fill(self, form: tuple[PersonId, int], wishes: Placed, finish: bool) -> None:
        """Sends a page, drawn now or long ago."""
        person, version = form
        now, asker, action = self.now, self.asker(person), f"form-{next(self.keys)}"
        view = BallotView(version=version)
        told = (asker, self.hunt, RoundNumber(1), wishes, action, now, view)
        if self.model.moved(person, version, wishes):
            answer = self.core.ballots.fill(*told, finish=finish)
            assert isinstance(answer, BallotForm)
            assert answer.refused is not None
            return
        refused = self.model.wish(person, wishes, action, now)
        if refused is not None and refused.__name__ in {"CapReached", "NoDotsLeft"}:
            refused = BadForm
        answer = self.expect(refused, self.core.ballots.fill, *told, finish=finish)
        mine = self.model.placed.get(person, {})
        if answer is not None and finish and mine:
            assert isinstance(answer, Receipt)
            assert {line.number: line.dots for line in answer.lines} == mine
            self.model.done.add(person)

    @rule(person=voters, here=st.sampled_from(OPTIONS), there=st.sampled_from(OPTIONS))
    def move(self, person: PersonId, here: IdeaNumber, there: IdeaNumber) -> None:
        """Moves every dot from one option to another, in either order of the form."""
        mine = self.model.placed.get(person, {})
        wishes = {there: min(mine.get(here, 0) + mine.get(there, 0), self.model.rules.cap), here: 0}
        if here != there:
            action = f"move-{next(self.keys)}"
            told = (self.asker(person), self.hunt, RoundNumber(1), wishes, action, self.now)
            self.expect(self.model.wish(person, wishes, action, self.now), self.core.ballots.fill, *told, finish=False)

    @rule(person=people, placed=placings)
    def cast(self, person: PersonId, placed: Placed) -> None:
        told = (self.asker(person), self.hunt, RoundNumber(1), placed, BallotView(), self.now)
        self.expect(self.model.cast_whole(person, placed, self.now), self.core.ballots.cast, *told)

    @rule(person=people)
    def validate(self, person: PersonId) -> None:
        refused = self.model.validate(person, self.now)
        answer = self.expect(
            refused, self.core.ballots.validate, self.asker(person), self.hunt, RoundNumber(1), self.now
        )
        assert answer is None or isinstance(answer, Receipt if self.model.placed.get(person) else Note)

    @rule(person=people, declined=st.booleans())
    def decline(self, person: PersonId, declined: bool) -> None:
        refused = self.model.may(person, self.now)
        told = (self.asker(person), self.hunt, RoundNumber(1), declined, self.now)
        self.expect(refused, self.core.ballots.decline, *told)
        if refused is None:
            (self.model.declined.add if declined else self.model.declined.discard)(person)

    # What facilitators do.

    @rule(papers=st.lists(placings, max_size=3), struck=st.lists(people, max_size=2, unique=True))
    def enter(self, papers: list[Placed], struck: list[PersonId]) -> None:
        typed = "\n".join(" ".join(f"{n}x{dots}" for n, dots in paper.items()) for paper in papers)
        refused = self.model.enter(self.batch + 1, papers, struck, self.now)
        told = (self.asker(CHIEF), self.hunt, RoundNumber(1), typed, struck, f"form-{next(self.keys)}", self.now)
        self.batch += self.expect(refused, self.core.papers.enter, *told) is not None

    @rule(batch=st.integers(0, 6))
    def take_back(self, batch: int) -> None:
        """A batch, one taken back already, or one that never was."""
        refused = VoteOver if self.model.over(self.now) else None
        told = (self.asker(CHIEF), self.hunt, RoundNumber(1), batch, self.now)
        note = self.expect(refused, self.core.papers.take_back, *told)
        if note is not None:
            assert note.good == (batch in self.model.batches)
            self.model.batches.pop(batch, None)

    @rule(wanted=rules, like=st.sets(st.sampled_from(sorted(Rules.__dataclass_fields__)), min_size=6))
    def change(self, wanted: Rules, like: set[str]) -> None:
        """Asks for other rules; those named in `like` stay as they are."""
        wanted = replace(wanted, **{name: getattr(self.model.rules, name) for name in like})
        refused = self.model.change(wanted, self.now)
        self.expect(refused, self.core.votes.change, self.asker(CHIEF), self.request(wanted), self.now)

    @rule(minutes=st.sampled_from((1, 5, 30)))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule()
    def join(self) -> None:
        """Somebody comes into the room."""
        if self.model.members is not None:
            self.core.people.member_joined(self.tenant, self.room, LATE)
            self.model.members.add(LATE)

    # What goes wrong.

    @rule(person=voters, option=st.sampled_from(OPTIONS), closing=st.booleans())
    def crash(self, person: PersonId, option: IdeaNumber, closing: bool) -> None:
        """The process stops before the commit, and another one starts."""
        with suppress(Crash, Refusal), self.storage.begin() as unit:
            round = unit.rounds.get(self.tenant, self.hunt, RoundNumber(1))
            if closing:
                unit.rounds.close(round, self.now)
            elif round.detached:
                unit.rounds.cast(round, person, {option: 1}, self.now)
            else:
                unit.rounds.wish(round, person, option, 1, "crash", self.now)
            raise Crash
        self.storage.close()
        self._open_storage()

    @rule(person=people)
    def crafted(self, person: PersonId) -> None:
        """Buttons of another round, of another hunt, of another workspace."""
        mine, view, one = self.asker(person), BallotView(), IdeaNumber(1)
        for number in (0, -1, 2, 10**9):
            with pytest.raises(UnknownRound):
                self.core.ballots.wish(mine, self.hunt, RoundNumber(number), one, 1, "x", view, self.now)
        for asker, hunt in ((mine, HuntId("no such hunt")), (Asker(TenantId("slack:T0"), person), self.hunt)):
            with pytest.raises(UnknownHunt):
                self.core.ballots.wish(asker, hunt, RoundNumber(1), one, 1, "x", view, self.now)

    @rule()
    def peek(self) -> None:
        """Nobody is told a total while the round is open, its facilitator included."""
        told = self.core.votes.results(self.asker(CHIEF), self.room, self.now)
        assert isinstance(told, Note)
        if not self.closed:
            assert told.facts == {"voters": len(self.model.ballots), "eligible": self.model.eligible}
        with pytest.raises(WrongPhase):
            self.core.votes.second_reading(self.asker(CHIEF), self.hunt, RoundNumber(1), self.now)
        with self.storage.look() as unit:
            round = unit.rounds.get(self.tenant, self.hunt, RoundNumber(1))
            for read in (unit.rounds.tally, unit.rounds.papers):
                with pytest.raises(WrongPhase):
                    read(round)

    # The end, and another beginning.

    @rule(wanted=rules, known=st.booleans(), by_clock=st.booleans())
    def close(self, wanted: Rules, known: bool, by_clock: bool) -> None:
        if by_clock and self.model.over(self.now):
            self.core.clock.tick(self.now)
        else:
            self.core.votes.close(self.asker(CHIEF), self.hunt, self.now)
        with self.storage.look() as unit:
            round = unit.rounds.get(self.tenant, self.hunt, RoundNumber(1))
            tally, told = unit.rounds.tally(round), unit.rounds.fingerprint(round)
            assert not round.open
            assert unit.rounds.check(round) == ()
            kept = self.model.ballots if len(self.model.ballots) >= FEW and self.model.rules.keep_days else []
            assert _bag(unit.rounds.papers(round)) == _bag(kept)
            for person in EVERYBODY:
                assert unit.rounds.ballot(round, person) == Ballot()
                assert unit.rounds.elector(round, person) == Elector()
        self._compare(tally)
        self.closed.append((round, tally, told))
        self.open(wanted, known)

    def _compare(self, tally: Tally) -> None:
        model = self.model
        assert {(r.place, r.option, r.dots, r.supporters, r.tied) for r in tally.ranks} == model.ranks()
        assert (tally.voters, tally.eligible, tally.papers) == (len(model.ballots), model.eligible, len(model.papers))
        assert tally.dots_placed == sum(dots for dots, _ in model.scores().values())
        assert tally.dots_possible == model.rules.dots * len(model.ballots)
        assert tally.quorum == model.quorum()
        assert tally.covered == model.covered(tally.winners)
        assert all(one.voters == model.covered(one.chosen) for one in tally.coverages)
        assert (tally.balanced is None) == (len(model.ballots) < FEW or model.kind is not RoundKind.MAIN)
        assert tally.balanced is None or tally.balanced.voters == model.covered(tally.balanced.chosen)
        found = {group.role: (group.voters, group.eligible, dict(group.dots)) for group in tally.groups}
        assert found == {name: group for name, group in model.groups().items() if group[0]}
        assert all(group.voters >= FEW for group in tally.groups)

    @rule(person=people, option=options, days=st.integers(0, 400))
    def late(self, person: PersonId, option: IdeaNumber, days: int) -> None:
        """Clicks on closed rounds change nothing; in time their ballots go, and all still agrees."""
        for round, tally, told in self.closed:
            asker = self.asker(person)
            with pytest.raises(VoteOver):
                self.core.ballots.wish(asker, round.hunt, RoundNumber(1), option, 1, "late", BallotView(), self.now)
            with pytest.raises(VoteOver):
                self.core.ballots.cast(asker, round.hunt, RoundNumber(1), {option: 1}, BallotView(), self.now)
            with pytest.raises(VoteOver):
                self.core.papers.take_back(self.asker(CHIEF), round.hunt, RoundNumber(1), 1, self.now)
            with self.storage.begin() as unit:
                assert unit.rounds.close(round, self.now) is None
                unit.rounds.purge(NOW + timedelta(days=days))
            with self.storage.look() as unit:
                assert unit.rounds.tally(round) == tally
                assert unit.rounds.fingerprint(round) == told
                assert unit.rounds.check(round) == ()

    @invariant()
    def agrees_with_the_model(self) -> None:
        STEPS[self.url.partition(":")[0]] += 1
        rows = self._rows()
        counted = rows["round_count"][0]
        model = self.model
        assert (counted.voters, counted.papers) == (len(model.ballots), len(model.papers))
        assert (counted.eligible, bool(counted.started)) == (model.eligible, model.started)
        ballots: dict[str, Placed] = {}
        for dot in rows["dot"]:
            placed = ballots.setdefault(dot.voter, {})
            placed[dot.option] = placed.get(dot.option, 0) + 1
        assert all(sum(placed.values()) <= model.rules.dots for placed in ballots.values())
        assert all(max(placed.values()) <= model.rules.cap for placed in ballots.values())
        assert _bag(ballots.values()) == _bag(model.ballots)
        ledger: Counter[int] = Counter()
        for entry in rows["vote_ledger"]:
            ledger[entry.option] += entry.delta
        assert {o: n for o, n in ledger.items() if n} == {o: n for o, (n, _) in model.scores().items() if n}
        self._expect_people(rows, ballots)

    def _expect_people(self, rows: dict[str, list[Any]], ballots: dict[str, Placed]) -> None:
        model = self.model
        assert len(rows["round_key"]) == (not model.detached)
        for row in rows["round_key"]:
            key = unwrapped(self.connection, row.key, row.proof)
            mine = {p: ballots.get(voter_key(key, self.tenant, p), {}) for p in EVERYBODY}
            assert mine == {p: model.placed.get(p, {}) for p in EVERYBODY}
        found = {
            r.person: (bool(r.listed), bool(r.declined), bool(r.done), bool(r.paper)) for r in rows["round_elector"]
        }
        unlisted = (False, False, False, False)
        wanted = {
            p: (p in model.listed, p in model.declined, p in model.done | model.voted, p in model.struck)
            for p in EVERYBODY
        }
        assert {p: found.get(p, unlisted) for p in EVERYBODY} == wanted

    def _rows(self) -> dict[str, list[Any]]:
        names = ("round_count", "dot", "vote_ledger", "round_key", "round_elector")
        with self.storage.look() as unit:
            self.connection = unit.rounds.connection
            run = self.connection.execute
            tables = [METADATA.tables[name] for name in names]
            here = [table.select().where(table.c.tenant == self.tenant, table.c.hunt == self.hunt) for table in tables]
            return {name: list(run(rows).all()) for name, rows in zip(names, here, strict=True)}


def _bag(ballots: Any) -> Counter[tuple[tuple[int, int], ...]]:
    return Counter(tuple(sorted((int(o), int(n)) for o, n in ballot.items())) for ballot in ballots)


@pytest.mark.slow
@pytest.mark.timeout(600)  # less than a minute where nothing else runs
def test_a_vote_and_its_model_never_differ(migrated_url: str, record_property: Any) -> None:
    machine = type("Machine", (VoteMachine,), {"url": migrated_url})
    tuned = settings(
        max_examples=12 if migrated_url.startswith("sqlite") else 6,
        stateful_step_count=50,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phases.explicit, Phases.reuse, Phases.generate),  # a long play takes minutes to shorten
        print_blob=True,
    )
    run_state_machine_as_test(machine, settings=tuned)
    record_property("steps", STEPS[migrated_url.partition(":")[0]])
